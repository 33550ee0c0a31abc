"""SQLite's thread: one crossing a statement, and everything a statement gives back comes with it."""

from __future__ import annotations

from typing import Any

import pytest
from aiosqlite.core import Connection
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from service.context import Context
from service.store.bulk import insert_rows, rows_hit, table_of
from service.store.engine import Database
from service.store.tables import Setting


@pytest.fixture
def crossings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What went over to the thread, in order."""
    made: list[str] = []
    cross: Any = Connection._execute

    async def counted(self: Connection, act: Any, *args: Any, **options: Any) -> Any:
        made.append(getattr(act, "__name__", str(act)))
        return await cross(self, act, *args, **options)

    monkeypatch.setattr(Connection, "_execute", counted)
    return made


async def test_a_transaction_crosses_once_a_statement(db: Database, crossings: list[str]) -> None:
    async with db.read() as session:  # opens the file
        await (await session.connection()).execute(text("SELECT 1"))
    crossings.clear()
    async with db.write() as session:
        connection = await session.connection()
        for number in range(5):
            assert (await connection.execute(text(f"SELECT {number}"))).scalar() == number
    assert crossings[:6] == ["_fill"] * 6  # BEGIN and five questions
    assert crossings[6:] in (["commit", "rollback"], ["commit"])


async def test_rows_counts_and_columns_come_back(ctx: Context, db: Database) -> None:
    rows = [{"key": f"k{n}", "value": {"n": n}, "version": 1, "updated_at": ctx.now()} for n in range(70)]
    async with db.write() as session:
        await insert_rows(session, Setting, rows)
        assert await rows_hit(session, table_of(Setting).update().values(version=2)) == 70
        deleted = table_of(Setting).delete().returning(table_of(Setting).c.key)
        assert len((await session.exec(deleted)).all()) == 70
    async with db.read() as session:
        answer = await (await session.connection()).execute(text("SELECT 1 AS one, '水' AS two"))
        assert dict(answer.mappings().one()) == {"one": 1, "two": "水"}


async def test_an_error_of_a_statement_is_an_error_of_that_statement(ctx: Context, db: Database) -> None:
    twice = [{"key": "k", "value": {}, "version": 1, "updated_at": ctx.now()}] * 2
    with pytest.raises(IntegrityError):
        async with db.write() as session:
            await insert_rows(session, Setting, twice)
    async with db.write() as session:
        await insert_rows(session, Setting, twice[:1])
    async with db.read() as session:
        assert await session.get(Setting, "k") is not None
