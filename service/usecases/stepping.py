"""One try of a delivery on a channel, whatever kind it is; of one that works in steps, each step is kept at once.

Does not claim, mark or order: `service.usecases.deliver` does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from content.delivery import Delivery
from content.delivery_states import DeliveryState
from content.messages import Message
from service import crash
from service.channels.errors import Temporary
from service.channels.protocol import OutChannel, Sent, Stage, Stepped
from service.context import Context
from service.errors import Conflict, Unavailable
from service.store import deliveries
from service.store.engine import Database

KEEP_TRIES = 5


async def hand_over(
    ctx: Context, db: Database, adapter: OutChannel, delivery: Delivery, message: Message
) -> Sent:
    """Let the channel say it. Raises what the channel raises."""
    if not isinstance(adapter, Stepped):
        return await adapter.send(message, message.key)
    async with db.read() as session:
        fresh = await deliveries.load(session, delivery.id)
        others = await deliveries.same_channel(session, delivery)
    earlier = [d for d in others if d.sequence < delivery.sequence and d.state == DeliveryState.SENT]
    names = tuple(d.remote_id for d in earlier if d.remote_id)
    stage = Stage(dict(fresh.stage), names, _keeper(ctx, db, delivery))
    return await adapter.send_on(message, message.key, stage)


def _keeper(ctx: Context, db: Database, delivery: Delivery) -> Callable[[Mapping[str, Any]], Awaitable[None]]:
    """Writes a step down, durably, if the delivery is still ours."""

    async def keep(kept: Mapping[str, Any]) -> None:
        for made in range(KEEP_TRIES):
            try:
                async with db.write() as session:
                    await deliveries.keep_stage(session, delivery, dict(kept))
                crash.point("deliver.after_step")
                return
            except Unavailable:
                await asyncio.sleep(min(0.2 * 2**made, 2))
            except Conflict as error:
                raise Temporary("taken_from_us") from error
        raise Temporary("not_kept")

    return keep
