"""What the desk reads of cases: the queue, and everything about one case on one page. Changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.audit import AuditEntry
from content.cases import Case, Evidence
from content.permissions import Actor
from content.pieces import Piece
from content.publications import Publication
from content.triage import OPEN
from expert_db.assignments import Answer, Assignment, AssignmentKind
from expert_db.match import Candidate
from service.context import Context
from service.store import cases as store
from service.store import evidence, publications
from service.store.queue import QueuePage, page
from service.store.queue_counts import Tally, counts, tally
from service.store.queue_view import AGES, LOCAL, SIGNALS, SORTS, QueueView
from service.usecases import experts
from service.usecases.case_acts import name_of

__all__ = [
    "AGES", "LOCAL", "SIGNALS", "SORTS", "CasePage", "QueueView", "Tally",
    "case_page", "queue", "queue_counts", "queue_tally",
]  # fmt: skip


@dataclass(frozen=True)
class CasePage:
    """All about one case.

    `duplicates` were merged into it, `followers` go on from it after it was closed, `follows` is what it goes on from
    itself. `suggestion` is the earlier publication that may answer it, as it stands now. `candidates` only when asked
    for, and only while the case is open.
    """

    case: Case
    claimed_by_name: str | None
    evidence: tuple[Evidence, ...]
    duplicates: tuple[Case, ...]
    follows: Case | None
    followers: tuple[Case, ...]
    suggestion: Publication | None
    answer: Publication | None
    publications: tuple[Publication, ...]
    pieces: tuple[Piece, ...]
    assignments: tuple[Assignment, ...]
    answers: tuple[Answer, ...]
    history: tuple[AuditEntry, ...]
    candidates: tuple[Candidate, ...] = ()


async def queue(s: AsyncSession, view: QueueView, cursor: str | None = None, limit: int = 50) -> QueuePage:
    """One page of the queue."""
    return await page(s, view, cursor, limit)


async def queue_counts(s: AsyncSession, user: UUID | None = None) -> dict[str, int]:
    """How many cases stand in each open view."""
    return await counts(s, user)


async def queue_tally(
    s: AsyncSession, view: QueueView, choices: Mapping[str, Sequence[str]], now: datetime
) -> Tally:
    """How many cases each choice of a filter would leave."""
    return await tally(s, view, choices, now)


async def case_page(
    s: AsyncSession,
    case_id: UUID,
    ctx: Context | None = None,
    by: Actor | None = None,
    ask: str = AssignmentKind.OPINION,
) -> CasePage:
    """Everything about a case; with `ctx` and `by` also who could be asked for that kind of assignment."""
    case = await store.load(s, case_id)
    merged = await store.merged_into(s, case.id)
    ids = [case.id, *(one.id for one in merged)]
    wanted = ctx is not None and by is not None and case.state in OPEN
    found = await experts.candidates(ctx, s, case.id, by, kind=ask) if wanted and ctx and by else []
    return CasePage(
        case=case,
        claimed_by_name=await name_of(s, case.claimed_by),
        evidence=tuple(await evidence.of_case(s, case.id)),
        duplicates=tuple(merged),
        follows=await s.get(Case, case.follows) if case.follows else None,
        followers=tuple((await s.exec(select(Case).where(Case.follows == case.id))).all()),
        suggestion=await publications.latest(s, case.known_publication) if case.known_publication else None,
        answer=await publications.latest(s, case.answered_with) if case.answered_with else None,
        publications=tuple(
            (
                await s.exec(
                    select(Publication)
                    .where(col(Publication.case_id).in_(ids))
                    .order_by(col(Publication.sequence))
                )
            ).all()
        ),
        pieces=tuple(
            (
                await s.exec(select(Piece).where(col(Piece.case_id).in_(ids)).order_by(col(Piece.created_at)))
            ).all()
        ),
        assignments=tuple(
            (
                await s.exec(
                    select(Assignment)
                    .where(col(Assignment.case_id).in_(ids))
                    .order_by(col(Assignment.offered_at))
                )
            ).all()
        ),
        answers=tuple(
            (await s.exec(select(Answer).where(col(Answer.case_id).in_(ids)).order_by(col(Answer.at)))).all()
        ),
        history=tuple(await store.history(s, ids)),
        candidates=tuple(found),
    )
