"""The first to see a connection: answers plain requests for published pages from memory, hands everything else to aiohttp.

    bytes → known request?            → the prepared answer            (one dictionary look-up, one write)
          → GET/HEAD of a page?       → prepare the answer, remember it
          → anything else             → aiohttp, which then keeps the connection; we go on counting its bytes

aiohttp's server has no deadline for a head, a body or a reader who stopped reading; this has. It never touches the
database, so published pages go on being served whatever happens behind. No access log: it would halve the rate.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from email.utils import formatdate
from http import HTTPStatus
from typing import Any, cast

from content import reach
from service.site.serving import Site
from service.web import head as heads
from service.web.answers import SECURITY, Wish, answer
from service.web.framing import Broken, Framing, TooBig, Unframed
from service.web.head import Head

MEMORY = 8_192
TICK = 0.5
NEVER = float("inf")
Prepared = tuple[bytes, bytes, bool, tuple[str, str] | None]
"""An answer parted where the date goes, whether the connection stays, and what it counts as (page and way)."""
# A remembered answer depends on the raw request alone; these headers make requests too various to remember.
_PERSONAL = (
    b"cookie",
    b"authorization",
    b"range",
    b"content-length",
    b"transfer-encoding",
    b"expect",
    b"upgrade",
)


class Limits:
    """Connections at once, and seconds: without a request, for a head, for a body, for a reader to go on."""

    def __init__(
        self,
        connections: int = 4_096,
        idle: float = 75,
        head: float = 10,
        body: float = 60,
        reader: float = 30,
    ) -> None:
        self.connections, self.idle, self.head, self.body, self.reader = connections, idle, head, body, reader


class Gate:
    """What all connections of a process share."""

    def __init__(
        self, site: Site, handler: Callable[[], Any], secure: bool = False, limits: Limits | None = None
    ) -> None:
        self.site, self.handler, self.secure = site, handler, secure
        self.limits = limits or Limits()
        self.memory: dict[bytes, Prepared] = {}
        self.generation = site.generation
        self.connections: set[Front] = set()
        self.answered: Counter[int] = Counter()
        self.hits: Counter[tuple[str, str]] = Counter()  # (page, way) → how often read; no word of who
        self.loop = asyncio.get_running_loop()
        self.date = b""
        self._timer: asyncio.TimerHandle | None = None
        self.tick()

    def tick(self) -> None:
        """Twice a second: the date, the newest site, the deadlines."""
        self.date = formatdate(usegmt=True).encode()
        self.site.reload()
        if self.site.generation != self.generation:  # others reload it too
            self.memory.clear()
            self.generation = self.site.generation
        now = self.loop.time()
        for front in [one for one in self.connections if min(one.next_input, one.next_output) < now]:
            front.expire()
        self._timer = self.loop.call_later(TICK, self.tick)

    def close(self) -> None:
        """Stop the clock and end connections that aiohttp does not answer for."""
        if self._timer is not None:
            self._timer.cancel()
        for front in [one for one in self.connections if one.delegate is None]:
            front.hang_up()

    def prepare(self, head: Head) -> Prepared | None:
        """The answer to a plain request for a page, parted where the date goes; None when it is not ours."""
        if (
            not head.plain
            or head.method not in (b"GET", b"HEAD")
            or head.length != 0
            or b"host" not in head.headers
        ):
            return None
        path, way = reach.parted(head.target.decode("latin-1"))
        stored = self.site.find(path)
        if stored is None:
            return None
        wish = Wish(
            head.headers.get(b"accept-encoding", b"").decode("latin-1"),
            head.headers.get(b"if-none-match", b"").decode("latin-1"),
            head.headers.get(b"if-modified-since", b"").decode("latin-1"),
        )
        found = answer(stored, wish, self.secure)
        stays = (
            ""
            if head.keeps_open and head.version == b"HTTP/1.1"
            else f"Connection: {'keep-alive' if head.keeps_open else 'close'}\r\n"
        )
        lines = "".join(f"{name}: {value}\r\n" for name, value in found.headers)
        start = f"HTTP/1.1 {found.status} {HTTPStatus(found.status).phrase}\r\nServer: qingyuan\r\nDate: "
        body = b"" if head.method == b"HEAD" else found.body
        read = (path, way) if found.status in (200, 304) and head.method == b"GET" else None
        return start.encode(), f"\r\n{stays}{lines}\r\n".encode() + body, head.keeps_open, read

    def remember(self, raw: bytes, head: Head, prepared: Prepared) -> None:
        """Keep the answer under the request's own bytes until the site changes."""
        if b"q=" in head.headers.get(b"accept-encoding", b"") or any(
            name in head.headers for name in _PERSONAL
        ):
            return
        if len(self.memory) >= MEMORY:
            self.memory.clear()
        self.memory[raw] = prepared


class Front(asyncio.Protocol):
    """One connection."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.transport: asyncio.Transport | None = None
        self.delegate: Any = None
        self.buffer = b""
        self.framing = Framing()
        self.next_input = gate.loop.time() + gate.limits.idle  # until then something must arrive
        self.next_output = NEVER  # until then a slow reader must have read

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        if len(self.gate.connections) >= self.gate.limits.connections:
            self.refuse(503)
            return
        self.gate.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.gate.connections.discard(self)
        if self.delegate is not None:
            self.delegate.connection_lost(exc)
        self.transport = None

    def data_received(self, data: bytes) -> None:
        if self.delegate is not None:
            self._pass_on(data)
            return
        if not self.buffer:
            known = self.gate.memory.get(data)
            if known is not None:
                self._write(known)
                return
        self._read(self.buffer + data)

    def eof_received(self) -> bool | None:
        return cast("bool | None", self.delegate.eof_received()) if self.delegate is not None else None

    def pause_writing(self) -> None:
        self.next_output = self.gate.loop.time() + self.gate.limits.reader
        if self.delegate is not None:
            self.delegate.pause_writing()

    def resume_writing(self) -> None:
        self.next_output = NEVER
        if self.delegate is not None:
            self.delegate.resume_writing()

    def _read(self, data: bytes) -> None:
        """Answer what is complete; wait for the rest of a head; hand over what is not ours."""
        while data and self.transport is not None and not self.transport.is_closing():
            end = data.find(heads.END)
            if end < 0:
                return self._wait(data)
            if end > heads.LIMIT:
                return self.refuse(431)
            raw = data[: end + 4]
            head = heads.read(raw)
            prepared = self.gate.prepare(head)
            if prepared is None:
                self.buffer = b""
                self._hand_over(data)
                return None
            if len(raw) == len(data):
                self.gate.remember(raw, head, prepared)
            data = data[end + 4 :]
            self._write(prepared)
        self.buffer = b""
        return None

    def _wait(self, data: bytes) -> None:
        if len(data) > heads.LIMIT:
            return self.refuse(431)
        if not self.buffer:
            self.next_input = self.gate.loop.time() + self.gate.limits.head
        self.buffer = data
        return None

    def _write(self, prepared: Prepared) -> None:
        before, after, stays, read = prepared
        gate = self.gate
        self.next_input = gate.loop.time() + gate.limits.idle
        if self.transport is None:
            return
        self.transport.write(before + gate.date + after)
        if read is not None:
            gate.hits[read] += 1
        gate.answered[int(before[9:12])] += 1
        if not stays:
            self.transport.close()

    def _hand_over(self, data: bytes) -> None:
        self.next_input = NEVER  # from here on aiohttp ends idle connections
        self.delegate = self.gate.handler()
        self.delegate.connection_made(self.transport)
        self._pass_on(data)

    def _pass_on(self, data: bytes) -> None:
        """Give aiohttp whole heads and counted bodies; keep the deadlines that it does not have."""
        try:
            ready, state = self.framing.feed(data)
        except TooBig:
            return self.refuse(431)
        except Unframed:
            return self.refuse(411)
        except Broken:
            return self.refuse(400)
        limits = self.gate.limits
        if state != self.framing.before:
            seconds = {"head": limits.head, "body": limits.body}.get(state, NEVER)
            self.next_input = self.gate.loop.time() + seconds
        if ready and self.delegate is not None:
            self.delegate.data_received(ready)
        return None

    def expire(self) -> None:
        """The deadline has passed: say so if a request was half sent, and hang up."""
        if self.buffer and self.next_output is NEVER:
            self.refuse(408)
        else:
            self.hang_up()

    def hang_up(self) -> None:
        """End the connection at once; a reader who does not read gets nothing more."""
        if self.transport is not None:
            self.transport.abort()

    def refuse(self, status: int) -> None:
        """A short answer, then the end."""
        if self.transport is None:
            return
        self.gate.answered[status] += 1
        lines = "".join(f"{name}: {value}\r\n" for name, value in SECURITY)
        retry = "Retry-After: 5\r\n" if status == 503 else ""
        text = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Length: 0\r\nConnection: close\r\n{retry}{lines}\r\n"
        self.transport.write(text.encode())
        self.transport.close()
