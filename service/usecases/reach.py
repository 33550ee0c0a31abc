"""Keeping what the front of this process has counted: once a minute, and once more when it stops.

A process that is killed loses the counts of its last minute at most, and never counts anything twice: what a failed write
did not keep goes back to the counter.
"""

from __future__ import annotations

import asyncio
from collections import Counter

import structlog

from content import reach
from content.reach import Read
from service.context import Context
from service.errors import QingyuanError
from service.store import reach as store
from service.store.engine import Database
from service.usecases import city_facts

EVERY = 60.0
log = structlog.get_logger()
Hits = Counter[tuple[str, str]]
"""(address, way) → answers sent. Addresses are those of the site only, so it stays small."""


async def keep(ctx: Context, db: Database, hits: Hits) -> int:
    """Move the counts to the store under today's date in the city; how many reads that were."""
    taken = dict(hits)
    counts: Counter[Read] = Counter()
    for (path, way), count in taken.items():
        if (read := reach.read(path, way)) is not None:
            counts[read] += count
    hits.clear()  # nothing else runs between the copy and this
    if not counts:
        return 0
    try:
        async with db.write() as session:
            await store.add(session, ctx.now().astimezone(city_facts.zone(ctx)).date(), counts)
    except QingyuanError:
        hits.update(taken)
        raise
    return counts.total()


async def keep_on(ctx: Context, db: Database, hits: Hits, every: float = EVERY) -> None:
    """Run until cancelled; the last counts are kept then too."""
    try:
        while True:
            await asyncio.sleep(every)
            await _try(ctx, db, hits)
    finally:
        await _try(ctx, db, hits)


async def _try(ctx: Context, db: Database, hits: Hits) -> None:
    try:
        await keep(ctx, db, hits)
    except QingyuanError as error:
        log.warning("reach_not_kept", error=error.type)
