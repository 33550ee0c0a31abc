"""Deliveries and their attempts: the outbox. Rows in, rows out; the order is decided in `content.outbox`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.delivery import Attempt, Delivery
from content.delivery_states import DeliveryState
from content.outbox import READY
from service.context import Context
from service.errors import Conflict, NotFound
from service.store import delivery_line
from service.store.guarded import update_guarded
from service.store.tables.channels import Channel

Row = TypeVar("Row", Delivery, Channel)
NEEDS_PERSON = (DeliveryState.UNCERTAIN, DeliveryState.FAILED)


async def load(session: AsyncSession, delivery_id: UUID) -> Delivery:
    """The delivery as it is now, or NotFound."""
    found = await session.get(Delivery, delivery_id, populate_existing=True)
    if found is None:
        raise NotFound
    return found


async def hold(session: AsyncSession, delivery_id: UUID) -> Delivery:
    """The same, kept from everybody else until the transaction ends."""
    return await _held(session, Delivery, delivery_id)


async def move(session: AsyncSession, delivery: Delivery, ctx: Context, to: str, **changes: Any) -> Delivery:
    """Write the state that a rule gave, if state and owner are as they were; else Conflict."""
    return await update_guarded(
        session, delivery, ("state", "claimed_by"), state=to, updated_at=ctx.now(), **changes
    )


async def keep_stage(session: AsyncSession, delivery: Delivery, stage: dict[str, Any]) -> None:
    """Write down how far a channel has come, if the claim still holds; else Conflict."""
    ours = (
        col(Delivery.id) == delivery.id,
        col(Delivery.state) == DeliveryState.SENDING,
        col(Delivery.claimed_by) == delivery.claimed_by,
        col(Delivery.claimed_at) == delivery.claimed_at,
    )
    result: Any = await (await session.connection()).execute(
        update(Delivery).where(*ours).values(stage=stage)
    )
    if result.rowcount != 1:
        raise Conflict


async def due_channels(session: AsyncSession, now: datetime) -> Sequence[Channel]:
    """Enabled channels that have something to try now (see `content.outbox.is_due`), or something to give up."""
    due = select(Delivery.channel_id).where(
        col(Delivery.state).in_(READY), delivery_line.due(now) | (col(Delivery.expires_at) <= now)
    )
    statement = select(Channel).where(col(Channel.id).in_(due), col(Channel.enabled))
    return (await session.exec(statement.order_by(col(Channel.name)))).all()


async def next_due(session: AsyncSession) -> datetime | None:
    """When the next delivery of any enabled channel may be tried."""
    statement = (
        select(func.min(Delivery.next_attempt_at))
        .join(Channel, col(Channel.id) == Delivery.channel_id)
        .where(col(Delivery.state).in_(READY), col(Channel.enabled))
    )
    return (await session.exec(statement)).one()


async def lock_channel(session: AsyncSession, channel_id: UUID) -> Channel:
    """The channel's row, held until the transaction ends: one claim at a time on each channel."""
    return await _held(session, Channel, channel_id)


async def _held(session: AsyncSession, table: type[Row], row_id: UUID) -> Row:
    found = await session.get(table, row_id, populate_existing=True, with_for_update=True)
    if found is None:
        raise NotFound
    return found


async def of_publication(session: AsyncSession, public_id: str) -> Sequence[Delivery]:
    """All deliveries of all versions, in order."""
    statement = select(Delivery).where(Delivery.public_id == public_id).order_by(col(Delivery.sequence))
    return (await session.exec(statement.execution_options(populate_existing=True))).all()


async def same_channel(session: AsyncSession, delivery: Delivery) -> Sequence[Delivery]:
    """What else of this public id went or goes to the same channel."""
    found = await of_publication(session, delivery.public_id)
    return [d for d in found if d.channel_id == delivery.channel_id and d.id != delivery.id]


async def tries_between(
    session: AsyncSession, channel_id: UUID, since: datetime, now: datetime
) -> Sequence[datetime]:
    """When a channel was tried, after `since` until `now`, oldest first: not what a clock set back since has noted."""
    statement = (
        select(Attempt.started_at)
        .join(Delivery, col(Delivery.id) == Attempt.delivery_id)
        .where(Delivery.channel_id == channel_id)
        .where(col(Attempt.started_at) > since, col(Attempt.started_at) <= now)
    )
    return (await session.exec(statement.order_by(col(Attempt.started_at)))).all()


async def attempts(session: AsyncSession, delivery_id: UUID) -> Sequence[Attempt]:
    """All tries of one delivery, in order."""
    statement = select(Attempt).where(Attempt.delivery_id == delivery_id)
    return (await session.exec(statement.order_by(col(Attempt.number)))).all()


async def add_attempt(
    ctx: Context,
    session: AsyncSession,
    delivery: Delivery,
    outcome: str,
    code: str = "",
    detail: dict[str, Any] | None = None,
    worker: str | None = None,
    started_at: datetime | None = None,
) -> Attempt:
    """Note what one try led to."""
    numbers = select(func.max(Attempt.number)).where(Attempt.delivery_id == delivery.id)
    row = Attempt(
        id=ctx.new_id(),
        delivery_id=delivery.id,
        number=((await session.exec(numbers)).one() or 0) + 1,
        worker=worker or ctx.worker,
        started_at=started_at or ctx.now(),
        finished_at=ctx.now(),
        outcome=outcome,
        code=code[:50],
        detail=detail or {},
    )
    session.add(row)
    await session.flush()
    return row


async def sending(session: AsyncSession) -> Sequence[Delivery]:
    """Everything that some worker has claimed, in order, held; what somebody is writing down right now is left out."""
    statement = select(Delivery).where(Delivery.state == DeliveryState.SENDING)
    statement = statement.order_by(col(Delivery.sequence)).with_for_update(skip_locked=True)
    return (await session.exec(statement.execution_options(populate_existing=True))).all()


async def outcomes(session: AsyncSession, public_id: str) -> dict[UUID, list[str]]:
    """How every try ended, for all deliveries of one public id."""
    statement = (
        select(Attempt.delivery_id, Attempt.outcome)
        .join(Delivery, col(Delivery.id) == Attempt.delivery_id)
        .where(Delivery.public_id == public_id)
    )
    found: dict[UUID, list[str]] = {}
    for delivery_id, outcome in (await session.exec(statement)).all():
        found.setdefault(delivery_id, []).append(outcome)
    return found


async def wake(session: AsyncSession, channel_id: UUID, now: datetime) -> None:
    """A channel is well again: what waits for it may go at once."""
    statement = update(Delivery).where(
        col(Delivery.channel_id) == channel_id, col(Delivery.state) == DeliveryState.WAITING
    )
    await (await session.connection()).execute(statement.values(next_attempt_at=now))


async def listing(
    session: AsyncSession,
    states: Sequence[str] = NEEDS_PERSON,
    channel_id: UUID | None = None,
    before: Delivery | None = None,
    limit: int = 50,
) -> Sequence[Delivery]:
    """Deliveries in these states (default: those that need a person), newest first, after `before`."""
    statement = select(Delivery).order_by(col(Delivery.sequence).desc(), col(Delivery.id).desc())
    if states:
        statement = statement.where(col(Delivery.state).in_(states))
    if channel_id:
        statement = statement.where(Delivery.channel_id == channel_id)
    if before:
        same = (col(Delivery.sequence) == before.sequence) & (col(Delivery.id) < before.id)
        statement = statement.where((col(Delivery.sequence) < before.sequence) | same)
    return (await session.exec(statement.limit(limit))).all()
