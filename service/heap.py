"""Give memory that was freed back to the machine.

Reading a hundred thousand claims leaves some 50 MiB of holes in glibc's heap that it keeps for later; a worker has no
later use for them. Elsewhere than on glibc this does nothing. Does not free anything that is in use.
"""

from __future__ import annotations

import ctypes


def give_back() -> bool:
    """Ask the C library to return free memory; whether it could be asked. Takes some milliseconds."""
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (OSError, AttributeError):
        return False
    return True
