"""Deletes of what has been kept long enough. Facts of the append-only tables are never among it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Delete, text
from sqlmodel import col, delete, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.cases import Evidence
from service.store.tables import IdempotencyKey, Item, LoginSession, LoginTries, PendingItem, SetupLink

DAY = timedelta(days=1)
UNUSED_ITEMS = timedelta(days=180)
AT_ONCE = 2000


async def passing(session: AsyncSession, now: datetime) -> int:
    """Sessions, links, counters and keys that have run out; how many rows."""
    statements: list[Delete] = [
        delete(LoginSession).where(col(LoginSession.expires_at) < now),
        delete(SetupLink).where(
            or_(col(SetupLink.expires_at) < now - DAY, col(SetupLink.used_at) < now - DAY)
        ),
        delete(LoginTries).where(col(LoginTries.updated_at) < now - DAY),
        delete(IdempotencyKey).where(col(IdempotencyKey.created_at) < now - DAY),
    ]
    return sum([await _run(session, statement) for statement in statements])


async def unused_items(session: AsyncSession, now: datetime) -> int:
    """Items that no case has used for 180 days, at most 2,000 a call; their assessments go with them."""
    used = select(Evidence.item_id).where(Evidence.item_id == Item.id).exists()
    owed = select(PendingItem.item_id).where(PendingItem.item_id == Item.id).exists()
    old = select(Item.id).where(col(Item.seen_at) < now - UNUSED_ITEMS, ~used, ~owed).limit(AT_ONCE)
    return await _run(session, delete(Item).where(col(Item.id).in_(old)))


async def queue_log(session: AsyncSession, now: datetime) -> None:
    """The job queue's own log, on PostgreSQL: a day of it is enough."""
    if session.get_bind().dialect.name == "postgresql":
        old: Mapping[str, Any] = {"old": now - DAY}
        await (await session.connection()).execute(text("DELETE FROM pgqueuer_log WHERE created < :old"), old)
        await (await session.connection()).execute(
            text("DELETE FROM pgqueuer_statistics WHERE created < :old"), old
        )


async def _run(session: AsyncSession, statement: Delete) -> int:
    return int((await (await session.connection()).execute(statement)).rowcount)
