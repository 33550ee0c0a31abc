"""Keeps this process's site fresh without being told: it looks at the newest publication's number every second.

In the scaled mode each machine keeps its own files, and the channel `site` may have run on another one. After a crash
between publishing and rendering it is also what repairs the site. One look costs one index read.
"""

from __future__ import annotations

import asyncio
import logging

from service.context import Context
from service.errors import QingyuanError
from service.site.render import is_stale, render_all
from service.site.serving import Site
from service.store.engine import Database

log = logging.getLogger("qingyuan.site")
EVERY = 1.0


async def keep_fresh(ctx: Context, db: Database, site: Site, every: float = EVERY) -> None:
    """Run until cancelled. Trouble with the disk or the database is logged and tried again; the old site stands."""
    while True:
        try:
            site.reload()
            if await is_stale(ctx, db, site.manifest):
                await render_all(ctx, db)
                site.reload()
        except (OSError, QingyuanError) as error:
            log.warning("the site could not be brought up to date: %s", error)
            await asyncio.sleep(5 * every)
        await asyncio.sleep(every)
