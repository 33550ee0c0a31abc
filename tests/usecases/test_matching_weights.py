"""What was learnt is used only when applied, and the house's own weights come back."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from content.errors import NotAllowed
from content.permissions import Actor
from expert_db import learning
from expert_db.learning import LEARNT, Lesson, Shares
from expert_db.weights import WEIGHTS
from service.context import Context
from service.errors import Conflict
from service.store.engine import Database
from service.usecases import assignments, experts, matching_weights
from tests.conftest import Clock
from tests.usecases.expert_people import acts, case, expert

SOME = Shares(0.5, 0.9, -1.0)
GOOD = Lesson(500, 120, {**dict.fromkeys(LEARNT, 1.0), "region": 2.0}, SOME, SOME, 1.0, 1.0, ())


async def test_a_lesson_that_is_applied_changes_the_points_and_can_be_put_back(
    ctx: Context, database: Database, editor: Actor, sysadmin: Actor, clock: Clock
) -> None:
    await expert(ctx, database, editor, "示例甲", regions=["360902"])
    rumor = await case(ctx, database)

    async def region() -> int:
        async with database.read() as s:
            found = await experts.candidates(ctx, s, rumor.id, editor)
        return next(one.points for one in found[0].reasons if one.code == "region")

    assert await region() == WEIGHTS.region
    async with database.write() as s:
        await matching_weights.apply(ctx, s, GOOD, sysadmin)
    assert await region() == 2 * WEIGHTS.region
    clock.move(days=1)
    async with database.write() as s:
        assert await matching_weights.put_back(ctx, s, sysadmin) == WEIGHTS
    assert await region() == WEIGHTS.region
    async with database.read() as s:
        assert (await acts(s))[-2:] == ["matching.weights", "matching.weights"]


async def test_a_refused_lesson_is_not_applied_and_only_the_administrator_may(
    ctx: Context, db: Database, editor: Actor, sysadmin: Actor
) -> None:
    async with db.write() as s:
        with pytest.raises(Conflict):
            await matching_weights.apply(ctx, s, replace(GOOD, refused=("too_few_choices",)), sysadmin)
        with pytest.raises(NotAllowed):
            await matching_weights.apply(ctx, s, GOOD, editor)
        with pytest.raises(NotAllowed):
            await matching_weights.lesson(ctx, s, editor)
        assert await matching_weights.weights(s) == WEIGHTS


async def test_choices_on_the_desk_are_what_is_learnt_from(
    ctx: Context, db: Database, editor: Actor, sysadmin: Actor
) -> None:
    people = [await expert(ctx, db, editor, f"示例{n}") for n in "甲乙丙"]
    for number in range(3):
        rumor = await case(ctx, db, title=f"网传第{number}种食物相克")
        async with db.write() as s:
            await assignments.offer(ctx, s, rumor.id, people[number].id, "真的吗？", editor)
    async with db.read() as s:
        found = await matching_weights.lesson(ctx, s, sysadmin)
    assert found.choices == 3
    assert "too_few_choices" in found.refused
    assert found.named_before >= 0.95  # the city's own named cases were read and ranked
    assert json.dumps(found.scales)
    assert learning.scaled(found.scales).kind == WEIGHTS.kind
