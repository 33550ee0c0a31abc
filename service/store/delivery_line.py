"""Who is next in a channel's line, without reading the whole line.

    deliveries past their time        all of them: they are given up at this claim, and are gone at the next
    one that is being sent            it holds everything else
    the first that goes or holds up   of the heads of all public ids, in the order of `content.outbox`

`outbox.plan` of these says what it would say of the whole line; a channel that was down for days has ten thousand waiting.
Does not decide and changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.delivery import Delivery
from content.delivery_states import DeliveryState
from content.handover import under_way
from content.outbox import PATIENCE, READY, SET_BACK, UNFINISHED
from content.publications import PublicationType

_LATER = 1_000_000_000  # more than any priority: what is new goes behind what puts something right


def due(now: datetime) -> ColumnElement[bool]:
    """Whether a delivery that is ready may be tried now: `outbox.is_due`."""
    next_, written = col(Delivery.next_attempt_at), col(Delivery.updated_at)
    set_back = and_(col(Delivery.state) == DeliveryState.WAITING, written > now + SET_BACK)
    return or_(next_ <= now, next_ <= written, set_back)


async def deciding(session: AsyncSession, channel_id: UUID, now: datetime) -> list[Delivery]:
    """The deliveries of a channel that decide what it does now."""
    ready = col(Delivery.state).in_(READY)
    late = await _some(session, channel_id, ready, col(Delivery.expires_at) <= now)
    followed = {one.id for one in late if under_way(one.stage)}
    over = [one for one in late if one.id not in followed]
    sending = await _some(session, channel_id, col(Delivery.state) == DeliveryState.SENDING)
    if sending:
        return [*over, *sending]
    alive = or_(
        col(Delivery.expires_at).is_(None),
        col(Delivery.expires_at) > now,
        ~ready,
        col(Delivery.id).in_(followed),
    )
    return [*over, *await _first(session, channel_id, alive, now)]


async def _first(
    session: AsyncSession, channel_id: UUID, alive: ColumnElement[bool], now: datetime
) -> Sequence[Delivery]:
    """Of the first of each public id the one that goes, or that holds the channel because it has failed a few times."""
    same = col(Delivery.public_id)
    place = func.row_number().over(partition_by=same, order_by=col(Delivery.sequence))
    rank = case((col(Delivery.type) == PublicationType.PUBLISH, _LATER), else_=0) - col(Delivery.priority)
    holds = and_(col(Delivery.attempts) > 0, col(Delivery.attempts) < PATIENCE)
    counts = and_(col(Delivery.state).in_(READY), or_(due(now), holds))
    heads = (
        select(Delivery.id, Delivery.sequence)
        .add_columns(place.label("place"), func.min(rank).over(partition_by=same).label("urgency"))
        .add_columns(counts.label("counts"))
        .where(col(Delivery.channel_id) == channel_id, col(Delivery.state).in_(UNFINISHED), alive)
        .subquery()
    )
    of = heads.c
    chosen = select(of.id).where(of.place == 1, of.counts).order_by(of.urgency, of.sequence).limit(1)
    query = select(Delivery).where(col(Delivery.id).in_(chosen))
    return (await session.exec(query.execution_options(populate_existing=True))).all()


async def _some(session: AsyncSession, channel_id: UUID, *which: ColumnElement[bool]) -> Sequence[Delivery]:
    query = select(Delivery).where(col(Delivery.channel_id) == channel_id, *which)
    query = query.order_by(col(Delivery.sequence)).execution_options(populate_existing=True)
    return (await session.exec(query)).all()
