"""A port for one test alone: never one that the system hands out to somebody else in the meantime."""

from __future__ import annotations

import fcntl
import os
import socket
import tempfile
from pathlib import Path

# Below every system's ephemeral range (Linux begins at 32768): a port from `bind(0)` that is given
# back is soon another test's listener, or the near end of anybody's connection.
FIRST, LAST = 20_000, 31_999
_TAKEN = Path(tempfile.gettempdir()) / f"qingyuan-test-ports-{os.getuid()}"


def free_port() -> int:
    """The next port of the range that nobody has; test processes beside this one get others."""
    with _TAKEN.open("a+") as taken:
        fcntl.flock(taken, fcntl.LOCK_EX)
        taken.seek(0)
        port = _free_after(int(taken.read() or LAST))
        taken.truncate(0)
        taken.write(str(port))
    return port


def _free_after(last: int) -> int:
    for step in range(LAST - FIRST + 1):
        port = FIRST + (last + 1 + step - FIRST) % (LAST - FIRST + 1)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError(f"no port is free between {FIRST} and {LAST}")
