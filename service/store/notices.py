"""What experts are told (通知): one row a thing to tell, claimed before it is sent. Holds no address."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from expert_db.notices import NOTICE, PATIENCE, Notice, NoticeEvent, NoticeState
from service.context import Context
from service.store.guarded import update_guarded


async def add(
    ctx: Context, session: AsyncSession, assignment_id: UUID, kind: str, subject_id: UUID | None = None
) -> Notice:
    """One more thing to tell, at once. The table refuses the same thing twice."""
    now = ctx.now()
    row = Notice(
        id=ctx.new_id(),
        assignment_id=assignment_id,
        subject_id=subject_id or assignment_id,
        kind=kind,
        state=NOTICE.initial,
        next_at=now,
        made_at=now,
    )
    session.add(row)
    await session.flush()
    return row


async def due(session: AsyncSession, now: datetime, limit: int = 50) -> Sequence[Notice]:
    """What waits to be told, oldest first."""
    query = (
        select(Notice)
        .where(Notice.state == NoticeState.WAITING, col(Notice.next_at) <= now)
        .order_by(col(Notice.next_at), col(Notice.id))
    )
    return (await session.exec(query.limit(limit))).all()


async def lost(session: AsyncSession, now: datetime, limit: int = 50) -> Sequence[Notice]:
    """Tries that were begun and of which nobody knows the outcome."""
    query = select(Notice).where(
        Notice.state == NoticeState.SENDING,
        col(Notice.told_at).is_not(None),
        col(Notice.told_at) < now - PATIENCE,
    )
    return (await session.exec(query.limit(limit))).all()


async def of(session: AsyncSession, assignment_ids: Collection[UUID]) -> Sequence[Notice]:
    """What the people asked were told, oldest first."""
    query = (
        select(Notice)
        .where(col(Notice.assignment_id).in_(assignment_ids))
        .order_by(col(Notice.made_at), col(Notice.id))
    )
    return (await session.exec(query)).all() if assignment_ids else ()


async def load(session: AsyncSession, notice_id: UUID) -> Notice | None:
    """The row as it is now."""
    return await session.get(Notice, notice_id, populate_existing=True)


async def move(session: AsyncSession, row: Notice, event: NoticeEvent, **changes: Any) -> Notice:
    """Write the state after `event`; Conflict when another worker was faster."""
    return await update_guarded(session, row, ["state"], state=str(NOTICE.next(row.state, event)), **changes)
