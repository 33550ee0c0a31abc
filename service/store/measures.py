"""What the figures of a period are made from: versions of pages, first sightings, claims, confirmed deliveries.

Rows in, rows out; exercises are left out. Reads in batches, since databases limit how many ids one question may name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.audit import AuditEntry
from content.cases import Case
from content.delivery import Delivery
from content.delivery_states import DeliveryState
from content.publications import Publication

BATCH = 500


async def versions(session: AsyncSession, since: datetime, limit: int) -> Sequence[Publication]:
    """The newest `limit` versions of the pages first published at or after `since`, newest first."""
    statement = (
        select(Publication)
        .where(col(Publication.published_at) >= since, col(Publication.exercise).is_(False))
        .order_by(col(Publication.sequence).desc())
        .limit(limit)
    )
    return (await session.exec(statement)).all()


async def first_seen(session: AsyncSession, cases: Iterable[UUID]) -> dict[UUID, datetime]:
    """When each case was first sighted."""
    found: dict[UUID, datetime] = {}
    for some in _batches(cases):
        found.update(
            (await session.exec(select(Case.id, Case.first_seen).where(col(Case.id).in_(some)))).all()
        )
    return found


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


def _batches(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    whole = list(ids)
    return (whole[at : at + BATCH] for at in range(0, len(whole), BATCH))
