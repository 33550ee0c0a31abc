"""The head of an HTTP/1.1 request, read just far enough to know whose it is and where it ends. Pure.

Anything unusual is no error here: it is left to aiohttp, whose parser is the real one. Only what would let a client hold a
connection without a deadline is refused.
"""

from __future__ import annotations

from dataclasses import dataclass

END = b"\r\n\r\n"
LIMIT = 16 * 1024
_SINGLE = frozenset(
    (b"host", b"content-length", b"if-none-match", b"if-modified-since", b"accept-encoding", b"connection")
)


@dataclass(frozen=True)
class Head:
    """Method, target and headers (names in lower case). `plain`: well-formed, each header of interest once.

    `broken`: no HTTP at all, or a target with bytes that belong into no address.
    """

    method: bytes
    target: bytes
    version: bytes
    headers: dict[bytes, bytes]
    plain: bool
    broken: bool = False

    @property
    def length(self) -> int | None:
        """The size of the body: 0 without one, None when it cannot be known beforehand."""
        if b"transfer-encoding" in self.headers:
            return None
        value = self.headers.get(b"content-length", b"0")
        return int(value) if value.isdigit() and len(value) < 16 else None

    @property
    def keeps_open(self) -> bool:
        """Whether the client wants another request on this connection."""
        wanted = self.headers.get(b"connection", b"").lower()
        return wanted != b"close" if self.version == b"HTTP/1.1" else wanted == b"keep-alive"


def read(raw: bytes) -> Head:
    """Read a head that ends in an empty line."""
    first, *rest = raw[: -len(END)].split(b"\r\n")
    parts = first.split(b" ")
    headers: dict[bytes, bytes] = {}
    broken = len(parts) != 3 or parts[2] not in (b"HTTP/1.1", b"HTTP/1.0") or not _address(parts[1])
    plain = not broken
    for line in rest:
        name, colon, value = line.partition(b":")
        key = name.lower()
        broken = broken or not colon or not name
        if name.strip() != name or (key in headers and key in _SINGLE):
            plain = False
        headers[key] = value.strip(b" \t")
    method, target, version = parts if len(parts) == 3 else (parts[0], b"", b"")
    return Head(method, target, version, headers, plain and not broken, broken)


def _address(target: bytes) -> bool:
    return target.isascii() and target.decode("ascii").isprintable() and target != b""
