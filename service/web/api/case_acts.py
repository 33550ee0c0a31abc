"""What is done with a case: one address an act."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import Field

from service.usecases import cases
from service.web.api.cases import CaseOut
from service.web.api.endpoint import Call, Endpoint, Run
from service.web.api.shapes import Sent, Versioned


class WithReason(Versioned):
    """Why, for the record."""

    reason: str = Field(max_length=500)


class Merge(Versioned):
    """The case that this one is the same as."""

    into: UUID


class Split(Versioned):
    """The evidence that becomes a case of its own."""

    evidence: list[UUID] = Field(min_length=1, max_length=500)
    title: str = Field(default="", max_length=300)


class AnswerWith(Versioned):
    """The publication that answers this."""

    public_id: str = Field(pattern=r"^[0-9a-z]{1,32}$")


class Label(Sent):
    """What the texts of the case are: rumor, debunk, emergency, ordinary, or nothing (takes back what was said)."""

    said: str = Field(pattern=r"^(rumor|debunk|emergency|ordinary|nothing)$")
    hazard: str | None = Field(default=None, max_length=32)


class Bare(Sent):
    """No fields."""


async def dismiss(call: Call) -> object:
    """Close without an answer."""
    sent = call.sent(WithReason)
    return await cases.dismiss(call.ctx, call.session, call.id, sent.reason, call.by, sent.version)


async def reopen(call: Call) -> object:
    """Bring a closed case back."""
    sent = call.sent(WithReason)
    return await cases.reopen(call.ctx, call.session, call.id, sent.reason, call.by, sent.version)


async def merge(call: Call) -> object:
    """Join it to another."""
    sent = call.sent(Merge)
    return await cases.merge(call.ctx, call.session, call.id, sent.into, call.by, sent.version)


async def split(call: Call) -> object:
    """Part some evidence off; answers the new case."""
    sent = call.sent(Split)
    return await cases.split(
        call.ctx, call.session, call.id, sent.evidence, sent.title, call.by, sent.version
    )


async def answer(call: Call) -> object:
    """Answer it with what is published already."""
    sent = call.sent(AnswerWith)
    return await cases.answer_with(call.ctx, call.session, call.id, sent.public_id, call.by, sent.version)


async def label(call: Call) -> object:
    """Tell the model what the texts are; the case does not change."""
    sent = call.sent(Label)
    return await cases.label(call.ctx, call.session, call.id, sent.said, call.by, sent.hazard)


def _versioned(of: Any) -> Run:
    async def run(call: Call) -> object:
        return await of(call.ctx, call.session, call.id, call.by, call.sent(Versioned).version)

    return run


def _bare(of: Any) -> Run:
    async def run(call: Call) -> object:
        return await of(call.ctx, call.session, call.id, call.by)

    return run


ACTS: tuple[tuple[str, str, Run, type[Sent]], ...] = (
    ("claim", "Take a case", _versioned(cases.claim), Versioned),
    ("release", "Give a case back", _versioned(cases.release), Versioned),
    ("dismiss", "Close a case without an answer", dismiss, WithReason),
    ("reopen", "Bring a closed case back", reopen, WithReason),
    ("merge", "Join a case to another", merge, Merge),
    ("unmerge", "Take a merge back", _versioned(cases.unmerge), Versioned),
    ("split", "Part evidence off into a new case", split, Split),
    ("answer", "Answer a case with an earlier publication", answer, AnswerWith),
    ("refuse", "Say that the suggested publication does not fit", _bare(cases.refuse_suggestion), Bare),
    ("label", "Say what the texts of a case are, for the model to learn", label, Label),
    ("noted", "Say that a changed source story was looked at", _bare(cases.acknowledge_change), Bare),
    ("undo", "Take the last act back", _versioned(cases.undo), Versioned),
)
ENDPOINTS = tuple(
    Endpoint(
        "POST",
        f"/cases/{{id}}/{name}",
        f"case.{name}",
        summary,
        "case.triage",
        run,
        answer=CaseOut,
        body=body,
        errors=(404, 409),
    )
    for name, summary, run, body in ACTS
)
