"""A worker is alive for four seconds after its last beat, and no longer."""

from __future__ import annotations

from service.context import Context
from service.store import leases
from service.store.engine import Database
from tests.conftest import Clock, as_worker


async def _beat(ctx: Context, database: Database) -> None:
    async with database.write() as session:
        await leases.beat(session, ctx.worker, ctx.now())


async def _alive(ctx: Context, database: Database) -> frozenset[str]:
    async with database.read() as session:
        return await leases.alive(session, ctx.now())


async def test_a_worker_that_stops_beating_is_dead_after_four_seconds(
    ctx: Context, database: Database, clock: Clock
) -> None:
    one, two = as_worker(ctx, "w-1"), as_worker(ctx, "w-2")
    await _beat(one, database)
    await _beat(two, database)
    clock.move(seconds=3)
    await _beat(two, database)
    assert await _alive(ctx, database) == {"w-1", "w-2"}
    clock.move(seconds=1)
    assert await _alive(ctx, database) == {"w-2"}


async def test_a_worker_that_leaves_is_gone_at_once(ctx: Context, database: Database) -> None:
    await _beat(ctx, database)
    async with database.write() as session:
        await leases.leave(session, ctx.worker)
    assert await _alive(ctx, database) == frozenset()
