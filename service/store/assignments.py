"""Assignments (任务), answers and decisions: load, append, move. A state changes only from the state and version it was read in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text, tuple_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.cases import Case, CaseLink, Evidence
from expert_db.assignment_states import AssignmentState
from expert_db.assignments import Answer, Assignment, Decision
from expert_db.experts import Expert
from expert_db.offering import Change
from service.errors import Conflict, NotFound
from service.store.guarded import update_guarded

OPEN = (AssignmentState.OFFERED, AssignmentState.ACCEPTED)
LOCK = 0x41534B  # of who is asked what, for PostgreSQL's advisory locks


async def lock(session: AsyncSession) -> None:
    """Hold still who is asked what until this transaction ends: loads are counted and then added to. SQLite holds anyway."""
    if session.get_bind().dialect.name == "postgresql":
        await session.exec(text("SELECT pg_advisory_xact_lock(:lock)"), params={"lock": LOCK})  # type: ignore[call-overload]


async def load(session: AsyncSession, assignment_id: UUID) -> Assignment:
    """The assignment as it is now, or NotFound."""
    found = await session.get(Assignment, assignment_id, populate_existing=True)
    if found is None:
        raise NotFound(subject="assignment")
    return found


async def add(session: AsyncSession, assignment: Assignment) -> Assignment:
    """Store a new offer."""
    session.add(assignment)
    await session.flush()
    return assignment


async def change(
    session: AsyncSession, assignment: Assignment, change: Change, version: int | None = None
) -> Assignment:
    """Write what a rule decided; Conflict when the assignment has moved since it was read (or since `version`)."""
    if version is not None and version != assignment.version:
        raise Conflict(subject="assignment")
    return await update_guarded(
        session,
        assignment,
        ["state", "version"],
        **change.fields,
        state=str(change.state),
        version=assignment.version + 1,
    )


async def note(session: AsyncSession, assignment: Assignment, at: datetime, **changes: object) -> Assignment:
    """Write what is no change of state: a reminder sent, a link made."""
    return await update_guarded(
        session, assignment, ["state", "version"], **changes, version=assignment.version + 1, updated_at=at
    )


async def of_case(session: AsyncSession, case_id: UUID) -> list[Assignment]:
    """Everything asked about a case, oldest first."""
    query = (
        select(Assignment)
        .where(Assignment.case_id == case_id)
        .order_by(col(Assignment.offered_at), col(Assignment.id))
        .execution_options(populate_existing=True)
    )
    return list((await session.exec(query)).all())


async def with_units(session: AsyncSession, case_id: UUID) -> list[tuple[Assignment, str]]:
    """Everything asked about a case, each with the unit of the one who was asked."""
    query = (
        select(Assignment, Expert.unit)
        .join(Expert, col(Expert.id) == col(Assignment.expert_id))
        .where(Assignment.case_id == case_id)
        .order_by(col(Assignment.offered_at), col(Assignment.id))
    )
    return [(assignment, unit) for assignment, unit in (await session.exec(query)).all()]


async def mine(session: AsyncSession, expert_id: UUID, limit: int = 100) -> list[Assignment]:
    """An expert's assignments: open ones first, the soonest end first; then the ended ones, newest first."""
    query = select(Assignment).where(Assignment.expert_id == expert_id)
    is_open = query.where(col(Assignment.state).in_(OPEN)).order_by(
        col(Assignment.due_at), col(Assignment.id)
    )
    ended = (
        query.where(col(Assignment.state).not_in(OPEN))
        .order_by(col(Assignment.ended_at).desc(), col(Assignment.id))
        .limit(limit)
    )
    return [*(await session.exec(is_open)).all(), *(await session.exec(ended)).all()]


async def perhaps_lapsed(session: AsyncSession, now: datetime, limit: int = 500) -> list[UUID]:
    """Open assignments whose next end has passed, the longest overdue first; the rule has the last word."""
    query = (
        select(Assignment.id)
        .where(col(Assignment.state).in_(OPEN), col(Assignment.respond_by) <= now)
        .order_by(col(Assignment.respond_by), col(Assignment.id))
    )
    return list((await session.exec(query.limit(limit))).all())


async def still_open(session: AsyncSession, limit: int = 2000) -> list[Assignment]:
    """All open assignments, the soonest end first."""
    query = select(Assignment).where(col(Assignment.state).in_(OPEN)).order_by(col(Assignment.respond_by))
    return list((await session.exec(query.limit(limit))).all())


async def with_shortlist(session: AsyncSession) -> list[Assignment]:
    """Everything that an editor asked out of a shortlist, oldest first: what the weights of matching are learnt from."""
    query = (
        select(Assignment)
        .where(col(Assignment.follows).is_(None))
        .order_by(col(Assignment.offered_at), col(Assignment.id))
    )
    return [one for one in (await session.exec(query)).all() if one.shortlist]


async def by_link(session: AsyncSession, link_sha256: str) -> Assignment | None:
    """The assignment that a one-time link opens, if it is still open."""
    query = select(Assignment).where(Assignment.link_sha256 == link_sha256)
    return (await session.exec(query.execution_options(populate_existing=True))).first()


async def answers(session: AsyncSession, case_id: UUID) -> list[Answer]:
    """All answers on a case, oldest first."""
    query = select(Answer).where(Answer.case_id == case_id).order_by(col(Answer.at), col(Answer.id))
    return list((await session.exec(query)).all())


async def decisions(session: AsyncSession, case_id: UUID) -> list[Decision]:
    """What editors decided between opinions on a case, oldest first."""
    query = select(Decision).where(Decision.case_id == case_id).order_by(col(Decision.at), col(Decision.id))
    return list((await session.exec(query)).all())


async def subject(session: AsyncSession, case_id: UUID) -> tuple[Case, list[Evidence]]:
    """The case and the first fifty pieces of its evidence, official ones first, then in the order they were seen."""
    case = await session.get(Case, case_id, populate_existing=True)
    if case is None:
        raise NotFound(subject="case")
    query = (
        select(Evidence)
        .join(CaseLink, col(CaseLink.evidence_id) == col(Evidence.id))
        .where(CaseLink.case_id == case_id)
        .order_by(col(Evidence.authority).desc(), col(Evidence.seen_at), col(Evidence.id))
        .limit(50)
    )
    found: Sequence[Evidence] = (await session.exec(query)).all()
    return case, list(found)


async def page(
    session: AsyncSession,
    expert_id: UUID | None = None,
    case_id: UUID | None = None,
    state: str | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[Assignment]:
    """Assignments, last offered first; `before` is when the last one shown was offered, and its id."""
    query = select(Assignment).order_by(col(Assignment.offered_at).desc(), col(Assignment.id).desc())
    if expert_id is not None:
        query = query.where(Assignment.expert_id == expert_id)
    if case_id is not None:
        query = query.where(Assignment.case_id == case_id)
    if state is not None:
        query = query.where(Assignment.state == state)
    if before is not None:
        query = query.where(tuple_(col(Assignment.offered_at), col(Assignment.id)) < before)
    return list((await session.exec(query.limit(limit))).all())
