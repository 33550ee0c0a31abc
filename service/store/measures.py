"""What the figures of a period are made from: versions of pages, first sightings, claims, confirmed deliveries.

Rows in, rows out; exercises are left out. Reads in batches, since databases limit how many ids one question may name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.audit import AuditEntry
from content.cases import Case
from content.delivery import Delivery
from content.delivery_states import DeliveryState
from content.incidents import IncidentCase
from content.pieces import Approval, Piece
from content.publications import Publication
from expert_db.assignments import Answer, Assignment
from service.store.tables import Tip

BATCH = 500
T = TypeVar("T", datetime, int)


async def versions(
    session: AsyncSession, since: datetime, until: datetime, limit: int
) -> Sequence[Publication]:
    """The newest `limit` versions of the pages first published from `since` until before `until`, newest first."""
    statement = (
        select(Publication)
        .where(
            col(Publication.published_at) >= since,
            col(Publication.published_at) < until,
            col(Publication.exercise).is_(False),
        )
        .order_by(col(Publication.sequence).desc())
        .limit(limit)
    )
    return (await session.exec(statement)).all()


async def first_seen(session: AsyncSession, cases: Iterable[UUID]) -> dict[UUID, datetime]:
    """When each case was first sighted."""
    return await _by_id(session, Case.id, Case.first_seen, cases)


async def cases(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, Case]:
    """These cases as they are now."""
    found: dict[UUID, Case] = {}
    for some in _batches(ids):
        query = select(Case).where(col(Case.id).in_(some))
        found |= {case.id: case for case in (await session.exec(query)).all()}
    return found


async def of_incidents(session: AsyncSession, cases: Iterable[UUID]) -> set[UUID]:
    """Which of these cases ever belonged to an incident."""
    found: set[UUID] = set()
    for some in _batches(cases):
        query = select(IncidentCase.case_id).where(col(IncidentCase.case_id).in_(some))
        found |= set((await session.exec(query)).all())
    return found


async def begun(session: AsyncSession, pieces: Iterable[UUID]) -> dict[UUID, datetime]:
    """When each of these pieces was begun."""
    return await _by_id(session, Piece.id, Piece.created_at, pieces)


async def claims(session: AsyncSession, cases: Iterable[UUID]) -> dict[UUID, datetime]:
    """When somebody first took each case on, by the audit trail: releasing a case does not undo that."""
    found: dict[UUID, datetime] = {}
    for some in _batches(cases):
        statement = (
            select(AuditEntry.subject_id, func.min(AuditEntry.at))
            .where(AuditEntry.act == "case.claim", col(AuditEntry.subject_id).in_([str(one) for one in some]))
            .group_by(AuditEntry.subject_id)
        )
        found.update((UUID(subject), at) for subject, at in (await session.exec(statement)).all())
    return found


async def sent(session: AsyncSession, publications: Iterable[UUID]) -> Sequence[Delivery]:
    """The confirmed deliveries of these versions; a sent one never moves again, so `updated_at` is its confirmation."""
    found: list[Delivery] = []
    for some in _batches(publications):
        statement = select(Delivery).where(
            col(Delivery.publication_id).in_(some), Delivery.state == DeliveryState.SENT
        )
        found += (await session.exec(statement)).all()
    return found


async def asked_and_answered(
    session: AsyncSession, cases: Iterable[UUID]
) -> dict[UUID, tuple[datetime, datetime | None]]:
    """When an expert or a department was first asked about each case, and when the first answer came."""
    found: dict[UUID, tuple[datetime, datetime | None]] = {}
    for some in _batches(cases):
        statement = (
            select(Assignment.case_id, func.min(Assignment.offered_at), func.min(Answer.at))
            .outerjoin(Answer, col(Answer.case_id) == col(Assignment.case_id))
            .where(col(Assignment.case_id).in_(some))
            .group_by(col(Assignment.case_id))
        )
        found |= {case: (asked, answered) for case, asked, answered in (await session.exec(statement)).all()}
    return found


async def approvals(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """When each of these approvals was given."""
    return await _by_id(session, Approval.id, Approval.at, ids)


async def demand(session: AsyncSession, cases: Iterable[UUID]) -> dict[UUID, int]:
    """How many of the public asked about each case."""
    return await _by_id(session, Case.id, Case.demand, cases)


async def asked(
    session: AsyncSession, since: datetime, until: datetime
) -> list[tuple[datetime, datetime | None]]:
    """When each tip of a time came in, and when it was answered. Times only: no text, no address."""
    statement = select(Tip.created_at, Tip.answered_at).where(
        col(Tip.created_at) >= since, col(Tip.created_at) < until
    )
    return [(at, answered) for at, answered in (await session.exec(statement)).all()]


async def _by_id(session: AsyncSession, key: UUID, value: T, ids: Iterable[UUID]) -> dict[UUID, T]:
    """One column of the rows with these ids."""
    found: dict[UUID, T] = {}
    for some in _batches(ids):
        found.update((await session.exec(select(key, value).where(col(key).in_(some)))).all())
    return found


def _batches(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    whole = list(ids)
    return (whole[at : at + BATCH] for at in range(0, len(whole), BATCH))
