"""Experts (专家库): the directory with contact data masked, revealing it for a reason, and who could answer a case."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from content.permissions import may
from expert_db.assignments import AssignmentKind
from expert_db.drafts import ExpertDraft
from expert_db.experts import ExpertKind
from expert_db.match import Candidate
from service.errors import NotFound
from service.usecases import experts
from service.web.api.cursors import pack, unpack
from service.web.api.endpoint import Call, Endpoint, Run
from service.web.api.shapes import Listed, Page, Paged, Plain, Reason, Sent, Shown, Version


class ExpertQuery(Paged):
    """Part of a name, unit or profile; `active=false` shows those taken out."""

    q: str = Field(default="", max_length=100)
    kind: ExpertKind | None = None
    active: bool = True


class ExpertOut(Shown):
    """An expert. `contact_masked` is all that a list ever shows of contact data."""

    id: UUID
    kind: Plain
    name: str
    title: str
    unit: str
    disciplines: list[str]
    hazards: list[str]
    topics: list[str]
    regions: list[str]
    tier: str
    audiences: list[str]
    skills: list[str]
    languages: list[str]
    profile: str
    on_call: list[dict[str, Any]]
    away: list[dict[str, str]]
    load_limit: int
    conflicts: list[str]
    term_start: date | None
    term_end: date | None
    consent: dict[str, Any]
    contact_masked: str
    active: bool
    updated_at: datetime
    version: int


class ExpertChanges(Sent):
    """Any fields of an expert, as in making one; those not sent stay."""

    fields: dict[str, Any]
    version: Version = None


class ContactShown(Shown):
    """Contact data in the clear. Seeing it is on the record."""

    phone: str
    email: str


class CandidateQuery(Sent):
    """How many, and for which kind of question."""

    limit: int = Field(default=8, ge=1, le=50)
    kind: AssignmentKind = AssignmentKind.OPINION


class CandidateOut(Shown):
    """Somebody who can be asked. The points of `reasons` add up to `score`."""

    expert_id: UUID
    name: str
    unit: str
    score: int
    reasons: list[dict[str, Any]]
    open: int
    on_duty: bool
    contact_masked: str


class Candidates(Shown):
    """Best first."""

    items: list[CandidateOut]


def candidate(one: Candidate) -> dict[str, Any]:
    """A candidate as the API shows it."""
    return {
        "expert_id": one.expert_id,
        "name": one.profile.name,
        "unit": one.profile.unit,
        "score": one.score,
        "reasons": [reason.to_json() for reason in one.reasons],
        "open": one.open,
        "on_duty": one.on_duty,
        "contact_masked": one.contact_masked,
    }


async def listing(call: Call) -> Listed:
    """By name."""
    wanted = call.asked(ExpertQuery)
    after = unpack(wanted.cursor, str)[0] if wanted.cursor else ""
    rows, more = await experts.listing(
        call.session, call.by, wanted.q, wanted.kind or "", wanted.active, after, wanted.limit
    )
    return Listed(rows, pack(more) if more else None)


async def show(call: Call) -> object:
    """One expert; to an expert only their own entry is there."""
    if not may(call.by, "expert.read") and call.id != call.by.expert_id:
        raise NotFound(subject="expert")
    return await experts.load(call.session, call.id, call.by)


async def create(call: Call) -> object:
    """Add somebody."""
    return await experts.create(
        call.ctx, call.session, call.sent(ExpertDraft).model_dump(exclude_unset=True), call.by
    )


async def edit(call: Call) -> object:
    """Change some fields."""
    sent = call.sent(ExpertChanges)
    return await experts.edit(call.ctx, call.session, call.id, sent.fields, call.by, sent.version)


async def reveal(call: Call) -> object:
    """Contact data, for a reason."""
    return await experts.reveal(call.ctx, call.session, call.id, call.sent(Reason).reason, call.by)


async def candidates(call: Call) -> dict[str, Any]:
    """Who could answer a case."""
    wanted = call.asked(CandidateQuery)
    found = await experts.candidates(call.ctx, call.session, call.id, call.by, wanted.limit, wanted.kind)
    return {"items": [candidate(one) for one in found]}


def _switch(of: Any) -> Run:
    async def run(call: Call) -> object:
        return await of(call.ctx, call.session, call.id, call.sent(Reason).reason, call.by)

    return run


ENDPOINTS = (
    Endpoint("GET", "/experts", "experts", "The directory", "expert.read", listing, answer=Page[ExpertOut], query=ExpertQuery),
    Endpoint(
        "POST", "/experts", "experts.create", "Add an expert", "expert.edit", create,
        answer=ExpertOut, body=ExpertDraft, status=201,
    ),
    Endpoint(
        "GET", "/experts/{id}", "expert", "One expert, contact data masked", "expert.read|assignment.answer", show,
        answer=ExpertOut, errors=(404,),
    ),
    Endpoint(
        "PATCH", "/experts/{id}", "expert.edit", "Change an expert", "expert.edit", edit,
        answer=ExpertOut, body=ExpertChanges, errors=(404, 409),
    ),
    Endpoint(
        "POST", "/experts/{id}/reveal", "expert.reveal", "See contact data, on the record", "expert.reveal", reveal,
        answer=ContactShown, body=Reason, errors=(404,),
    ),
    Endpoint(
        "POST", "/experts/{id}/deactivate", "expert.deactivate", "Take an expert out", "expert.edit",
        _switch(experts.deactivate), answer=ExpertOut, body=Reason, errors=(404, 409),
    ),
    Endpoint(
        "POST", "/experts/{id}/activate", "expert.activate", "Bring an expert back", "expert.edit",
        _switch(experts.activate), answer=ExpertOut, body=Reason, errors=(404, 409),
    ),
    Endpoint(
        "GET", "/cases/{id}/candidates", "case.candidates", "Who could answer a case", "expert.read", candidates,
        answer=Candidates, query=CandidateQuery, errors=(404,),
    ),
)  # fmt: skip
