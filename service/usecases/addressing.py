"""Which channels get a version: rows of the outbox, written in the transaction that publishes.

    publish   every enabled channel whose routing matches; in place of a holding statement, also where that went
    correct   every channel that the public id goes to, even one that is switched off now
    retract   the same; but where it certainly has not gone out yet it is called off instead: nothing known to be wrong is
              sent, and nobody is told to forget what they never heard

Sends nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from content import routing
from content.delivery import Delivery
from content.delivery_states import DELIVERY, DeliveryEvent
from content.delivery_states import DeliveryState as State
from content.outbox import surely_unsent
from content.pieces import PieceKind
from content.publications import Publication, PublicationType
from content.publishing import priority
from content.routing import SITE, Outlet
from content.warnings import expires_at
from service.context import Context
from service.store import channels, deliveries
from service.store.tables.channels import Channel
from service.usecases.speaking import house


async def address(ctx: Context, session: AsyncSession, publication: Publication) -> Sequence[Delivery]:
    """Write one pending delivery a channel."""
    if not publication.exercise:
        await channels.site(ctx, session)
    everything = await channels.listing(session)
    before = await deliveries.of_publication(session, publication.public_id)
    if publication.type == PublicationType.RETRACT:
        reached = await _call_off(ctx, session, publication.public_id, before)
    else:
        reached = {d.channel_id for d in before if d.state not in (State.CANCELLED, State.EXPIRED)}
    fresh = publication.type == PublicationType.PUBLISH
    rows = [
        _delivery(ctx, publication, channel)
        for channel in everything
        if channel.id in reached or (fresh and routing.takes(_outlet(channel), publication))
    ]
    session.add_all(rows)
    await session.flush()
    return rows


async def _call_off(
    ctx: Context, session: AsyncSession, public_id: str, before: Sequence[Delivery]
) -> set[UUID]:
    """Cancel what is withdrawn before it went out. The channels that may have it, and so must hear of the retraction."""
    kinds = {}
    for channel_id in sorted({d.channel_id for d in before}):
        kinds[channel_id] = (
            await deliveries.lock_channel(session, channel_id)
        ).kind  # nobody claims meanwhile
    outcomes = await deliveries.outcomes(session, public_id)
    reached = {channel_id for channel_id, kind in kinds.items() if kind == SITE}
    waiting = await deliveries.of_publication(session, public_id)
    reached |= {d.channel_id for d in waiting if not surely_unsent(d, outcomes.get(d.id, ()))}
    for delivery in waiting:
        if delivery.channel_id not in reached and DELIVERY.allows(delivery.state, DeliveryEvent.CANCEL):
            to = DELIVERY.next(delivery.state, DeliveryEvent.CANCEL)
            await deliveries.move(session, delivery, ctx, to, error="withdrawn_before_sending")
    return reached


def _outlet(channel: Channel) -> Outlet:
    return Outlet(channel.kind, channel.settings, channel.enabled)


def _delivery(ctx: Context, publication: Publication, channel: Channel) -> Delivery:
    now, urgency = ctx.now(), priority(publication)
    zone = house(ctx).zone
    return Delivery(
        id=ctx.new_id(),
        publication_id=publication.id,
        public_id=publication.public_id,
        sequence=publication.sequence,
        type=publication.type,
        channel_id=channel.id,
        channel_name=channel.name,
        priority=urgency,
        next_attempt_at=routing.not_before(_outlet(channel), publication, urgency, now, zone),
        expires_at=_expiry(publication, channel, zone),
        created_at=now,
        updated_at=now,
    )


def _expiry(publication: Publication, channel: Channel, zone: tzinfo) -> datetime | None:
    """The end of the last day on which the text holds; of a warning the minute that its issuer says.

    Our own site, corrections and retractions never expire; an updated warning does.
    """
    if channel.kind == SITE or publication.type == PublicationType.RETRACT:
        return None
    body = publication.snapshot["body"]
    if publication.snapshot["kind"] == PieceKind.WARNING and (ends := expires_at(body)):
        return ends
    until = body.get("valid_until")
    if not until or publication.type != PublicationType.PUBLISH:
        return None
    return datetime.combine(date.fromisoformat(until) + timedelta(days=1), time(), tzinfo=zone)
