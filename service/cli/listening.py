"""The web part of a process: the front answers published pages, aiohttp everything else, on one port."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from aiohttp import web

from service.errors import QingyuanError
from service.house import House
from service.site.serving import Site
from service.web.app import make_app
from service.web.front import Front, Gate

LAST_REQUESTS = 4.0  # seconds


class CannotListen(QingyuanError):
    """The address is in use or not allowed."""

    type = "cannot_listen"


@asynccontextmanager
async def listening(house: House, extra: Sequence[web.RouteDef] = ()) -> AsyncIterator[None]:
    """Serve until the block ends; `extra` routes stand before the public site's."""
    settings, loop = house.ctx.settings, asyncio.get_running_loop()
    site: Site = house.parts["site"]
    runner = web.AppRunner(make_app(house, extra), access_log=None, shutdown_timeout=LAST_REQUESTS)
    await runner.setup()
    assert runner.server is not None
    gate = Gate(site, runner.server, secure=settings.public_url.startswith("https://"))
    try:
        server = await loop.create_server(
            lambda: Front(gate), settings.host, settings.port, reuse_address=True
        )
    except OSError as error:
        await _end(runner, gate)
        raise CannotListen(f"cannot listen on {settings.host}:{settings.port}: {error.strerror}") from None
    try:
        yield
    finally:
        server.close()
        await _end(runner, gate)


async def _end(runner: web.AppRunner, gate: Gate) -> None:
    gate.close()
    await runner.cleanup()
