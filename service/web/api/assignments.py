"""Assignments (任务): ask an expert, and what the expert and the desk do with the question."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, Field

from content.body import SourceRef, Verdict
from content.permissions import may
from expert_db import opinions
from expert_db.assignment_states import AssignmentState
from expert_db.assignments import AssignmentKind
from expert_db.offering import WhyNotFirst
from service.errors import Forbidden
from service.store import assignments as store
from service.usecases import assignments
from service.web.api.cursors import pack, unpack
from service.web.api.endpoint import Call, Endpoint
from service.web.api.shapes import Listed, Page, Paged, Plain, Sent, Shown, Versioned


class Which(Paged):
    """Of one case, or in one state. An expert sees their own only."""

    case: UUID | None = None
    state: AssignmentState | None = None


class Offer(Sent):
    """A question for one expert. `candidates`: who is asked next, in this order; else the best of the ranking."""

    case_id: UUID
    expert_id: UUID
    question: str = Field(min_length=1, max_length=2000)
    kind: AssignmentKind = AssignmentKind.OPINION
    due_at: AwareDatetime | None = None
    candidates: list[UUID] = Field(default=[], max_length=20)
    why_not_first: WhyNotFirst | None = Field(
        default=None, description="Where the best of the ranking was passed over."
    )


class Decline(Versioned):
    """Why not, and who else could."""

    reason: str = Field(max_length=2000)
    suggestion: str = Field(default="", max_length=500)


class Opinion(Versioned):
    """The expert's answer. On a rumor it needs a verdict, and an opinion needs a source."""

    text: str = Field(min_length=1, max_length=20_000)
    verdict: Verdict | None = None
    sources: list[SourceRef] = Field(default=[], max_length=30)
    reached: int | None = Field(
        default=None, ge=0, le=opinions.MOST_REACHED, description="Of a field task: how many people."
    )
    place: str = Field(default="", max_length=200, description="Of a field task: where.")


class Withdraw(Versioned):
    """Why the question is taken back."""

    reason: str = Field(max_length=2000)


class Decide(Sent):
    """Where two opinions differ: the verdict of the editor, with the reason on the record."""

    verdict: Verdict
    reason: str = Field(min_length=1, max_length=2000)


class DecisionOut(Shown):
    """What was decided. `answers` are the opinions that were weighed."""

    id: UUID
    case_id: UUID
    verdict: str
    reason: str
    answers: list[str]
    at: datetime


class AssignmentOut(Shown):
    """A question to an expert."""

    id: UUID
    case_id: UUID
    expert_id: UUID
    kind: Plain
    state: Plain
    question: str
    evidence: list[dict[str, Any]]
    offered_at: datetime
    respond_by: datetime
    due_at: datetime
    accepted_at: datetime | None
    ended_at: datetime | None
    note: str
    suggestion: str
    follows: UUID | None
    why_not_first: str
    version: int


class AnswerOut(Shown):
    """What an expert said."""

    id: UUID
    assignment_id: UUID
    expert_id: UUID
    verdict: str | None
    text: str
    sources: list[dict[str, Any]]
    reached: int | None
    place: str
    at: datetime


class AskBackOut(Shown):
    """A question back. `paused_until`: the expert's time stands still until the reply, at most until then."""

    id: UUID
    assignment_id: UUID
    state: Plain
    text: str
    asked_at: datetime
    paused_until: datetime | None
    reply: str
    ended_at: datetime | None


class HandOverOut(Shown):
    """A proposal that a colleague answers instead."""

    id: UUID
    assignment_id: UUID
    to_expert_id: UUID
    state: Plain
    reason: str
    note: str
    proposed_at: datetime
    ended_at: datetime | None


class NoticeOut(Shown):
    """What the expert was told by mail or telephone, and how that went."""

    kind: Plain
    state: Plain
    way: str
    code: str
    made_at: datetime
    told_at: datetime | None


class WholeAssignment(Shown):
    """An assignment with what its reader may see: an expert never sees a colleague's opinion. `can`: possible now."""

    assignment: AssignmentOut
    case_title: str
    case_kind: Plain
    needs_second: bool
    answers: list[AnswerOut]
    others: list[AnswerOut]
    can: list[str]
    asked_back: list[AskBackOut]
    hand_overs: list[HandOverOut]
    notices: list[NoticeOut]


async def listing(call: Call) -> Listed:
    """An expert's own, or for the desk all, newest first."""
    wanted, by = call.asked(Which), call.by
    own = None if may(by, "desk.read") else by.expert_id
    if own is None and not may(by, "desk.read"):
        raise Forbidden()
    before = unpack(wanted.cursor, datetime, UUID) if wanted.cursor else None
    place = (before[0], before[1]) if before else None
    rows = await store.page(call.session, own, wanted.case, wanted.state, place, wanted.limit + 1)
    shown = rows[: wanted.limit]
    return Listed(shown, pack(shown[-1].offered_at, shown[-1].id) if len(rows) > wanted.limit else None)


async def show(call: Call) -> object:
    """One assignment; somebody else's is not there."""
    return await assignments.page_for(call.session, call.id, call.by)


async def offer(call: Call) -> object:
    """Ask."""
    sent = call.sent(Offer)
    return await assignments.offer(
        call.ctx, call.session, sent.case_id, sent.expert_id, sent.question, call.by,
        kind=sent.kind, due_at=sent.due_at, candidates=sent.candidates, why_not_first=sent.why_not_first or "",
    )  # fmt: skip


async def accept(call: Call) -> object:
    """The expert takes it up."""
    return await assignments.accept(call.ctx, call.session, call.id, call.by, call.sent(Versioned).version)


async def decline(call: Call) -> object:
    """The expert says no; the next in line is asked."""
    sent = call.sent(Decline)
    return await assignments.decline(
        call.ctx, call.session, call.id, sent.reason, sent.suggestion, call.by, sent.version
    )


async def answer(call: Call) -> object:
    """The expert answers."""
    sent = call.sent(Opinion)
    sources = [source.model_dump(mode="json") for source in sent.sources]
    report = opinions.Report(sent.reached, sent.place)
    return await assignments.answer(
        call.ctx, call.session, call.id, sent.text, sent.verdict, sources, call.by, sent.version, report
    )


async def withdraw(call: Call) -> object:
    """The desk takes the question back."""
    sent = call.sent(Withdraw)
    return await assignments.withdraw(call.ctx, call.session, call.id, sent.reason, call.by, sent.version)


async def decide(call: Call) -> object:
    """The editor decides between two opinions."""
    sent = call.sent(Decide)
    return await assignments.decide(call.ctx, call.session, call.id, sent.verdict, sent.reason, call.by)


MINE, ASK, READ = "assignment.answer", "assignment.offer", "assignment.answer|desk.read"
ENDPOINTS = (
    Endpoint("GET", "/assignments", "assignments", "Questions to experts", READ, listing, answer=Page[AssignmentOut], query=Which),
    Endpoint(
        "POST", "/assignments", "assignments.offer", "Ask an expert", ASK, offer,
        answer=AssignmentOut, body=Offer, status=201, errors=(404, 409), after="assign.after_commit",
    ),
    Endpoint("GET", "/assignments/{id}", "assignment", "One question", READ, show, answer=WholeAssignment, errors=(404,)),
    Endpoint(
        "POST", "/assignments/{id}/accept", "assignment.accept", "Take a question up", MINE, accept,
        answer=AssignmentOut, body=Versioned, errors=(404, 409),
    ),
    Endpoint(
        "POST", "/assignments/{id}/decline", "assignment.decline", "Say no to a question", MINE, decline,
        answer=AssignmentOut, body=Decline, errors=(404, 409),
    ),
    Endpoint(
        "POST", "/assignments/{id}/answer", "assignment.answer", "Answer a question", MINE, answer,
        answer=AnswerOut, body=Opinion, status=201, errors=(404, 409),
    ),
    Endpoint(
        "POST", "/assignments/{id}/withdraw", "assignment.withdraw", "Take a question back", ASK, withdraw,
        answer=AssignmentOut, body=Withdraw, errors=(404, 409),
    ),
    Endpoint(
        "POST", "/cases/{id}/decide", "case.decide", "Decide between two opinions that differ", ASK, decide,
        answer=DecisionOut, body=Decide, status=201, errors=(404, 409),
    ),
)  # fmt: skip
