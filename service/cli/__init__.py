"""The command line. `commands` names every command and where it is; nothing is imported until it is asked for.

Exit codes: 0 good, 1 failed, 2 bad arguments or settings, 3 the database needs `qingyuan migrate`.
"""
