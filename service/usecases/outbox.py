"""What people decide about deliveries: what became of an uncertain one, whether to send again, what to call off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.delivery import Attempt, Delivery
from content.delivery_states import DELIVERY, DeliveryEvent
from content.errors import IllegalTransition
from content.handover import looked_at, under_way
from content.outbox import may_resend
from content.permissions import Actor, require
from content.publications import Publication
from service.context import Context
from service.store import audit, deliveries, publications
from service.store.notify import announce


@dataclass(frozen=True)
class DeliveryPage:
    """One delivery with all that is known of it. `blocked_by_newer`: sending it again would come after a newer version."""

    delivery: Delivery
    attempts: Sequence[Attempt]
    publication: Publication
    blocked_by_newer: bool


async def resolve(
    ctx: Context, session: AsyncSession, delivery_id: UUID, outcome: Literal["sent", "resend"], by: Actor
) -> Delivery:
    """A person has looked: the other side has it (`sent`), or it has not and gets it again (`resend`)."""
    require(by, "delivery.resolve")
    if outcome == "resend":
        return await resend(ctx, session, delivery_id, by)
    delivery = await deliveries.load(session, delivery_id)
    return await _decide(ctx, session, delivery, DeliveryEvent.CONFIRM, by)


async def resend(ctx: Context, session: AsyncSession, delivery_id: UUID, by: Actor) -> Delivery:
    """Send a failed or uncertain delivery again. Refused when a newer version of it has gone to that channel."""
    require(by, "delivery.resolve")
    delivery = await deliveries.load(session, delivery_id)
    await deliveries.lock_channel(session, delivery.channel_id)
    if not may_resend(delivery, await deliveries.same_channel(session, delivery)):
        DELIVERY.next(delivery.state, DeliveryEvent.RESEND)
        raise IllegalTransition("a newer version has gone there", subject="delivery", state=delivery.state)
    return await _decide(ctx, session, delivery, DeliveryEvent.RESEND, by)


async def cancel(
    ctx: Context, session: AsyncSession, delivery_id: UUID, by: Actor, reason: str = ""
) -> Delivery:
    """Call off what has not been sent yet."""
    require(by, "delivery.resolve")
    delivery = await deliveries.load(session, delivery_id)
    if under_way(delivery.stage):
        raise IllegalTransition("the other side has it already", subject="delivery", state=delivery.state)
    return await _decide(ctx, session, delivery, DeliveryEvent.CANCEL, by, reason)


async def _decide(
    ctx: Context, session: AsyncSession, delivery: Delivery, event: DeliveryEvent, by: Actor, reason: str = ""
) -> Delivery:
    before = delivery.state
    to = DELIVERY.next(before, event)
    changes: dict[str, Any] = {"resolved_by": by.id, "next_attempt_at": ctx.now()}
    if event is DeliveryEvent.RESEND:
        changes["attempts"] = 0  # the tries begin anew; the attempts made stay in their log
        changes["stage"] = looked_at(delivery.stage)
    await deliveries.move(session, delivery, ctx, to, **changes)
    await announce(session, "deliveries", str(delivery.id))
    state = {"state": to, "channel": delivery.channel_name, "public_id": delivery.public_id}
    act = f"delivery.{event}"
    await audit.record(ctx, session, by, act, "delivery", delivery.id, {"state": before}, state, reason)
    return delivery


async def page(session: AsyncSession, delivery_id: UUID) -> DeliveryPage:
    """One delivery, its attempts and what it carries."""
    delivery = await deliveries.load(session, delivery_id)
    others = await deliveries.same_channel(session, delivery)
    return DeliveryPage(
        delivery=delivery,
        attempts=await deliveries.attempts(session, delivery_id),
        publication=await publications.load(session, delivery.publication_id),
        blocked_by_newer=not may_resend(delivery, others)
        and DELIVERY.allows(delivery.state, DeliveryEvent.RESEND),
    )


async def titles(session: AsyncSession, rows: Sequence[Delivery]) -> dict[UUID, str]:
    """The titles as they were sent, by the id of the publication."""
    wanted = {row.publication_id for row in rows}
    found = (await session.exec(select(Publication).where(col(Publication.id).in_(wanted)))).all()
    return {one.id: str(one.snapshot["body"].get("title", "")) for one in found}


async def listing(
    session: AsyncSession,
    states: Sequence[str] = deliveries.NEEDS_PERSON,
    channel_id: UUID | None = None,
    before: Delivery | None = None,
    limit: int = 50,
) -> Sequence[Delivery]:
    """Deliveries in these states, newest first; by default those that need a person."""
    return await deliveries.listing(session, states, channel_id, before, limit)
