"""Machine drafts: asked for, claimed, finished, used. They lie beside a text and are never part of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.errors import NotFound
from service.store.bulk import rows_hit
from service.store.tables import MachineDraft

ASKED, WORKING, DONE, FAILED = "asked", "working", "done", "failed"


async def load(session: AsyncSession, draft_id: UUID) -> MachineDraft:
    """One draft, or NotFound."""
    draft = await session.get(MachineDraft, draft_id, populate_existing=True)
    if draft is None:
        raise NotFound
    return draft


async def of_piece(session: AsyncSession, piece_id: UUID) -> Sequence[MachineDraft]:
    """All drafts for a piece, newest first."""
    query = select(MachineDraft).where(MachineDraft.piece_id == piece_id)
    return (await session.exec(query.order_by(col(MachineDraft.asked_at).desc()))).all()


async def waiting(session: AsyncSession, limit: int = 1) -> Sequence[UUID]:
    """Drafts that nobody is working on, the oldest first."""
    query = select(MachineDraft.id).where(MachineDraft.state == ASKED)
    return (await session.exec(query.order_by(col(MachineDraft.asked_at)).limit(limit))).all()


async def claim(session: AsyncSession, draft_id: UUID, now: datetime) -> bool:
    """Whether this draft is ours to get."""
    statement = (
        update(MachineDraft)
        .where(col(MachineDraft.id) == draft_id, col(MachineDraft.state) == ASKED)
        .values(state=WORKING, claimed_at=now)
    )
    return await rows_hit(session, statement) == 1


async def finish(session: AsyncSession, draft_id: UUID, state: str, **changes: Any) -> None:
    """Write down how it ended, unless it was given up meanwhile."""
    statement = update(MachineDraft).where(
        col(MachineDraft.id) == draft_id, col(MachineDraft.state) == WORKING
    )
    await rows_hit(session, statement.values(state=state, **changes))


async def give_up(session: AsyncSession, claimed_before: datetime, now: datetime) -> int:
    """Drafts whose worker died are failed: an editor may ask again. How many."""
    statement = update(MachineDraft).where(
        col(MachineDraft.state) == WORKING, col(MachineDraft.claimed_at) < claimed_before
    )
    return await rows_hit(session, statement.values(state=FAILED, fault="lost", finished_at=now))


async def taken(session: AsyncSession, piece_id: UUID) -> list[tuple[str, str]]:
    """Field and words of every paragraph that somebody took over into this piece."""
    found = []
    for draft in await of_piece(session, piece_id):
        for one in draft.taken:
            parts = draft.paragraphs.get(one["field"], [])
            if one["number"] < len(parts):
                found.append((str(one["field"]), str(parts[one["number"]])))
    return found
