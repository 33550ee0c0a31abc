"""Cases: load, open, move, repaint. Which evidence belongs to a case is `evidence`; how the queue looks is `queue`.

`version` counts what people decide. Triage repaints a case (kind, priority, counts) without touching it, so that an
editor's click is not refused because one more source came in.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.audit import AuditEntry
from content.case_states import CASE, CaseEvent, CaseState
from content.case_summary import CaseSummary
from content.cases import Case, CaseKind
from content.priority import FLOOR
from service.errors import Conflict, NotFound
from service.store.bulk import insert_rows, rows_hit, update_rows

LOCK: Final = 0x43415345  # of what belongs to which case, for PostgreSQL's advisory locks
HOPS: Final = 10  # merges into merges that are followed


async def lock(session: AsyncSession) -> None:
    """Hold still which evidence belongs to which case until this transaction ends (SQLite: BEGIN IMMEDIATE holds)."""
    if session.get_bind().dialect.name == "postgresql":
        connection = await session.connection()
        await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


async def titles(session: AsyncSession, case_ids: Collection[UUID]) -> dict[UUID, str]:
    """Titles by id."""
    if not case_ids:
        return {}
    rows = await session.exec(select(Case.id, Case.title).where(col(Case.id).in_(case_ids)))
    return dict(rows.all())


async def load(session: AsyncSession, case_id: UUID) -> Case:
    """The case as it is now, or NotFound."""
    found = await session.get(Case, case_id, populate_existing=True)
    if found is None:
        raise NotFound(case=str(case_id))
    return found


async def many(session: AsyncSession, case_ids: Collection[UUID]) -> dict[UUID, Case]:
    """These cases by id, as they are now."""
    if not case_ids:
        return {}
    query = select(Case).where(col(Case.id).in_(case_ids)).execution_options(populate_existing=True)
    return {case.id: case for case in (await session.exec(query)).all()}


async def move(
    session: AsyncSession,
    case: Case,
    event: CaseEvent,
    now: datetime,
    version: int | None = None,
    **changes: Any,
) -> Case:
    """Let `event` happen; Conflict when the case is no longer as it was loaded (or at `version`)."""
    after = CASE.next(case.state, event)
    return await save(session, case, now, version, state=after, **changes)


async def save(
    session: AsyncSession, case: Case, now: datetime, version: int | None = None, **changes: Any
) -> Case:
    """Write what somebody decided about the case, and count the version on."""
    held = case.version if version is None else version
    statement = (
        update(Case)
        .where(col(Case.id) == case.id, col(Case.state) == case.state, col(Case.version) == held)
        .values(**changes, version=held + 1, updated_at=now)
    )
    if await rows_hit(session, statement) != 1:
        raise Conflict(case=str(case.id))
    return await load(session, case.id)


async def open_many(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store new cases: complete rows as `new_row` makes them."""
    await insert_rows(session, Case, rows)


async def repaint(session: AsyncSession, case_id: UUID, now: datetime, **values: Any) -> None:
    """Write how the case looks now. Not a decision: state and version stay."""
    statement = update(Case).where(col(Case.id) == case_id).values(**values, updated_at=now)
    if await rows_hit(session, statement) != 1:
        raise NotFound(case=str(case_id))


async def repaint_many(session: AsyncSession, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """The same for many cases that are there, in one statement: by id, all with the same columns."""
    await update_rows(session, Case, [{**row, "updated_at": now} for row in rows])


def picture(summary: CaseSummary) -> dict[str, Any]:
    """The columns of a case that a summary fills."""
    return {
        "kind": str(summary.kind),
        "category": summary.category,
        "hazard": summary.hazard,
        "level": summary.level,
        "regions": list(summary.regions),
        "topics": list(summary.topics),
        "sources": summary.sources,
        "demand": summary.demand,
        "first_seen": summary.first_seen,
        "last_seen": summary.last_seen,
        "priority": summary.priority.score,
        "reasons": [reason.to_json() for reason in summary.priority.reasons],
    }


def new_row(case_id: UUID, title: str, summary: CaseSummary, now: datetime, **more: Any) -> dict[str, Any]:
    """All columns of a case that begins in the queue."""
    return {
        "id": case_id,
        "state": CaseState.QUEUED,
        "title": title,
        "claimed_by": None,
        "claimed_at": None,
        "merged_into": None,
        "dismissed_reason": None,
        "known_publication": None,
        "known_score": None,
        "answered_with": None,
        "follows": None,
        "changed_after_approval": False,
        "incident_id": None,
        "exercise": False,
        "created_at": now,
        "updated_at": now,
        "version": 1,
        **picture(summary),
        **more,
    }


async def quiet_news(session: AsyncSession, before: datetime, limit: int) -> list[UUID]:
    """Queued everyday news below the floor that nothing has been heard of since `before`."""
    query = (
        select(Case.id)
        .where(
            Case.state == CaseState.QUEUED,
            Case.kind == CaseKind.NEWS,
            col(Case.priority) < FLOOR,
            col(Case.last_seen) < before,
            col(Case.updated_at) < before,
            Case.demand == 0,
            col(Case.incident_id).is_(None),
        )
        .limit(limit)
    )
    return list((await session.exec(query)).all())


async def dismiss_many(
    session: AsyncSession, case_ids: Sequence[UUID], state: CaseState, reason: str, now: datetime
) -> int:
    """Give queued cases the state that the lifecycle gave for a dismissal; how many still were queued."""
    statement = (
        update(Case)
        .where(col(Case.id).in_(case_ids), col(Case.state) == CaseState.QUEUED)
        .values(state=state, dismissed_reason=reason, version=Case.version + 1, updated_at=now)
    )
    return await rows_hit(session, statement)


async def merged_into(session: AsyncSession, case_id: UUID) -> list[Case]:
    """The cases that were merged into this one, directly or through others, oldest first."""
    found: dict[UUID, Case] = {}
    layer = [case_id]
    for _ in range(HOPS):
        query = select(Case).where(col(Case.merged_into).in_(layer), Case.state == CaseState.MERGED)
        fresh = [case for case in (await session.exec(query)).all() if case.id not in found]
        if not fresh:
            break
        found |= {case.id: case for case in fresh}
        layer = [case.id for case in fresh]
    return sorted(found.values(), key=lambda case: (case.created_at, case.id))


async def standing(session: AsyncSession, case_id: UUID) -> Case:
    """The case that this one is part of now: itself, or what it was merged into."""
    case = await load(session, case_id)
    for _ in range(HOPS):
        if case.state != CaseState.MERGED or case.merged_into is None:
            break
        case = await load(session, case.merged_into)
    return case


async def history(session: AsyncSession, case_ids: Collection[UUID], limit: int = 500) -> list[AuditEntry]:
    """Who did what with these cases, newest first."""
    query = (
        select(AuditEntry)
        .where(AuditEntry.subject == "case", col(AuditEntry.subject_id).in_([str(case) for case in case_ids]))
        .order_by(col(AuditEntry.seq).desc())
        .limit(limit)
    )
    return list((await session.exec(query)).all())
