"""Many rows in one statement: each value arrives as the ordinary way would write it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlmodel import col, select

from content.permissions import Actor
from service.context import Context
from service.store import sources
from service.store.bulk import Shared, update_rows
from service.store.engine import Database
from service.store.tables import Source
from tests.usecases.newsroom import a_source

LATER = datetime(2026, 11, 25, 8, tzinfo=timezone(timedelta(hours=8)))


async def test_an_update_of_many_rows_writes_each_row_its_own_values(
    ctx: Context, db: Database, editor: Actor
) -> None:
    known = [await a_source(ctx, db, editor, f"报纸{number}") for number in range(3)]
    rows: list[dict[str, Any]] = [
        {"id": one.id, "state": {"number": number}, "last_poll": LATER if number else None}
        for number, one in enumerate(known)
    ]
    async with db.write() as session:
        await update_rows(session, Source, rows[:2])
        await update_rows(session, Source, [])
    async with db.read() as session:
        found = (await session.exec(select(Source).order_by(col(Source.title)))).all()
    assert [one.state.get("number") for one in found] == [0, 1, None]
    assert [one.last_poll for one in found] == [None, LATER.astimezone(UTC), None]


async def test_a_value_that_several_rows_share_is_written_out_once_and_stands_in_each(
    ctx: Context, db: Database, editor: Actor
) -> None:
    known = [await a_source(ctx, db, editor, f"报纸{number}") for number in range(2)]
    shared, asked = Shared(word="暴雨", score=0.25), 0

    def maker(value: Any) -> str:
        nonlocal asked
        asked += 1
        return str(value)

    assert [Shared(a=1).written(maker), shared.written(maker)] == ["{'a': 1}", str(dict(shared))]
    assert (shared.written(maker), asked) == (str(dict(shared)), 2)
    shared = Shared(shared)
    async with db.write() as session:
        await update_rows(session, Source, [{"id": one.id, "state": shared} for one in known])
    async with db.read() as session:
        found = (await session.exec(select(Source.state))).all()
    assert found == [{"word": "暴雨", "score": 0.25}] * 2


async def test_a_row_with_a_key_that_is_no_column_is_refused(
    ctx: Context, db: Database, editor: Actor
) -> None:
    known = await a_source(ctx, db, editor)
    with pytest.raises(Exception, match="weather"):
        async with db.write() as session:
            await update_rows(session, Source, [{"id": known.id, "weather": "rain"}])


async def test_only_a_source_that_is_still_ones_own_is_held_and_finished(
    ctx: Context, db: Database, editor: Actor
) -> None:
    mine, others = [await a_source(ctx, db, editor, name) for name in ("甲报", "乙报")]
    async with db.write() as session:
        claimed = [{"id": one.id, "claimed_by": who} for one, who in ((mine, "here"), (others, "there"))]
        await update_rows(session, Source, claimed)
        held = await sources.held(session, [mine.id, others.id], "here")
        await sources.finish(session, [{"id": one, "items_seen": seen + 2} for one, seen in held.items()])
    assert held == {mine.id: 0}
    async with db.read() as session:
        found = {
            one.id: (one.claimed_by, one.items_seen) for one in (await session.exec(select(Source))).all()
        }
    assert found == {mine.id: (None, 2), others.id: ("there", 0)}
