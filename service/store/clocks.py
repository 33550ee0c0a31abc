"""What the clocks of cases and corrections are read from: who waits since when, and which alarms were raised.

Rows in, rows out; what a clock says is decided by `content.clocks`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.alarms import Alarm
from content.cases import Case
from content.clocks import Clock
from content.piece_states import PieceState
from content.pieces import Piece, PieceKind
from content.priority import FLOOR
from content.publications import Publication, PublicationType
from service.errors import NotFound
from service.store.bulk import rows_hit
from service.store.incidents import OPEN

UNFINISHED = (PieceState.DRAFT, PieceState.IN_REVIEW, PieceState.RETURNED, PieceState.APPROVED)
_SINCE: dict[str, Any] = {"sighted": Case.first_seen, "claimed": Case.claimed_at}


async def waiting_cases(
    session: AsyncSession, clock: Clock, now: datetime, limit: int, *, due_within: timedelta | None = None
) -> Sequence[Case]:
    """Real open cases on which a clock runs, the longest waiting first; those of an active incident have its clocks.

    With `due_within` only those due by then for which no alarm of this clock was raised. A clock that begins with a
    moment that no case has runs on none.
    """
    since = _SINCE.get(clock.since)
    if since is None:
        return []
    wanted: list[ColumnElement[bool]] = [
        col(Case.state).in_(OPEN),
        col(Case.priority) >= FLOOR,
        col(Case.exercise).is_(False),
        col(Case.incident_id).is_(None),
        col(since).is_not(None),
    ]
    if clock.kinds:
        wanted.append(col(Case.kind).in_(clock.kinds))
    if clock.levels:
        wanted.append(func.coalesce(Case.level, "").in_(clock.levels))
    if clock.until == "claimed":
        wanted.append(col(Case.claimed_at).is_(None))
    if clock.until == "told":
        wanted.append(~exists().where(col(Publication.case_id) == col(Case.id)))
    if due_within is not None:
        wanted.append(col(since) <= now + due_within - timedelta(minutes=clock.minutes))
        wanted.append(
            ~exists().where(col(Alarm.subject_id) == col(Case.id), col(Alarm.clock) == clock.code),
        )
    query = select(Case).where(*wanted).order_by(col(since), col(Case.id)).limit(limit)
    return (await session.exec(query)).all()


async def first_told(session: AsyncSession, cases: Collection[UUID]) -> dict[UUID, datetime]:
    """When something was first published about each of these cases."""
    if not cases:
        return {}
    query = (
        select(Publication.case_id, func.min(Publication.issued_at))
        .where(col(Publication.case_id).in_(cases), Publication.type != PublicationType.RETRACT)
        .group_by(col(Publication.case_id))
    )
    return {case: at for case, at in (await session.exec(query)).all() if case is not None}


async def corrections_under_way(session: AsyncSession, limit: int = 100) -> Sequence[Piece]:
    """Corrections that somebody has begun and that are not out, the oldest first."""
    query = (
        select(Piece)
        .where(
            Piece.kind == PieceKind.CORRECTION,
            col(Piece.state).in_(UNFINISHED),
            col(Piece.exercise).is_(False),
        )
        .order_by(col(Piece.created_at), col(Piece.id))
        .limit(limit)
    )
    return (await session.exec(query)).all()


async def open_alarms(session: AsyncSession, limit: int = 200) -> Sequence[Alarm]:
    """Alarms whose clocks have not stopped, the soonest due first."""
    query = select(Alarm).where(col(Alarm.ended_at).is_(None))
    return (await session.exec(query.order_by(col(Alarm.due_at), col(Alarm.id)).limit(limit))).all()


async def raised(session: AsyncSession, subjects: Collection[UUID]) -> set[tuple[UUID, str]]:
    """Which (subject, clock) have had their alarm."""
    if not subjects:
        return set()
    query = select(Alarm.subject_id, Alarm.clock).where(col(Alarm.subject_id).in_(subjects))
    return set((await session.exec(query)).all())


async def unseen(session: AsyncSession) -> int:
    """How many alarms nobody has said they know of, while their clocks go on."""
    query = select(func.count()).where(col(Alarm.ended_at).is_(None), col(Alarm.seen_at).is_(None))
    return int((await session.exec(query)).one())


async def untold(session: AsyncSession, since: datetime, tries: int, limit: int) -> Sequence[Alarm]:
    """Alarms raised since then that may still have to be told somewhere, the oldest first."""
    query = select(Alarm).where(col(Alarm.raised_at) >= since, col(Alarm.tries) < tries)
    query = query.where(col(Alarm.ended_at).is_(None))
    return (await session.exec(query.order_by(col(Alarm.raised_at), col(Alarm.id)).limit(limit))).all()


async def load(session: AsyncSession, alarm_id: UUID) -> Alarm:
    """The alarm, or NotFound."""
    found = await session.get(Alarm, alarm_id, populate_existing=True)
    if found is None:
        raise NotFound
    return found


async def mark(session: AsyncSession, alarms: Collection[UUID], **values: Any) -> int:
    """Write what became of some alarms."""
    if not alarms:
        return 0
    return await rows_hit(session, update(Alarm).where(col(Alarm.id).in_(alarms)).values(**values))


async def cases(session: AsyncSession, ids: Collection[UUID]) -> Sequence[Case]:
    """These cases as they are now."""
    return (await session.exec(select(Case).where(col(Case.id).in_(ids)))).all() if ids else []
