"""The web part of a process: the front answers published pages, aiohttp everything else, on one port."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from aiohttp import web

from service.house import House
from service.site.serving import Site
from service.usecases import reach
from service.web import listen
from service.web.app import make_app

LAST_REQUESTS = 4.0  # seconds


@asynccontextmanager
async def listening(house: House, extra: Sequence[web.RouteDef] = ()) -> AsyncIterator[None]:
    """Serve until the block ends; `extra` routes stand before the public site's. Raises BadSetting for a taken address."""
    settings = house.ctx.settings
    site: Site = house.part("site")
    secure = settings.public_url.startswith("https://")
    app = make_app(house, extra)
    async with listen.listening(
        app, site, settings.host, settings.port, secure=secure, drain=LAST_REQUESTS
    ) as front:
        counting = asyncio.create_task(reach.keep_on(house.ctx, house.db, front.gate.hits))
        try:
            yield
        finally:
            counting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await counting
