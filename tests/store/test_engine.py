"""The database under pressure: no write is lost, and what cannot be written now is Unavailable, nothing half done."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlmodel.ext.asyncio.session import AsyncSession

from service.context import Context
from service.errors import Unavailable
from service.store import engine as engines
from service.store.engine import Database, make_engine
from service.store.tables import Setting


async def _set(ctx: Context, database: Database, key: str, **value: int) -> None:
    async with database.write() as session:
        session.add(Setting(key=key, value=value, updated_at=ctx.now()))


async def _value(database: Database, key: str) -> dict[str, Any]:
    async with database.read() as session:
        row = await session.get(Setting, key)
    assert row is not None
    return row.value


async def _run(session: AsyncSession, sql: str) -> None:
    await (await session.connection()).execute(text(sql))


async def test_of_two_hundred_increments_at_once_none_is_lost(ctx: Context, database: Database) -> None:
    await _set(ctx, database, "count", n=0)

    async def increment() -> None:
        async with database.write() as session:
            row = await session.get(Setting, "count", with_for_update=True)
            assert row is not None
            row.value = {"n": row.value["n"] + 1}
            session.add(row)

    await asyncio.gather(*(increment() for _ in range(200)))
    assert await _value(database, "count") == {"n": 200}


async def test_a_block_that_raises_leaves_nothing(ctx: Context, database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.write() as session:
            session.add(Setting(key="half", updated_at=ctx.now()))
            await session.flush()
            raise ZeroDivisionError
    async with database.read() as session:
        assert await session.get(Setting, "half") is None


async def test_sqlite_keeps_an_acknowledged_write_through_a_crash(db: Database) -> None:
    async with db.read() as session:
        connection = await session.connection()
        said = {
            name: (await connection.execute(text(f"PRAGMA {name}"))).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert said == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


async def test_a_locked_database_is_unavailable_and_recovers_by_itself(
    ctx: Context, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "BUSY_MS", 100)
    other = Database(make_engine(db.engine.url.render_as_string()))
    async with db.write() as session:
        await _run(session, "UPDATE settings SET version = version")
        with pytest.raises(Unavailable) as refused:
            await _set(ctx, other, "late", n=1)
        assert refused.value.retry_after > 0
        async with other.read() as reader:  # readers are not held up
            assert await reader.get(Setting, "late") is None
    await _set(ctx, other, "late", n=1)
    await other.dispose()


async def test_a_full_disk_is_unavailable_and_reading_goes_on(ctx: Context, db: Database) -> None:
    small = Database(make_engine(db.engine.url.render_as_string()))

    def limit(connection: Any, _: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")

    event.listen(small.engine.sync_engine, "connect", limit)
    with pytest.raises(Unavailable):
        async with small.write() as session:
            session.add(Setting(key="big", value={"text": "水" * 100_000}, updated_at=ctx.now()))
    async with small.read() as session:
        assert await session.get(Setting, "big") is None
    await small.dispose()


@pytest.mark.postgres
async def test_a_deadlock_is_unavailable_for_one_and_nothing_for_the_other(
    ctx: Context, pg: Database
) -> None:
    for key in ("a", "b"):
        await _set(ctx, pg, key, n=0)
    both = asyncio.Barrier(2)

    async def lock(first: str, second: str) -> None:
        async with pg.write() as session:
            await _run(session, f"UPDATE settings SET version = version + 1 WHERE key = '{first}'")
            await both.wait()
            await _run(session, f"UPDATE settings SET version = version + 1 WHERE key = '{second}'")

    answers = await asyncio.gather(lock("a", "b"), lock("b", "a"), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType", "Unavailable"]


@pytest.mark.postgres
async def test_a_server_that_is_gone_is_unavailable() -> None:
    gone = Database(make_engine("postgresql+asyncpg://nobody@127.0.0.1:9/none"))
    with pytest.raises(Unavailable):
        async with gone.write():
            pass
    await gone.dispose()


async def test_a_missing_folder_is_unavailable(tmp_path: Path) -> None:
    gone = Database(make_engine(f"sqlite+aiosqlite:///{tmp_path / 'none' / 'x.sqlite'}"))
    with pytest.raises(Unavailable):
        async with gone.write():
            pass
    await gone.dispose()
