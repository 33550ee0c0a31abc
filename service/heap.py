"""What a process that stays does for its memory: freed memory goes back, what stays is not looked through again and again.

Reading a hundred thousand claims leaves some 50 MiB of holes in glibc's heap that it keeps for later; a worker has no
later use for them. Elsewhere than on glibc `give_back` does nothing. Does not free anything that is in use.
"""

from __future__ import annotations

import ctypes
import gc


def settle() -> None:
    """Once, when everything is loaded: what is alive stays for ever, so the collector need not visit it any more.

    Modules, classes, tables: a few hundred thousand objects, which every full collection went through while stories came
    in. They are still freed when the last reference goes; only a cycle among them is not found. Garbage is collected first.
    """
    gc.collect()
    gc.freeze()


def give_back() -> bool:
    """Ask the C library to return free memory; whether it could be asked. Takes some milliseconds."""
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (OSError, AttributeError):
        return False
    return True
