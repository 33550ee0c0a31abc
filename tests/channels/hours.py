"""Time going by until nothing more happens, and what became of a page on one channel."""

from __future__ import annotations

from content.delivery import Delivery
from service.channels.outlets import Outlets
from service.context import Context
from service.store import deliveries
from service.store.engine import Database
from service.usecases import deliver
from tests.conftest import Clock


async def settle(ctx: Context, db: Database, out: Outlets, clock: Clock, rounds: int = 12) -> None:
    """Let hours go by."""
    for _ in range(rounds):
        await deliver.deliver_due(ctx, db, out)
        clock.move(minutes=61)
    await deliver.deliver_due(ctx, db, out)


async def rows(db: Database, public_id: str, name: str) -> list[Delivery]:
    """The deliveries of all versions on the channel of this name, in order."""
    async with db.read() as session:
        found = await deliveries.of_publication(session, public_id)
    return [d for d in found if d.channel_name == name]
