"""Which askers are to be told, and what became of their letters. A letter is claimed before it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, update
from sqlmodel import and_, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.case_states import CaseState
from content.cases import Case, CaseLink
from service.store.bulk import rows_hit
from service.store.tables import Tip
from service.store.tips import ANSWERED, IN_WORK

SENDING, SENT, DOUBT, FAILED = "sending", "sent", "doubt", "failed"


def _owed(now: datetime, answered_before: datetime, closed_before: datetime) -> ColumnElement[bool]:
    dismissed = and_(
        col(Case.state) == CaseState.DISMISSED,
        col(Case.updated_at) <= closed_before,
        col(Tip.state) == IN_WORK,
    )
    answered = and_(col(Tip.state) == ANSWERED, col(Tip.answered_at) <= answered_before)
    free = col(Tip.told).is_(None) & or_(col(Tip.tell_at).is_(None), col(Tip.tell_at) <= now)
    return and_(col(Tip.contact).is_not(None), free, col(Case.exercise).is_(False), or_(answered, dismissed))


async def owed(
    session: AsyncSession,
    now: datetime,
    answered_before: datetime,
    closed_before: datetime,
    limit: int,
) -> Sequence[Tip]:
    """Tips with an outcome that the asker was not told, the longest waiting first."""
    query = (
        select(Tip)
        .join(CaseLink, col(CaseLink.evidence_id) == col(Tip.id))
        .join(Case, col(Case.id) == col(CaseLink.case_id))
        .where(_owed(now, answered_before, closed_before))
        .order_by(col(Tip.created_at))
        .limit(limit)
    )
    return (await session.exec(query)).all()


async def claim(session: AsyncSession, tip_id: UUID, now: datetime) -> bool:
    """Whether this letter is ours to send."""
    statement = (
        update(Tip)
        .where(col(Tip.id) == tip_id, col(Tip.told).is_(None), col(Tip.contact).is_not(None))
        .values(told=SENDING, tell_at=now, tell_tries=col(Tip.tell_tries) + 1)
    )
    return await rows_hit(session, statement) == 1


async def mark(session: AsyncSession, tip_id: UUID, told: str | None, **changes: Any) -> None:
    """Write down what became of a letter that was claimed."""
    statement = update(Tip).where(col(Tip.id) == tip_id).values(told=told, **changes)
    await rows_hit(session, statement)


async def lose(session: AsyncSession, claimed_before: datetime) -> int:
    """Letters whose sender died are in doubt: they are not sent again. How many."""
    statement = update(Tip).where(col(Tip.told) == SENDING, col(Tip.tell_at) < claimed_before)
    return await rows_hit(session, statement.values(told=DOUBT))
