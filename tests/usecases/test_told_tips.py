"""Somebody who is there tells of an emergency in a tip: it stands at the top of the desk, not among the questions."""

from __future__ import annotations

import pytest

from content.permissions import Actor
from service.context import Context
from service.store.engine import Database
from service.usecases import tips
from service.usecases.triage import triage_pending
from tests.usecases.newsroom import ShippedAssessor, a_source, all_cases, arrive, story
from tests.usecases.story_examples import FOOTBALL

QUESTION = "听人讲喝醋能软化血管，有这回事吗"
TIPS = (
    ("后头那座山垮下来一大块，把我家灶屋埋了，老人还在里面，快来人", "geological"),
    ("水都漫到一楼灶台了，我们五个人困在二楼下不来", "flood"),
    ("楼道里煤气味呛得人睁不开眼，隔壁婆婆晕倒了，怎么办", "hazmat_explosion"),
)


@pytest.fixture(scope="module")
def assessor() -> ShippedAssessor:
    return ShippedAssessor()


@pytest.mark.parametrize("rules_only", [False, True], ids=["model", "rules"])
async def test_a_told_emergency_comes_before_questions_and_news(
    ctx: Context, database: Database, editor: Actor, assessor: ShippedAssessor, rules_only: bool
) -> None:
    source = await a_source(ctx, database, editor)
    await arrive(ctx, database, source, story(*FOOTBALL))
    async with database.write() as session:
        await tips.submit(ctx, session, QUESTION)
        for text, _ in TIPS:
            await tips.submit(ctx, session, text)
    used = ShippedAssessor(rules_only=True) if rules_only else assessor
    assert await triage_pending(ctx, database, used) == 5
    found = {case.title: case for case in await all_cases(database)}
    quiet = [case.priority for case in found.values() if case.kind != "emergency"]
    assert len(quiet) == 2
    for text, hazard in TIPS:
        case = next(one for title, one in found.items() if title and text.startswith(title[:8]))
        assert (case.kind, case.hazard) == ("emergency", hazard)
        assert case.priority > max(quiet)
        codes = {reason["code"] for reason in case.reasons}
        assert {"emergency", "hazard", "demand"} <= codes
