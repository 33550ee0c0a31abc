"""Listening: the front protocol before an aiohttp application, on one address, until the block ends.

Uses aiohttp's public parts only (`web.AppRunner`, whose server makes one protocol a connection).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from service.errors import BadSetting
from service.site.serving import Site
from service.web.front import Front, Gate, Limits

BACKLOG = 1_024
KEEP_ALIVE = 75.0


@dataclass(frozen=True)
class Listening:
    """Where the process can be reached, and the counts of its front."""

    host: str
    port: int
    gate: Gate


@asynccontextmanager
async def listening(
    app: web.Application,
    site: Site,
    host: str,
    port: int,
    *,
    secure: bool = False,
    limits: Limits | None = None,
    drain: float = 15.0,
) -> AsyncIterator[Listening]:
    """Serve while the block runs; afterwards take no new connection and give running requests `drain` seconds.

    Port 0 takes a free one. Raises BadSetting when the address is taken or not ours.
    """
    runner = web.AppRunner(
        app, access_log=None, keepalive_timeout=KEEP_ALIVE, shutdown_timeout=drain, handle_signals=False
    )
    await runner.setup()
    gate = Gate(site, runner.server or _no_server, secure, limits)
    try:
        server = await _server(gate, host, port)
        try:
            yield Listening(host, server.sockets[0].getsockname()[1], gate)
        finally:
            server.close()
            gate.close()
    finally:
        await runner.cleanup()


async def _server(gate: Gate, host: str, port: int) -> asyncio.Server:
    try:
        return await asyncio.get_running_loop().create_server(
            lambda: Front(gate), host, port, backlog=BACKLOG
        )
    except OSError as error:
        raise BadSetting(f"cannot listen on {host}:{port}: {error.strerror or error}") from None


def _no_server() -> None:
    raise RuntimeError("the application has no server: AppRunner.setup was not run")
