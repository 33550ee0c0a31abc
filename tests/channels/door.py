"""A door before a service: shut, crowded, slamming or unlocked. What happens before a request is read."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Door:
    """Listens on `port`; what comes through goes on to `behind`."""

    def __init__(self, port: int) -> None:
        self.port, self.behind, self.slams = port, 0, 0
        self._server: asyncio.Server | None = None

    async def unlock(self) -> None:
        """Open it; the next `slams` callers are thrown out before they have said a word."""
        self._server = await asyncio.start_server(self._let_in, "127.0.0.1", self.port)

    async def lock(self) -> None:
        """Nobody listens any more."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def _let_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.slams:
            self.slams -= 1
            writer.transport.abort()
            return
        on_reader, on_writer = await asyncio.open_connection("127.0.0.1", self.behind)
        await asyncio.gather(_pipe(reader, on_writer), _pipe(on_reader, writer))


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def crowd(port: int) -> AsyncIterator[None]:
    """So many wait before the door that nobody else gets to it: connecting takes for ever."""
    with contextlib.ExitStack() as stack:
        full = stack.enter_context(socket.socket())
        full.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        full.bind(("127.0.0.1", port))
        full.listen(0)
        for _ in range(3):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                waiting.connect(("127.0.0.1", port))
        yield
