"""Weights of matching learnt from the editors' choices: the proposal with its gate's report, using it, putting it back."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from pydantic import Field

from expert_db.learning import Lesson
from expert_db.weights import Weights
from service.errors import Conflict
from service.usecases import matching_weights
from service.web.api.endpoint import Call, Endpoint
from service.web.api.shapes import Nothing, Sent, Shown


class SharesOut(Shown):
    """How well scales foresee the choices put aside: share taken first, among the first three, and mean log-likelihood."""

    first: float
    first_three: float
    likelihood: float


class LessonOut(Shown):
    """What was learnt from `choices` choices, `held_out` of them for judging only, and what the gate found.

    `scales`: by reason, against the house's own weights. `named_before` and `named_after`: share of the named cases whose
    expert is found. `refused`: codes of what speaks against using it; empty when it may be used. `sha256` names the proposal.
    """

    sha256: str
    choices: int
    held_out: int
    scales: dict[str, float]
    before: SharesOut
    after: SharesOut
    named_before: float
    named_after: float
    refused: list[str]


class InUse(Shown):
    """Numbers that matching reckons with, by name: mostly points by reason. What a kind of expert is worth is not learnt."""

    weights: dict[str, float]


class Proposal(InUse):
    """What is in use, and what could be."""

    lesson: LessonOut


class Chosen(Sent):
    """The proposal that was read: another one, from later choices, is a conflict."""

    sha256: str = Field(pattern="^[0-9a-f]{64}$")


def digest(lesson: Lesson) -> str:
    """Names a proposal: what was learnt, from how much, and what speaks against it."""
    what = [lesson.choices, lesson.held_out, sorted(lesson.scales.items()), sorted(lesson.refused)]
    return hashlib.sha256(json.dumps(what).encode()).hexdigest()


async def learn(call: Call) -> Lesson:
    """Learn from all choices so far. Takes a moment, so no transaction that writes is open meanwhile."""
    async with call.house.db.read() as session:
        return await matching_weights.lesson(call.ctx, session, call.by)


async def show(call: Call) -> dict[str, Any]:
    """Changes nothing."""
    lesson: Lesson = call.found
    in_use = await matching_weights.weights(call.session)
    return {**_told(in_use), "lesson": LessonOut.model_validate({**vars(lesson), "sha256": digest(lesson)})}


async def apply(call: Call) -> dict[str, Any]:
    """Use the proposal that was read, unless the gate refused it."""
    if digest(call.found) != call.sent(Chosen).sha256:
        raise Conflict
    return _told(await matching_weights.apply(call.ctx, call.session, call.found, call.by))


async def put_back(call: Call) -> dict[str, Any]:
    """Reckon with the house's own weights again."""
    return _told(await matching_weights.put_back(call.ctx, call.session, call.by))


def _told(weights: Weights) -> dict[str, Any]:
    return {
        "weights": {name: value for name, value in vars(weights).items() if isinstance(value, int | float)}
    }


ENDPOINTS = (
    Endpoint(
        "GET", "/matching-weights", "matching_weights", "Weights of matching: in use, and learnt from choices with the gate's report",
        "setting.edit", show, answer=Proposal, prepare=learn,
    ),
    Endpoint(
        "POST", "/matching-weights/apply", "matching_weights.apply", "Use the learnt weights from now on", "setting.edit", apply,
        answer=InUse, body=Chosen, errors=(409,), prepare=learn,
    ),
    Endpoint(
        "POST", "/matching-weights/put-back", "matching_weights.put_back", "Use the house's own weights again", "setting.edit", put_back,
        answer=InUse, body=Nothing,
    ),
)  # fmt: skip
