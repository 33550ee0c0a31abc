"""Learn the weights of matching from what editors chose. A candidate set of weights, and whether it may be used.

    choices → held-out quarter put aside → scales of the learnt reasons → Weights → judged on the quarter and on the named cases

A choice is a shortlist with every suggestion's points by reason, and who was taken. The scales maximise how likely the choices
were (a conditional logit), pulled towards 1 so that little data changes little, and are kept between a half and twice. Hard walls
and the kind of expert are not learnt. Deterministic; does not load or store.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from expert_db.assignments import Assignment
from expert_db.offering import WhyNotFirst
from expert_db.weights import WEIGHTS, Weights

LEARNT: Final[Mapping[str, tuple[str, ...]]] = {
    "text": ("text",),
    "hazard": ("hazard",),
    "topic": ("topic", "topic_more"),
    "region": ("region", "region_city", "region_other"),
    "audience": ("audience",),
    "on_duty": ("on_duty", "on_duty_urgent"),
    "load": ("load",),
    "record": ("record",),
}
"""The reasons that are learnt, and the weights that each scales."""

ENOUGH: Final = 200  # choices; fewer say more of single editors than of fitness
HELD_OUT: Final = 4  # one in so many is not learnt from
SHARPNESS: Final = 10.0  # points that make somebody e times as likely to be taken
PULL: Final = 20.0  # how many choices the present weights count for
CHANCE: Final = 0.01  # a share of a few hundred choices wavers by more than this by itself
LOWEST, HIGHEST = 0.5, 2.0
BESIDE_THE_POINT: Final = frozenset(
    {WhyNotFirst.NOT_REACHABLE, WhyNotFirst.ASKED_OFTEN, WhyNotFirst.INDEPENDENCE}
)
"""Reasons for passing over the first that say nothing of who fits the question."""

Scales = Mapping[str, float]


@dataclass(frozen=True)
class Choice:
    """One choice: a row of points a suggestion (in LEARNT's order, at the house's own weights), the other points, and who was taken."""

    id: UUID
    points: tuple[tuple[float, ...], ...]
    other: tuple[float, ...]
    taken: int

    @property
    def held_out(self) -> bool:
        """Whether it is only for judging. Decided by its id, so it stays so when more choices come."""
        return hashlib.sha256(self.id.bytes).digest()[0] % HELD_OUT == 0


@dataclass(frozen=True)
class Shares:
    """How well scales foresee choices: the share taken first and among the first three, and the mean log-likelihood."""

    first: float
    first_three: float
    likelihood: float


@dataclass(frozen=True)
class Lesson:
    """What was learnt, and what the gate found. `refused` are the reasons against using it; empty when it may be used."""

    choices: int
    held_out: int
    scales: Scales
    before: Shares
    after: Shares
    named_before: float
    named_after: float
    refused: tuple[str, ...]


def choice_of(assignment: Assignment, scales: Scales) -> Choice | None:
    """The choice behind an assignment; None where nobody chose among several by fitness. `scales` are those of its day."""
    ids = [line["expert"] for line in assignment.shortlist]
    chosen = str(assignment.expert_id)
    if len(ids) < 2 or chosen not in ids or assignment.follows is not None:
        return None
    if assignment.why_not_first in BESIDE_THE_POINT:
        return None
    points = [line["points"] for line in assignment.shortlist]
    return Choice(
        assignment.id,
        tuple(tuple(one.get(code, 0) / scales.get(code, 1.0) for code in LEARNT) for one in points),
        tuple(float(sum(worth for code, worth in one.items() if code not in LEARNT)) for one in points),
        ids.index(chosen),
    )


def scaled(scales: Scales, base: Weights = WEIGHTS) -> Weights:
    """The weights with the learnt reasons scaled, in whole points."""
    values = asdict(base)
    changes = {
        name: round(values[name] * scales.get(code, 1.0)) for code, names in LEARNT.items() for name in names
    }
    return replace(base, **changes)


def learn(choices: Sequence[Choice]) -> Scales:
    """Scales from the choices that are not held out; all 1 when there is none."""
    taught = [one for one in choices if not one.held_out]
    start = np.ones(len(LEARNT))
    if not taught:
        return dict.fromkeys(LEARNT, 1.0)
    tables = [(np.array(one.points), np.array(one.other), one.taken) for one in taught]

    def loss(scales: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        value, slope = PULL * float(np.sum((scales - 1) ** 2)), 2 * PULL * (scales - 1)
        for points, other, taken in tables:
            chances = _chances(points @ scales + other)
            value -= float(np.log(chances[taken]))
            slope = slope - (points[taken] - chances @ points) / SHARPNESS
        return value, slope

    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(LOWEST, HIGHEST)] * len(start))
    return {code: round(float(scale), 2) for code, scale in zip(LEARNT, found.x, strict=True)}


def shares(choices: Sequence[Choice], scales: Scales) -> Shares:
    """How well these scales foresee these choices; zeros when there is none."""
    if not choices:
        return Shares(0.0, 0.0, 0.0)
    vector = np.array([scales.get(code, 1.0) for code in LEARNT])
    first = three = 0
    likelihood = 0.0
    for one in choices:
        scores = np.array(one.points) @ vector + np.array(one.other)
        place = int(np.sum(scores > scores[one.taken]))
        first, three = first + (place == 0), three + (place < 3)
        likelihood += float(np.log(_chances(scores)[one.taken]))
    return Shares(first / len(choices), three / len(choices), likelihood / len(choices))


def judge(
    choices: Sequence[Choice],
    now: Scales,
    learnt: Scales,
    named_before: float | None,
    named_after: float | None,
) -> Lesson:
    """Whether `learnt` may replace `now`: enough choices, better on those put aside, and no named case lost."""
    aside = [one for one in choices if one.held_out]
    before, after = shares(aside, now), shares(aside, learnt)
    refused = []
    if len(choices) < ENOUGH:
        refused.append("too_few_choices")
    if after.likelihood <= before.likelihood or after.first_three < before.first_three - CHANCE:
        refused.append("not_better_on_held_out")
    if named_before is None or named_after is None:
        refused.append("no_named_cases")
    elif named_after < named_before:
        refused.append("worse_on_named_cases")
    return Lesson(
        len(choices),
        len(aside),
        learnt,
        before,
        after,
        named_before or 0.0,
        named_after or 0.0,
        tuple(refused),
    )


def scales_at(history: Sequence[tuple[datetime, Scales]], moment: datetime) -> Scales:
    """The scales in use at a moment; `history` is when each came into use, oldest first."""
    found: Scales = {}
    for since, scales in history:
        if since <= moment:
            found = scales
    return found


def _chances(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    weights = np.exp((scores - scores.max()) / SHARPNESS)
    chances: NDArray[np.float64] = weights / weights.sum()
    return chances
