"""The jobs themselves: each does what is due now and says how much that was. Rules and claims are in the use cases."""

from __future__ import annotations

from service.house import House
from service.store import leases
from service.usecases import (
    ageing,
    assignments,
    copies,
    drifting,
    machine_drafts,
    notifying,
    polling,
    retention,
    scheduling,
    shelf_life,
    tip_letters,
)
from service.usecases import alarms as alarming
from service.usecases import deliver as delivering
from service.usecases import triage as triaging


async def poll(house: House) -> int:
    """Poll the sources that are due; the number of new and changed stories."""
    report = await polling.poll_due(house.ctx, house.db, house.part("feed_door"))
    return report.new + report.changed


async def triage(house: House) -> int:
    """Assess what came in and put it before the editors; the number of items."""
    memory = house.parts.get("triage_memory")
    return await triaging.triage_pending(house.ctx, house.db, house.assessors, memory=memory)


async def deliver(house: House) -> int:
    """Send what is due; the number of tries."""
    return await delivering.deliver_due(house.ctx, house.db, house.part("outlets"))


async def release(house: House) -> int:
    """Publish what was scheduled for now."""
    return await scheduling.release_due(house.ctx, house.db)


async def alarms(house: House) -> int:
    """Say of clocks that they run out; 0, for no more will follow at once."""
    await alarming.look(house.ctx, house.db, house.parts.get("outlets"))
    return 0


async def look(house: House) -> int:
    """Look at the sources of texts and keep what they say."""
    return await copies.look_due(house.ctx, house.db, house.part("source_door"))


async def review(house: House) -> int:
    """Tell the desk which published texts are to be looked at again."""
    return await shelf_life.ask_due(house.ctx, house.db)


async def write(house: House) -> int:
    """Write to those who asked what has come of it."""
    return await tip_letters.send_due(house.ctx, house.db)


async def draft(house: House) -> int:
    """Get the drafts that editors asked the language model for."""
    return await machine_drafts.work_due(house.ctx, house.db, house.part("drafter"))


async def expire(house: House) -> int:
    """Offers that nobody answered go to the next expert; the number of them."""
    return await assignments.expire_due(house.ctx, house.db)


async def remind(house: House) -> int:
    """Remind experts of what is nearly due; 0, for no more will follow at once."""
    await assignments.remind_due(house.ctx, house.db)
    return 0


async def tell(house: House) -> int:
    """Tell experts what waits for them, where this process has ways out; 0, for what waits on is not due yet."""
    if (outlets := house.parts.get("outlets")) is not None:
        await notifying.tell(house.ctx, house.db, outlets)
    return 0


async def sweep(house: House) -> int:
    """Take back what dead workers held."""
    return await polling.recover(house.ctx, house.db) + await delivering.recover(house.ctx, house.db)


async def drift(house: House) -> int:
    """Look once a day whether what comes in moves away from the model."""
    return await drifting.look(house.ctx, house.db)


async def tidy(house: House) -> int:
    """Delete what has been kept long enough."""
    async with house.db.write() as session:
        await leases.forget_dead(session, house.ctx.now())
    aged = await ageing.age_out(house.ctx, house.db)
    return aged + (await retention.purge(house.ctx, house.db)).rows
