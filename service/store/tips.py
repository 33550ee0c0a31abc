"""Tips from the public: append, find by token, answer, forget contacts.

A tip's evidence has the tip's own id, so the case that a tip belongs to now is where that evidence is linked.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.cases import CaseLink
from service.errors import Conflict, NotFound
from service.store.bulk import rows_hit
from service.store.tables import Tip

RECEIVED, IN_WORK, ANSWERED = "received", "in_work", "answered"


async def by_token(session: AsyncSession, token_sha256: str) -> Tip:
    """The tip with this token's hash, or NotFound."""
    found = (await session.exec(select(Tip).where(Tip.token_sha256 == token_sha256))).first()
    if found is None:
        raise NotFound
    return found


async def pending(session: AsyncSession, limit: int) -> list[Tip]:
    """Tips that no case has yet, oldest first."""
    query = select(Tip).where(Tip.state == RECEIVED).order_by(col(Tip.created_at), col(Tip.id)).limit(limit)
    return list((await session.exec(query)).all())


async def settle(session: AsyncSession, placed: list[tuple[UUID, UUID]]) -> None:
    """Note the case of each tip; Conflict when one has been triaged already."""
    for tip_id, case_id in placed:
        statement = (
            update(Tip)
            .where(col(Tip.id) == tip_id, col(Tip.state) == RECEIVED)
            .values(state=IN_WORK, case_id=case_id)
        )
        if await rows_hit(session, statement) != 1:
            raise Conflict("somebody else has triaged this tip")


async def answer(session: AsyncSession, case_id: UUID, public_id: str, now: datetime) -> int:
    """All tips of a case are answered by a publication; how many were not yet."""
    here = select(CaseLink.evidence_id).where(CaseLink.case_id == case_id)
    statement = (
        update(Tip)
        .where(col(Tip.id).in_(here), col(Tip.state) == IN_WORK)
        .values(state=ANSWERED, public_id=public_id, answered_at=now)
    )
    return await rows_hit(session, statement)


async def take_back(session: AsyncSession, case_id: UUID, public_id: str) -> int:
    """The tips of a case that this publication had answered wait again."""
    here = select(CaseLink.evidence_id).where(CaseLink.case_id == case_id)
    statement = (
        update(Tip)
        .where(col(Tip.id).in_(here), col(Tip.state) == ANSWERED, col(Tip.public_id) == public_id)
        .values(state=IN_WORK, public_id=None, answered_at=None)
    )
    return await rows_hit(session, statement)


async def home(session: AsyncSession, tip: Tip) -> UUID | None:
    """The case that the tip belongs to now."""
    query = select(CaseLink.case_id).where(CaseLink.evidence_id == tip.id)
    return (await session.exec(query)).first()


async def of_case(session: AsyncSession, case_id: UUID) -> list[Tip]:
    """The tips among a case's evidence, oldest first."""
    query = (
        select(Tip)
        .join(CaseLink, col(CaseLink.evidence_id) == col(Tip.id))
        .where(CaseLink.case_id == case_id)
        .order_by(col(Tip.created_at), col(Tip.id))
    )
    return list((await session.exec(query)).all())


async def forget_contacts(session: AsyncSession, answered_before: datetime) -> int:
    """Delete the contact data of tips answered, or written to about their end, before a moment; how many had any."""
    told = col(Tip.told).is_not(None) & (col(Tip.tell_at) < answered_before)
    statement = (
        update(Tip)
        .where(col(Tip.contact).is_not(None), or_(col(Tip.answered_at) < answered_before, told))
        .values(contact=None)
    )
    return await rows_hit(session, statement)
