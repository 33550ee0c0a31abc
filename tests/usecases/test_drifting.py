"""Once a day the stream is compared with the weeks before; what has moved is kept for the desk."""

from __future__ import annotations

from content.permissions import Actor
from service.context import Context
from service.store.engine import Database
from service.usecases import drifting
from service.usecases.triage import triage_pending
from tests.conftest import Clock
from tests.usecases.newsroom import ShippedAssessor, a_source, arrive, story

CALM = "第{}期社区讲座在图书馆举行，居民学包饺子"
WILD = "紧急通知！第{}号水厂投毒，赶紧囤水转给家人"


async def test_a_stream_that_changes_is_seen_once_a_day(
    ctx: Context, db: Database, editor: Actor, clock: Clock
) -> None:
    assessor, source = ShippedAssessor(), await a_source(ctx, db, editor)
    for day, text in [(0, CALM), (10, CALM), (20, WILD)]:
        clock.move(days=10 if day else 0)
        await arrive(ctx, db, source, *(story(text.format(day * 1000 + n)) for n in range(120)))
        await triage_pending(ctx, db, assessor)
    clock.move(hours=1)
    assert await drifting.look(ctx, db) == 1
    async with db.read() as session:
        found = await drifting.read(session)
    assert found is not None
    assert (found["before"], found["now"]) == (240, 120)
    rumor = found["tasks"]["rumor"]
    assert rumor["verdict"] == "alarming"
    assert rumor["flags_now"] > rumor["flags_before"]
    assert "投毒" in {word["word"] for word in rumor["rising"]}
    clock.move(hours=23)
    assert await drifting.look(ctx, db) == 0, "not twice a day"
    clock.move(hours=2)
    assert await drifting.look(ctx, db) == 1
    async with db.read() as session:
        again = await drifting.read(session)
    assert again is not None
    assert len(again["history"]) == 2


async def test_too_few_texts_are_not_compared(ctx: Context, db: Database, editor: Actor) -> None:
    source = await a_source(ctx, db, editor)
    await arrive(ctx, db, source, story(CALM.format(1)))
    await triage_pending(ctx, db, ShippedAssessor())
    assert await drifting.look(ctx, db) == 1
    async with db.read() as session:
        found = await drifting.read(session)
    assert found is not None
    assert found["tasks"] == {}
