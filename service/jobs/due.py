"""Is there anything to do? One cheap query a job, so that an idle desk costs nothing and fills no queue."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.delivery_states import DeliveryState
from service.house import House
from service.store import assignments, copies, deliveries, leases, machine_drafts, notices, pieces, tips
from service.store.tables import Delivery, PendingItem, Source
from service.usecases import tip_letters


async def polls(house: House) -> bool:
    """A source is due and nobody is on it."""
    now = house.ctx.now()
    free = col(Source.claimed_until).is_(None) | (col(Source.claimed_until) < now)
    async with house.db.read() as session:
        return await _any(session, col(Source.enabled).is_(True), col(Source.next_poll) <= now, free)


async def triages(house: House) -> bool:
    """An item or a tip waits to be put before the editors."""
    async with house.db.read() as session:
        return await _any(session, col(PendingItem.item_id).is_not(None)) or bool(
            await tips.pending(session, 1)
        )


async def sends(house: House) -> bool:
    """A channel has something to send or to give up."""
    async with house.db.read() as session:
        return bool(await deliveries.due_channels(session, house.ctx.now()))


async def releases(house: House) -> bool:
    """A piece that was scheduled has its moment."""
    async with house.db.read() as session:
        return bool(await pieces.scheduled(session, house.ctx.now(), 1))


async def looks(house: House) -> bool:
    """A source of some text is to be looked at."""
    async with house.db.read() as session:
        return bool(await copies.due(session, house.ctx.now(), 1))


async def letters(house: House) -> bool:
    """Somebody who asked is to be told."""
    if not house.ctx.settings.smtp_url:
        return False
    async with house.db.read() as session:
        return bool(await tip_letters.owed(house.ctx, session, 1))


async def drafts(house: House) -> bool:
    """Somebody has asked the language model for a draft."""
    if not house.ctx.settings.llm_url:
        return False
    async with house.db.read() as session:
        return bool(await machine_drafts.waiting(session))


async def expiries(house: House) -> bool:
    """An offer or a task may be over its time."""
    async with house.db.read() as session:
        return bool(await assignments.perhaps_lapsed(session, house.ctx.now(), 1))


async def tellings(house: House) -> bool:
    """An expert is to be told something, or a try to do so was lost."""
    now = house.ctx.now()
    async with house.db.read() as session:
        return bool(await notices.due(session, now, 1)) or bool(await notices.lost(session, now, 1))


async def orphans(house: House) -> bool:
    """A worker that no longer lives holds something."""
    now = house.ctx.now()
    async with house.db.read() as session:
        living = await leases.alive(session, now) | {house.ctx.worker}
        held = col(Source.claimed_by).is_not(None) & col(Source.claimed_by).not_in(living)
        sending = (col(Delivery.state) == DeliveryState.SENDING) & (
            col(Delivery.claimed_by).is_(None) | col(Delivery.claimed_by).not_in(living)
        )
        return await _any(session, held) or await _any(session, sending)


async def always(_house: House) -> bool:
    """For rare jobs that find out themselves."""
    return True


async def _any(session: AsyncSession, *conditions: ColumnElement[bool]) -> bool:
    return bool((await session.exec(select(exists().where(*conditions)))).one())
