"""Cases (事项): the queue, one case with everything about it, and opening one by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from content.cases import CaseKind
from content.permissions import may
from service.usecases import cases
from service.web.api.endpoint import Call, Endpoint
from service.web.api.experts import CandidateOut, candidate
from service.web.api.shapes import Listed, Page, Paged, Plain, Region, Sent, Shown

View = Literal["flagged", "all", "mine", "answered", "dismissed"]
Signal = Literal["rumor", "emergency", "debunk", "known", "question", "none"]
Age = Literal["1h", "6h", "1d", "3d", "7d", "older"]
Sort = Literal["priority", "newest", "oldest"]


class QueueQuery(Paged):
    """Which cases. `flagged`: what wants an editor."""

    view: View = "flagged"
    kind: CaseKind | None = None
    region: Region | Literal["local"] | None = Field(
        default=None, description="Division code of six digits, or `local`: any place of the city."
    )
    hazard: str = Field(default="", max_length=32)
    q: str = Field(default="", max_length=100, description="Part of a title.")
    signal: Signal | None = Field(
        default=None,
        description="What its reasons say: a case told like a rumor that is an emergency answers to both. "
        "`known`: an earlier publication may answer it; `question`: somebody asks; `none`: everyday news.",
    )
    topic: str = Field(default="", max_length=32, description="A topic of the taxonomy.")
    source: UUID | None = Field(default=None, description="Id of a source among its evidence.")
    age: Age | None = Field(
        default=None, description="Since something was last seen of it; `older`: nothing for seven days."
    )
    sort: Sort = Field(
        default="priority", description="Most urgent first, or by what was last seen of it: newest or oldest."
    )


class NewCase(Sent):
    """What an editor heard elsewhere."""

    title: str = Field(min_length=1, max_length=300)
    kind: CaseKind = CaseKind.QUESTION
    text: str = Field(default="", max_length=8000)
    url: str = Field(default="", max_length=2000)


class CaseOut(Shown):
    """A case. The points of its `reasons` add up to `priority`."""

    id: UUID
    kind: Plain
    state: Plain
    title: str
    category: str | None
    hazard: str | None
    level: str | None
    regions: list[str]
    topics: list[str]
    priority: int
    reasons: list[dict[str, Any]]
    demand: int
    sources: int
    claimed_by: UUID | None
    merged_into: UUID | None
    dismissed_reason: str | None
    known_publication: str | None
    answered_with: str | None
    changed_after_approval: bool
    first_seen: datetime
    last_seen: datetime
    version: int


class Row(Shown):
    """A case in the queue, and who is on it."""

    case: CaseOut
    claimed_by_name: str | None


class EvidenceOut(Shown):
    """One thing somebody saw, as it was."""

    id: UUID
    kind: Plain
    source_name: str
    authority: bool
    url: str | None
    title: str
    text: str
    published: datetime | None
    seen_at: datetime
    assessment: dict[str, Any] | None


class Brief(Shown):
    """Something that belongs to a case, by its id."""

    id: UUID
    kind: Plain
    state: Plain


class Act(Shown):
    """One entry of a case's history."""

    at: datetime
    actor_name: str
    act: str
    reason: str


class WholeCase(Shown):
    """Everything about a case. `suggestion`: public id of what may answer it already."""

    case: CaseOut
    claimed_by_name: str | None
    evidence: list[EvidenceOut]
    duplicates: list[CaseOut]
    pieces: list[Brief]
    assignments: list[Brief]
    publications: list[str]
    suggestion: str | None
    history: list[Act]
    candidates: list[CandidateOut]


async def listing(call: Call) -> Listed:
    """One page of a view, most urgent first unless another order is asked for."""
    wanted = call.asked(QueueQuery)
    view = cases.QueueView(
        name=wanted.view,
        kind=wanted.kind,
        region=wanted.region,
        hazard=wanted.hazard or None,
        text=wanted.q,
        user=call.by.id,
        signal=wanted.signal,
        topic=wanted.topic or None,
        source=wanted.source,
        age=wanted.age,
        sort=wanted.sort,
        now=call.ctx.now(),
    )
    page = await cases.queue(call.session, view, wanted.cursor or None, wanted.limit)
    return Listed(page.rows, page.next)


async def show(call: Call) -> dict[str, Any]:
    """One case."""
    who = call.by if may(call.by, "expert.read") else None
    found = await cases.case_page(call.session, call.id, call.ctx, who)
    return {
        "case": found.case,
        "claimed_by_name": found.claimed_by_name,
        "evidence": found.evidence,
        "duplicates": found.duplicates,
        "pieces": found.pieces,
        "assignments": found.assignments,
        "publications": list(dict.fromkeys(one.public_id for one in found.publications)),
        "suggestion": found.suggestion.public_id if found.suggestion else None,
        "history": found.history,
        "candidates": [candidate(one) for one in found.candidates],
    }


async def open_case(call: Call) -> object:
    """Open a case by hand."""
    sent = call.sent(NewCase)
    return await cases.open_by_hand(
        call.ctx, call.session, sent.title, sent.kind, sent.text, call.by, url=sent.url
    )


ENDPOINTS = (
    Endpoint("GET", "/cases", "cases", "The queue, most urgent first unless asked otherwise", "desk.read", listing, answer=Page[Row], query=QueueQuery),
    Endpoint(
        "POST", "/cases", "cases.open", "Open a case by hand", "case.triage", open_case,
        answer=CaseOut, body=NewCase, status=201,
    ),
    Endpoint("GET", "/cases/{id}", "case", "Everything about one case", "desk.read", show, answer=WholeCase, errors=(404,)),
)  # fmt: skip
