"""Incidents (应急事件): propose, endorse, activate as a second person, stand down, close, set aside."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from service.usecases import incident_help, incidents
from service.web.api.assignments import AssignmentOut
from service.web.api.cases import CaseOut
from service.web.api.cursors import pack, unpack
from service.web.api.endpoint import Call, Endpoint, Run
from service.web.api.experts import CandidateOut, candidate
from service.web.api.pieces import PieceOut
from service.web.api.shapes import Listed, Nothing, Page, Paged, Plain, Region, Sent, Shown, Versioned


class NewIncident(Sent):
    """A proposal. It changes nothing until a second person activates it. `level` is the authority's, never ours."""

    name: str = Field(min_length=1, max_length=110)
    hazard: str = Field(max_length=32)
    level: str | None = Field(default=None, max_length=8)
    regions: list[Region] = Field(min_length=1, max_length=300)
    reason: str = Field(min_length=1, max_length=1000)
    order_source: str = Field(default="", max_length=200)
    exercise: bool = False


class Because(Versioned):
    """Why, for the record."""

    reason: str = Field(min_length=1, max_length=1000)


class IncidentOut(Shown):
    """An incident. `proposed_by` is null while only a relayed warning proposes it."""

    id: UUID
    name: str
    hazard: str
    category: str
    level: str | None
    regions: list[str]
    state: Plain
    exercise: bool
    order_source: str
    warning_ref: str | None
    case_id: UUID
    proposed_by: UUID | None
    proposed_at: datetime
    activated_by: UUID | None
    activated_at: datetime | None
    end_proposed_at: datetime | None
    stood_down_at: datetime | None
    closed_at: datetime | None
    set_aside: bool
    version: int


class IncidentActOut(Shown):
    """Who did what, and why."""

    act: str
    by_name: str
    at: datetime
    reason: str
    details: dict[str, Any]


class QuestionAsked(Shown):
    """A question to an expert in this incident."""

    id: UUID
    expert_id: UUID
    kind: Plain
    state: Plain
    due_at: datetime


class WholeIncident(Shown):
    """An incident with everything that was done about it."""

    incident: IncidentOut
    acts: list[IncidentActOut]
    cases: list[CaseOut]
    asked: list[QuestionAsked]


class Ask(Sent):
    """One question for a panel of experts and for departments: all are asked, or nobody."""

    experts: list[UUID] = Field(default=[], max_length=20)
    departments: list[UUID] = Field(default=[], max_length=20)
    question: str = Field(min_length=1, max_length=1900)


class AllAsked(Shown):
    """The questions that went out."""

    items: list[AssignmentOut]


class Panel(Shown):
    """Who could be asked now, best first: experts explain, departments confirm."""

    experts: list[CandidateOut]
    departments: list[CandidateOut]


class Prepared(Shown):
    """Drafts made of explainers that were approved in quiet times."""

    items: list[PieceOut]


async def listing(call: Call) -> Listed:
    """Active ones first, then newest first."""
    wanted = call.asked(Paged)
    rows = list(await incidents.listing(call.session))
    start = 0
    if wanted.cursor:
        last = unpack(wanted.cursor, UUID)[0]
        start = next((place + 1 for place, row in enumerate(rows) if row.id == last), len(rows))
    shown = rows[start : start + wanted.limit]
    return Listed(shown, pack(shown[-1].id) if len(rows) > start + wanted.limit else None)


async def show(call: Call) -> object:
    """One incident."""
    return await incidents.page(call.session, call.id)


async def propose(call: Call) -> object:
    """Propose by hand."""
    sent = call.sent(NewIncident)
    return await incidents.propose(
        call.ctx,
        call.session,
        sent.name,
        sent.hazard,
        sent.level,
        sent.regions,
        sent.reason,
        call.by,
        order_source=sent.order_source,
        exercise=sent.exercise,
    )


async def panel(call: Call) -> dict[str, Any]:
    """Whom to ask."""
    incident = (await incidents.page(call.session, call.id)).incident
    found = await incident_help.panel(call.ctx, call.session, incident, call.by)
    return {
        "experts": [candidate(one) for one in found.experts],
        "departments": [candidate(one) for one in found.departments],
    }


async def ask(call: Call) -> dict[str, Any]:
    """Ask them in one step."""
    sent = call.sent(Ask)
    made = await incident_help.offer_all(
        call.ctx, call.session, call.id, sent.experts, sent.departments, sent.question, call.by
    )
    return {"items": made}


async def prepare(call: Call) -> dict[str, Any]:
    """Open the prepared explainers as drafts."""
    return {"items": await incident_help.prepare(call.ctx, call.session, call.id, call.by)}


def _act(of: Any) -> Run:
    async def run(call: Call) -> object:
        sent = call.sent(Because)
        return await of(call.ctx, call.session, call.id, sent.reason, call.by, sent.version)

    return run


ACTS = (
    ("endorse", "Be the first person behind what a warning proposed", "incident.propose", incidents.endorse),
    ("activate", "Be the second person: into emergency gear", "incident.activate", incidents.activate),
    ("stand-down", "Back to the everyday gear", "incident.activate", incidents.stand_down),
    ("close", "Over for good", "incident.activate", incidents.close),
    ("set-aside", "Do not follow a proposal", "incident.propose", incidents.set_aside),
)
ENDPOINTS = (
    Endpoint(
        "GET", "/incidents", "incidents", "Incidents, active ones first", "desk.read", listing,
        answer=Page[IncidentOut], query=Paged,
    ),
    Endpoint(
        "POST", "/incidents", "incidents.propose", "Propose an incident", "incident.propose", propose,
        answer=IncidentOut, body=NewIncident, status=201,
    ),
    Endpoint(
        "GET", "/incidents/{id}", "incident", "One incident", "desk.read", show,
        answer=WholeIncident, errors=(404,),
    ),
    *(
        Endpoint(
            "POST", f"/incidents/{{id}}/{name}", f"incident.{name.replace('-', '_')}", summary, act, _act(of),
            answer=IncidentOut, body=Because, errors=(404, 409),
        )
        for name, summary, act, of in ACTS
    ),
    Endpoint(
        "GET", "/incidents/{id}/panel", "incident.panel", "Whom to ask in an incident", "expert.read", panel,
        answer=Panel, errors=(404,),
    ),
    Endpoint(
        "POST", "/incidents/{id}/ask", "incident.ask", "Ask experts and departments at once", "assignment.offer", ask,
        answer=AllAsked, body=Ask, status=201, errors=(404, 409), after="assign.after_commit",
    ),
    Endpoint(
        "POST", "/incidents/{id}/prepare", "incident.prepare", "Open prepared explainers as drafts", "piece.write",
        prepare, answer=Prepared, body=Nothing, status=201, errors=(404, 409),
    ),
)  # fmt: skip
