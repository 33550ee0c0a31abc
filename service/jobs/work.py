"""The jobs themselves: each does what is due now and says how much that was. Rules and claims are in the use cases."""

from __future__ import annotations

from service.house import House
from service.store import leases
from service.usecases import deliver as delivering
from service.usecases import polling, retention


async def poll(house: House) -> int:
    """Poll the sources that are due; the number of new and changed stories."""
    report = await polling.poll_due(house.ctx, house.db, house.parts["feed_door"])
    return report.new + report.changed


async def triage(house: House) -> int:
    """Assess what came in and put it before the editors; the number of items."""
    from service.usecases import triage as triaging

    return await triaging.triage_pending(house.ctx, house.db, house.assessors)


async def deliver(house: House) -> int:
    """Send what is due; the number of tries."""
    return await delivering.deliver_due(house.ctx, house.db, house.parts["outlets"])


async def expire(house: House) -> int:
    """Offers that nobody answered go to the next expert; the number of them."""
    from service.usecases import assignments

    return await assignments.expire_due(house.ctx, house.db)


async def sweep(house: House) -> int:
    """Take back what dead workers held."""
    return await polling.recover(house.ctx, house.db) + await delivering.recover(house.ctx, house.db)


async def tidy(house: House) -> int:
    """Delete what has been kept long enough."""
    async with house.db.write() as session:
        await leases.forget_dead(session, house.ctx.now())
    return (await retention.purge(house.ctx, house.db)).rows
