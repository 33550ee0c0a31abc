"""What the desk has planned: plans for campaigns, texts to be looked at again, texts that go out by themselves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.cases import Case
from content.piece_states import PieceState
from content.pieces import Piece
from service.store.tables import Setting

PLAN: Final = "calendar."
MOST: Final = 200
OUT: Final = (PieceState.PUBLISHED, PieceState.CORRECTED)


async def plans(session: AsyncSession, keys: Collection[str]) -> dict[str, dict[str, Any]]:
    """What was planned for these occurrences: `{"case": id, "pieces": [id…]}` by key; only those that were begun."""
    if not keys:
        return {}
    names = {f"{PLAN}{key}": key for key in keys}
    rows = (await session.exec(select(Setting).where(col(Setting.key).in_(names)))).all()
    return {names[row.key]: dict(row.value) for row in rows}


async def keep(session: AsyncSession, key: str, plan: dict[str, Any], now: datetime) -> None:
    """Keep a plan."""
    row = await session.get(Setting, f"{PLAN}{key}", populate_existing=True)
    if row is None:
        session.add(Setting(key=f"{PLAN}{key}", value=plan, updated_at=now))
    else:
        row.value, row.updated_at, row.version = plan, now, row.version + 1
        session.add(row)
    await session.flush()


async def cases(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, Case]:
    """Cases by id."""
    if not ids:
        return {}
    return {one.id: one for one in (await session.exec(select(Case).where(col(Case.id).in_(ids)))).all()}


async def of_cases(session: AsyncSession, ids: Collection[UUID]) -> Sequence[Piece]:
    """The pieces about these cases, in the order they were begun."""
    if not ids:
        return []
    query = select(Piece).where(col(Piece.case_id).in_(ids))
    return (await session.exec(query.order_by(col(Piece.created_at), col(Piece.id)))).all()


async def to_review(session: AsyncSession, until: datetime) -> Sequence[Piece]:
    """Published pieces whose review is due by then, the longest due first."""
    query = select(Piece).where(col(Piece.state).in_(OUT), col(Piece.review_due) < until)
    return (await session.exec(query.order_by(col(Piece.review_due), col(Piece.id)).limit(MOST))).all()


async def scheduled(session: AsyncSession, until: datetime) -> Sequence[Piece]:
    """Approved pieces that go out by themselves before then, the soonest first."""
    query = select(Piece).where(Piece.state == PieceState.APPROVED, col(Piece.publish_at) < until)
    return (await session.exec(query.order_by(col(Piece.publish_at), col(Piece.id)).limit(MOST))).all()
