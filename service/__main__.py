"""`qingyuan` and `python -m service`."""

from __future__ import annotations

import io
import sys

BAD, NEEDS_MIGRATION = 2, 3


def main() -> None:
    """Run the command in `sys.argv`. What goes wrong knowingly is one line on stderr and an exit code."""
    from service.cli.commands import build

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(
                errors="backslashreplace"
            )  # a terminal that lacks a character shows its number
    try:
        build(sys.argv[1:])(prog_name="qingyuan")
    except Exception as error:
        code = exit_code(error)
        if code is None:
            raise
        sys.stderr.write(f"qingyuan: {error}\n")
        raise SystemExit(code) from None


def exit_code(error: Exception) -> int | None:
    """The exit code for an error of ours (they all have a `type`), or None for anything else."""
    kind = getattr(error, "type", None)
    if not isinstance(kind, str):
        return None
    return {"bad_setting": BAD, "invalid": BAD, "needs_migration": NEEDS_MIGRATION}.get(kind, 1)


if __name__ == "__main__":
    main()
