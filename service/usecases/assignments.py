"""Assignments (任务): offer a question, and what the expert and the desk do with it.

    offer → accept → answer          decline or silence → the next in line is asked by itself          withdraw

Who is fit to be asked is `matching`; time running out is `lapsing`; links that open on a phone are `assignment_links`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from content import permissions
from content.case_states import CaseState
from content.cases import Evidence
from content.errors import IllegalTransition
from content.permissions import Actor
from expert_db import offering, opinions
from expert_db.assignment_states import AssignmentState
from expert_db.assignments import Answer, Assignment, AssignmentKind, Decision
from expert_db.errors import BadQuestion
from expert_db.notices import NoticeKind
from expert_db.offering import FALLBACKS, Question
from expert_db.opinions import Report, Standing
from expert_db.privacy import without_contact
from service.context import Context
from service.errors import NotFound
from service.store import assignments as store
from service.store import audit, notices
from service.store.notify import announce
from service.usecases import matching
from service.usecases.assignment_page import AssignmentPage, page_for
from service.usecases.assignment_steps import step
from service.usecases.assignment_terms import terms
from service.usecases.lapsing import ask_next, expire_due, remind_due

__all__ = [
    "CASE_ANSWERED", "AssignmentPage", "accept", "answer", "decide", "decline", "expire_due", "mine", "offer", "page_for", "remind_due",
    "standing", "withdraw", "withdraw_all",
]  # fmt: skip

CASE_ANSWERED = "case_answered"  # why a question was taken back: a code; the pages have words for it
EVIDENCE_KEPT = 20
SHORTLIST = 8


async def offer(
    ctx: Context,
    s: AsyncSession,
    case_id: UUID,
    expert_id: UUID,
    question: str,
    by: Actor,
    kind: str = AssignmentKind.OPINION,
    due_at: datetime | None = None,
    candidates: Sequence[UUID] = (),
    why_not_first: str = "",
) -> Assignment:
    """Ask one expert. NotACandidate names the walls. Next in line are `candidates`, or else the best of the ranking.

    `why_not_first` is a code of `offering.WhyNotFirst`, kept with the shortlist where somebody with more points was passed over.
    """
    permissions.require(by, "assignment.offer")
    if kind not in set(AssignmentKind):
        raise BadQuestion(kind=kind)
    await store.lock(s)
    found = await matching.ranking(ctx, s, case_id, kind)
    if found.case.state not in (CaseState.QUEUED, CaseState.ACCEPTED):
        raise IllegalTransition(subject="case", state=found.case.state, event="assignment.offer")
    if expert_id not in found.ranking.directory.position:
        raise NotFound(subject="expert")
    shortlist = found.ranking.best(SHORTLIST)
    in_line = list(candidates) or [one.expert_id for one in shortlist]
    made = offering.offer(
        ctx.new_id(),
        Question(
            case_id, question, kind, _copies(found.evidence), found.case.incident_id is not None, due_at
        ),
        expert_id,
        found.ranking.walls_of(expert_id),
        found.ranking.of(expert_id).reasons,
        shortlist,
        [one for one in in_line if one != expert_id][:FALLBACKS],
        by,
        ctx.now(),
        await terms(s),
        why_not_first,
    )
    await store.add(s, made)
    await notices.add(ctx, s, made.id, NoticeKind.OFFER)
    after = {"case": str(case_id), "expert": str(expert_id), "kind": kind, "gear": made.gear}
    await audit.record(ctx, s, by, "assignment.offer", "assignment", made.id, after=after)
    await announce(s, "assignments", str(made.id))
    return made


def _copies(evidence: Sequence[Evidence]) -> tuple[dict[str, Any], ...]:
    """What the expert needs of the evidence, copied: purging old items takes nothing away from them."""
    return tuple(
        {
            "id": str(one.id),
            "title": one.title,
            "text": one.text[:4000],
            "source": one.source_name,
            "url": one.url,
            "authority": one.authority,
            "published": one.published.isoformat() if one.published else None,
        }
        for one in evidence[:EVIDENCE_KEPT]
    )


async def accept(
    ctx: Context, s: AsyncSession, assignment_id: UUID, by: Actor, version: int | None = None
) -> Assignment:
    """The expert takes the question up."""
    permissions.require(by, "assignment.answer")
    assignment = await store.load(s, assignment_id)
    return await step(
        ctx, s, assignment, offering.accept(assignment, by, ctx.now(), await terms(s)), by, version
    )


async def decline(
    ctx: Context,
    s: AsyncSession,
    assignment_id: UUID,
    reason: str,
    suggestion: str,
    by: Actor,
    version: int | None = None,
) -> Assignment:
    """The expert says no, or hands an accepted question back; the next in line is asked at once."""
    permissions.require(by, "assignment.answer")
    await store.lock(s)
    assignment = await store.load(s, assignment_id)
    change = offering.decline(assignment, reason, suggestion, by, ctx.now())
    ended = await step(ctx, s, assignment, change, by, version, reason)
    await ask_next(ctx, s, ended)
    return ended


async def answer(
    ctx: Context,
    s: AsyncSession,
    assignment_id: UUID,
    text: str,
    verdict: str | None,
    sources: Sequence[dict[str, Any]],
    by: Actor,
    version: int | None = None,
    report: Report | None = None,
) -> Answer:
    """The expert answers; the assignment is fulfilled. An offer answered at once counts as accepted first.

    A field dissemination is answered with a `report`: how many people were reached, and where.
    """
    permissions.require(by, "assignment.answer")
    assignment = await store.load(s, assignment_id)
    if assignment.state == AssignmentState.OFFERED:
        assignment = await step(
            ctx, s, assignment, offering.accept(assignment, by, ctx.now(), await terms(s)), by, version
        )
        version = None
    change = offering.fulfil(assignment, by, ctx.now())
    case, _ = await store.subject(s, assignment.case_id)
    given = opinions.answer(ctx.new_id(), assignment, case, text, verdict, sources, ctx.now(), report)
    await step(ctx, s, assignment, change, by, version)
    s.add(given)
    after = {"case": str(case.id), "verdict": verdict, "sources": len(given.sources)}
    if given.reached is not None:
        after["reached"] = given.reached
    await audit.record(ctx, s, by, "assignment.answer", "assignment", assignment_id, after=after)
    await announce(s, "queue", str(case.id))
    return given


async def withdraw(
    ctx: Context, s: AsyncSession, assignment_id: UUID, reason: str, by: Actor, version: int | None = None
) -> Assignment:
    """The desk takes the question back."""
    permissions.require(by, "assignment.offer")
    assignment = await store.load(s, assignment_id)
    change = offering.withdraw(assignment, reason, ctx.now())
    return await step(ctx, s, assignment, change, by, version, reason)


async def withdraw_all(ctx: Context, s: AsyncSession, case_id: UUID, reason: str, by: Actor) -> int:
    """Take back every open question about a case that needs no answer any more; how many there were."""
    permissions.require(by, "assignment.offer")
    chosen = [one for one in await store.of_case(s, case_id) if one.state in store.OPEN]
    for assignment in chosen:
        await step(ctx, s, assignment, offering.withdraw(assignment, reason, ctx.now()), by, None, reason)
    return len(chosen)


async def mine(s: AsyncSession, expert_id: UUID) -> list[Assignment]:
    """An expert's own assignments, open ones first."""
    return await store.mine(s, expert_id)


async def standing(s: AsyncSession, case_id: UUID) -> Standing:
    """How far the opinions on a case are: how many are needed, given, and whether they differ."""
    case, _ = await store.subject(s, case_id)
    return opinions.standing(
        case,
        await store.of_case(s, case_id),
        await store.answers(s, case_id),
        await store.decisions(s, case_id),
    )


async def decide(
    ctx: Context, s: AsyncSession, case_id: UUID, verdict: str, reason: str, by: Actor
) -> Decision:
    """Where two experts differ, the editor decides with a reason, on the record. IllegalTransition when they do not differ."""
    permissions.require(by, "assignment.offer")
    await store.lock(s)
    now = await standing(s, case_id)
    if now.state not in ("differ", "decided") or by.id is None:
        raise IllegalTransition(subject="opinions", state=now.state, event="decide")
    case, _ = await store.subject(s, case_id)
    made = opinions.decide(
        ctx.new_id(), case, await store.answers(s, case_id), verdict, reason, by.id, ctx.now()
    )
    s.add(made)
    after = {"verdict": verdict, "answers": made.answers}
    await audit.record(
        ctx, s, by, "opinion.decide", "case", case_id, after=after, reason=without_contact(made.reason)
    )
    await announce(s, "queue", str(case_id))
    return made
