"""Counting behind the filters of the queue, on both databases."""

from __future__ import annotations

from dataclasses import replace

from content.permissions import Actor
from service.context import Context
from service.store import cases as store
from service.store.engine import Database
from service.usecases import cases
from service.usecases.case_reading import queue_tally
from service.usecases.cases import QueueView
from service.usecases.triage import triage_pending
from tests.usecases.newsroom import ShippedAssessor, a_source, all_cases, arrive, by_hand, story

CHOICES = {
    "signal": ("rumor", "known", "none"),
    "topic": ("health",),
    "region": ("local", "360902"),
    "hazard": ("flood",),
    "age": ("1h", "older"),
}


async def test_each_choice_says_how_many_cases_it_would_leave(
    ctx: Context, database: Database, editor: Actor
) -> None:
    source = await a_source(ctx, database, editor, "宜春日报")
    await arrive(ctx, database, source, story("公园里的荷花开了"))
    await triage_pending(ctx, database, ShippedAssessor(rules_only=True))
    for number in range(2):
        case = await by_hand(ctx, database, editor, f"网传第{number}号水库要泄洪")
        async with database.write() as session:
            await store.repaint(
                session, case.id, ctx.now(), regions=["360902"], topics=["health"], hazard="flood"
            )
    view = QueueView("all", now=ctx.now())
    async with database.read() as session:
        found = await queue_tally(session, view, CHOICES, ctx.now())
        assert found.whole
        assert found.found == {
            "signal": {"rumor": 2, "known": 0, "none": 1},
            "topic": {"health": 2},
            "region": {"local": 2, "360902": 2},
            "hazard": {"flood": 2},
            "age": {"1h": 3, "older": 0},
        }
        assert found.sources == ((source.id, "宜春日报", 1),)
        # Every count is what choosing it shows, also beside another choice.
        chosen = replace(view, signal="none")
        beside = await queue_tally(session, chosen, CHOICES, ctx.now())
        assert beside.found["signal"] == found.found["signal"]
        assert beside.found["region"] == {"local": 0, "360902": 0}
        for one in (replace(view, region="local"), replace(view, source=source.id), chosen):
            rows = (await cases.queue(session, one)).rows
            assert len(rows) == (2 if one.region else 1)
        for ordered in (replace(view, sort="newest"), replace(view, sort="oldest")):
            first = await cases.queue(session, ordered, limit=2)
            rest = await cases.queue(session, ordered, first.next, limit=2)
            assert len({row.case.id for row in (*first.rows, *rest.rows)}) == 3
    assert len(await all_cases(database)) == 3
