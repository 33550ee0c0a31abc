"""Exercises (演练): they change nothing of the real house, and nothing of them ever becomes real, on any path."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from content.permissions import Actor
from service.context import Context
from service.errors import Invalid
from service.store.engine import Database
from service.usecases import cases, incident_help, pieces, publish
from tests.usecases.expert_people import expert
from tests.usecases.newsroom import a_source, all_cases, by_hand
from tests.usecases.test_incidents import FLOOD_RUMOR, active, come_in, house_of, ready, stood_down
from tests.writing import written


async def test_an_exercise_changes_nothing_of_the_real_house(
    ctx: Context, database: Database, editor: Actor, issuer: Actor
) -> None:
    weather = await a_source(ctx, database, editor, "靖安气象", authority=True)
    await come_in(ctx, database, weather, FLOOD_RUMOR)
    before = await house_of(database)
    drill = await active(ctx, database, editor, issuer, exercise=True)
    assert await house_of(database) == before
    assert drill.name.startswith("【演练】")
    everyday = await ready(ctx, database, editor, issuer)
    async with database.write() as s:
        await publish.publish(ctx, s, everyday.id, issuer)  # nothing is held for an exercise
    await stood_down(ctx, database, drill, issuer)
    assert (await house_of(database))["paces"] == before["paces"]


async def test_whatever_belongs_to_an_exercise_is_an_exercise_on_every_path(
    ctx: Context, db: Database, editor: Actor, issuer: Actor
) -> None:
    drill = await active(ctx, db, editor, issuer, exercise=True)
    by_case, _ = await written(ctx, db, editor, kind="holding", case_id=drill.case_id)
    by_incident, _ = await written(ctx, db, editor, incident_id=drill.id, exercise=False)
    person = await expert(ctx, db, editor, "专家甲", hazards=["flood"], topics=["disaster"])
    async with db.write() as s:
        (asked,) = await incident_help.offer_all(ctx, s, drill.id, [person.id], [], "水库是否安全？", editor)
    assert asked.question.startswith("【演练】")
    await stood_down(ctx, db, drill, issuer)
    afterwards, _ = await written(ctx, db, editor, case_id=drill.case_id)
    assert [one.exercise for one in (by_case, by_incident, afterwards)] == [True] * 3

    real = await by_hand(ctx, db, editor, FLOOD_RUMOR)
    for one, other in ((drill.case_id, real.id), (real.id, drill.case_id)):
        with pytest.raises(Invalid):
            async with db.write() as s:
                await cases.merge(ctx, s, one, other, editor)
    async with db.write() as s:
        (lead,) = [c for c in await all_cases(db) if c.id == drill.case_id]
        assert lead.exercise
        assert (await pieces.page(ctx, s, by_case.id)).piece.exercise


@pytest.mark.parametrize("table", ["incidents", "cases", "pieces"])
async def test_the_database_itself_refuses_to_turn_an_exercise_into_the_real_thing(
    ctx: Context, database: Database, editor: Actor, issuer: Actor, table: str
) -> None:
    drill = await active(ctx, database, editor, issuer, exercise=True)
    await written(ctx, database, editor, incident_id=drill.id)
    with pytest.raises(DBAPIError):
        async with database.write() as s:
            await (await s.connection()).execute(text(f"UPDATE {table} SET exercise = false WHERE exercise"))


async def test_news_never_joins_the_case_of_an_exercise(
    ctx: Context, db: Database, editor: Actor, issuer: Actor
) -> None:
    drill = await active(ctx, db, editor, issuer, exercise=True, name="靖安县水库溃坝演练科目")
    await come_in(ctx, db, await a_source(ctx, db, editor), "靖安县水库溃坝演练科目")
    (news,) = [case for case in await all_cases(db) if case.id != drill.case_id]
    assert not news.exercise
    assert news.incident_id is None
