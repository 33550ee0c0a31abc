"""Reads are kept once, on the city's day, by as many processes as there are; a failed write loses none."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import pytest

from content.reach import Read
from service.context import Context
from service.errors import Unavailable
from service.store import reach as store
from service.store.engine import Database
from service.usecases import reach
from service.usecases.reach import Hits
from tests.conftest import Clock

DAY = date(2026, 11, 24)


async def _kept(db: Database) -> dict[tuple[date, str, str], int]:
    async with db.read() as session:
        rows = await store.between(session, DAY, date(2026, 11, 30))
    return {(row.day, row.subject, row.way): row.count for row in rows}


async def test_counts_of_several_processes_add_up(ctx: Context, database: Database) -> None:
    for times in (2, 3):
        hits: Hits = Counter({("/p/Ab3", ""): times, ("/p/Ab3", "wecom"): 1, ("/static/base.css", ""): 9})
        await reach.keep(ctx, database, hits)
        assert not hits
    assert await _kept(database) == {(DAY, "Ab3", ""): 5, (DAY, "Ab3", "wecom"): 2}
    async with database.read() as session:
        assert await store.of_subjects(session, ["Ab3"]) == [("Ab3", "", 5), ("Ab3", "wecom", 2)]


async def test_a_read_counts_on_the_day_it_is_in_the_city(ctx: Context, db: Database, clock: Clock) -> None:
    clock.move(hours=16)  # one in the morning there, still the day before in UTC
    await reach.keep(ctx, db, Counter({("/", ""): 1}))
    assert await _kept(db) == {(date(2026, 11, 25), "pages", ""): 1}


async def test_what_could_not_be_written_is_counted_the_next_time(
    ctx: Context, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    hits: Hits = Counter({("/p/Ab3", ""): 4})

    @asynccontextmanager
    async def full(*_: Any) -> Any:
        raise Unavailable()
        yield

    with monkeypatch.context() as broken:
        broken.setattr(Database, "write", full)
        with pytest.raises(Unavailable):
            await reach.keep(ctx, db, hits)
    hits[("/p/Ab3", "")] += 1
    await reach.keep(ctx, db, hits)
    assert await _kept(db) == {(DAY, "Ab3", ""): 5}


async def test_the_last_counts_are_kept_when_the_process_stops(ctx: Context, db: Database) -> None:
    hits: Hits = Counter()
    task = asyncio.create_task(reach.keep_on(ctx, db, hits, every=60))
    await asyncio.sleep(0)
    hits[("/p/Ab3", "sms")] = 2
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await _kept(db) == {(DAY, "Ab3", "sms"): 2}


async def test_a_read_names_no_reader() -> None:
    assert set(Read.__dataclass_fields__) == {"subject", "way"}
