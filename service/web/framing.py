"""Where requests begin and end in a stream of bytes, so that each part can have its deadline. Pure; passes bytes unchanged.

Gives on a head only when it is complete, and a body as it comes. A body without a length is refused (411): nobody could
say when it is late, and no browser sends one.
"""

from __future__ import annotations

from service.web import head as heads


class TooBig(Exception):
    """The head is longer than any honest one."""


class Unframed(Exception):
    """The body's length is not said, or said twice."""


class Broken(Exception):
    """This is no request."""


class Framing:
    """The state of one connection: `ready` (between requests), `head` (one is half here) or `body`."""

    def __init__(self) -> None:
        self.state = "ready"
        self.before = "ready"  # the state before the last `feed`
        self._buffer = b""
        self._left = 0

    def feed(self, data: bytes) -> tuple[bytes, str]:
        """(bytes that may go on, state now). Raises TooBig, Unframed or Broken."""
        self.before = self.state
        ready: list[bytes] = []
        data = self._buffer + data
        self._buffer = b""
        while data:
            if self._left:
                ready.append(data[: self._left])
                data, self._left = data[self._left :], self._left - len(ready[-1])
                continue
            end = data.find(heads.END)
            if (len(data) if end < 0 else end) > heads.LIMIT:
                raise TooBig
            if end < 0:
                self._buffer, data = data, b""
                continue
            head = heads.read(data[: end + 4])
            if head.broken:
                raise Broken
            if head.length is None:
                raise Unframed
            self._left = head.length
            ready.append(data[: end + 4])
            data = data[end + 4 :]
        self.state = "body" if self._left else "head" if self._buffer else "ready"
        return b"".join(ready), self.state
