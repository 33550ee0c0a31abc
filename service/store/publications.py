"""Publications: append-only, ordered by a sequence that one transaction at a time may continue."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, text
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.cases import Case
from content.publications import Publication, PublicationType
from service.errors import NotFound

LOCK = 0x51595055  # of the sequence, for PostgreSQL's advisory locks


async def next_sequence(session: AsyncSession) -> int:
    """The next place in the order of the house. Nobody else gets one before this transaction ends."""
    if session.get_bind().dialect.name == "postgresql":
        connection = await session.connection()
        await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    highest = (await session.exec(select(func.max(Publication.sequence)))).one()
    return (highest or 0) + 1


async def load(session: AsyncSession, publication_id: UUID) -> Publication:
    """One version, or NotFound."""
    found = await session.get(Publication, publication_id)
    if found is None:
        raise NotFound
    return found


async def latest(session: AsyncSession, public_id: str) -> Publication | None:
    """The version that holds now, or None when nothing was published under this id."""
    statement = select(Publication).where(Publication.public_id == public_id)
    return (await session.exec(statement.order_by(col(Publication.version).desc()).limit(1))).first()


async def current(session: AsyncSession, public_id: str) -> Publication:
    """The version that holds now, or NotFound."""
    found = await latest(session, public_id)
    if found is None:
        raise NotFound
    return found


async def versions(session: AsyncSession, public_id: str) -> Sequence[Publication]:
    """All versions, oldest first."""
    statement = select(Publication).where(Publication.public_id == public_id)
    return (await session.exec(statement.order_by(col(Publication.version)))).all()


async def of_case(session: AsyncSession, case_id: UUID) -> Sequence[Publication]:
    """Everything published about a case, in order."""
    statement = select(Publication).where(Publication.case_id == case_id)
    return (await session.exec(statement.order_by(col(Publication.sequence)))).all()


async def page(session: AsyncSession, before: int | None = None, limit: int = 50) -> Sequence[Publication]:
    """Versions in the order of the house, newest first, from below sequence `before`."""
    statement = select(Publication).order_by(col(Publication.sequence).desc()).limit(limit)
    if before is not None:
        statement = statement.where(col(Publication.sequence) < before)
    return (await session.exec(statement)).all()


async def retractions(session: AsyncSession, limit: int = 200) -> Sequence[Publication]:
    """Retractions, newest first."""
    statement = select(Publication).where(Publication.type == PublicationType.RETRACT)
    return (await session.exec(statement.order_by(col(Publication.sequence).desc()).limit(limit))).all()


async def answered_cases(session: AsyncSession, public_id: str) -> Sequence[Case]:
    """The cases that this publication answers."""
    statement = select(Case).where(Case.answered_with == public_id).order_by(col(Case.created_at))
    return (await session.exec(statement.execution_options(populate_existing=True))).all()


async def holding_now(
    session: AsyncSession, before: int | None = None, limit: int = 50
) -> Sequence[Publication]:
    """The newest version of each public id, last changed first, without exercises, from below sequence `before`."""
    newer = aliased(Publication)
    superseded = (
        select(newer.id)
        .where(newer.public_id == Publication.public_id, col(newer.version) > col(Publication.version))
        .exists()
    )
    statement = select(Publication).where(~superseded, col(Publication.exercise).is_(False))
    if before is not None:
        statement = statement.where(col(Publication.sequence) < before)
    return (await session.exec(statement.order_by(col(Publication.sequence).desc()).limit(limit))).all()
