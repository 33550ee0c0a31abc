"""Weights are learnt from choices, change little on little, and are used only when the gate finds nothing against them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import numpy as np
import pytest

from expert_db import learning
from expert_db.assignments import Assignment
from expert_db.learning import ENOUGH, LEARNT, Choice
from expert_db.weights import WEIGHTS
from tests.expert_db.people import NOW

ONES = dict.fromkeys(LEARNT, 1.0)


def choices(number: int, liking: dict[str, float], seed: int = 1) -> list[Choice]:
    """Editors who weigh some reasons more than the house does, with chance in it."""
    chance = np.random.default_rng(seed)
    wanted = np.array([liking.get(code, 1.0) for code in LEARNT])
    made = []
    for one in range(number):
        points = chance.integers(0, 20, (8, len(LEARNT))).astype(float)
        noise = chance.gumbel(0, learning.SHARPNESS, 8)
        taken = int(np.argmax(points @ wanted + noise))
        rows = tuple(tuple(float(p) for p in row) for row in points)
        made.append(Choice(UUID(int=seed * 10_000 + one), rows, (0.0,) * 8, taken))
    return made


def offered(shortlist: list[tuple[int, dict[str, int]]], taken: int, **fields: object) -> Assignment:
    lines = [{"expert": str(UUID(int=n)), "score": sum(p.values()), "points": p} for n, p in shortlist]
    row = Assignment(
        id=UUID(int=5), case_id=UUID(int=6), expert_id=UUID(int=taken), question="?", shortlist=lines,
        offered_by=UUID(int=7), offered_at=NOW, respond_by=NOW, due_at=NOW, created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    for name, value in fields.items():
        setattr(row, name, value)
    return row


SHORT = [(1, {"text": 30, "kind": 10}), (2, {"text": 20, "region": 12, "kind": 10})]


def test_what_editors_care_for_is_learnt_and_passes_the_gate() -> None:
    made = choices(1200, {"region": 1.8, "text": 0.6})
    scales = learning.learn(made)
    assert scales["region"] > 1.4
    assert scales["text"] < 0.8
    assert scales["hazard"] == pytest.approx(1.0, abs=0.2)
    lesson = learning.judge(made, ONES, scales, 0.99, 0.99)
    assert lesson.refused == ()
    assert lesson.after.likelihood > lesson.before.likelihood
    weights = learning.scaled(scales)
    assert weights.region_city == round(WEIGHTS.region_city * scales["region"])
    assert weights.kind == WEIGHTS.kind


def test_little_data_changes_little_and_nothing_may_be_used_of_it() -> None:
    made = choices(20, {"region": 1.8})
    scales = learning.learn(made)
    assert all(abs(scale - 1) < 0.35 for scale in scales.values())
    assert "too_few_choices" in learning.judge(made, ONES, scales, 0.99, 0.99).refused
    assert learning.learn([]) == ONES


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (0.99, 0.985, "worse_on_named_cases"),
        (None, None, "no_named_cases"),
        (0.9, 0.9, "not_better_on_held_out"),
    ],
)
def test_the_gate_refuses(before: float | None, after: float | None, why: str) -> None:
    made = choices(ENOUGH, {})
    assert why in learning.judge(made, ONES, ONES, before, after).refused


def test_learning_is_the_same_each_time_and_never_beyond_half_and_twice() -> None:
    made = choices(600, {"region": 30.0, "audience": -5.0})
    scales = learning.learn(made)
    assert scales == learning.learn(list(made))
    assert scales["region"] == learning.HIGHEST
    assert scales["audience"] == learning.LOWEST


def test_a_choice_is_read_from_an_assignment_at_the_points_of_its_day() -> None:
    read = learning.choice_of(offered(SHORT, taken=2), {"text": 2.0})
    assert read is not None
    order = list(LEARNT)
    assert read.points[0][order.index("text")] == 15
    assert (read.other, read.taken) == ((10.0, 10.0), 1)


@pytest.mark.parametrize(
    "row",
    [
        offered(SHORT, taken=3),
        offered(SHORT[:1], taken=1),
        offered(SHORT, taken=2, follows=UUID(int=9)),
        offered(SHORT, taken=2, why_not_first="not_reachable"),
    ],
    ids=["not of the list", "no choice", "by itself", "the first was away"],
)
def test_what_was_no_choice_by_fitness_is_not_learnt_from(row: Assignment) -> None:
    assert learning.choice_of(row, {}) is None


def test_scales_hold_from_their_day() -> None:
    first, second = {"text": 1.5}, {"text": 0.8}
    history = [(NOW, first), (NOW + timedelta(days=2), second)]
    days = [NOW - timedelta(days=1), NOW + timedelta(days=1), NOW + timedelta(days=3)]
    assert [learning.scales_at(history, day) for day in days] == [{}, first, second]


def test_whether_a_choice_is_put_aside_depends_on_nothing_but_its_id() -> None:
    made = choices(400, {})
    aside = sum(one.held_out for one in made)
    assert 70 < aside < 130
    assert all(replace(one, taken=0).held_out == one.held_out for one in made)
