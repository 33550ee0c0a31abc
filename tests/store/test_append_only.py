"""What someone saw, said or approved cannot be changed by SQL, on either database."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from content.permissions import Actor
from service.context import Context
from service.store import audit
from service.store.append_only import FROZEN
from service.store.engine import Database
from service.store.tables import Item, Source


async def _run(database: Database, sql: str) -> None:
    async with database.writer.begin() as connection:
        await connection.execute(text(sql))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_entries SET reason = '改'",
        "DELETE FROM audit_entries",
        "UPDATE audit_entries SET seq = 7 WHERE seq = 1",
    ],
)
async def test_an_audit_entry_stays_as_written(
    database: Database, ctx: Context, editor: Actor, sql: str
) -> None:
    async with database.write() as session:
        await audit.record(ctx, session, editor, "case.dismiss", "case", "1", reason="重复")
    with pytest.raises(DBAPIError, match="append-only"):
        await _run(database, sql)


async def test_replacing_a_row_is_refused_too(db: Database, ctx: Context, editor: Actor) -> None:
    async with db.write() as session:
        await audit.record(ctx, session, editor, "case.dismiss", "case", "1")
    with pytest.raises(DBAPIError, match="append-only"):
        await _run(db, "INSERT OR REPLACE INTO audit_entries SELECT * FROM audit_entries")


@pytest.mark.postgres
async def test_truncating_is_refused_on_postgresql(pg: Database) -> None:
    for table in FROZEN:
        with pytest.raises(DBAPIError, match="append-only"):
            await _run(pg, f"TRUNCATE {table} CASCADE")


async def test_an_item_can_be_purged_but_not_edited(database: Database, ctx: Context) -> None:
    now, source_id = ctx.now(), ctx.new_id()
    async with database.write() as session:
        session.add(
            Source(id=source_id, url="http://a.cn/rss", next_poll=now, created_at=now, updated_at=now)
        )
        await session.flush()
        session.add(
            Item(
                id=ctx.new_id(),
                source_id=source_id,
                guid="1",
                title="明月山景区恢复开放",
                content_hash="x",
                seen_at=now,
            )
        )
    with pytest.raises(DBAPIError, match="append-only"):
        await _run(database, "UPDATE items SET title = '明月山景区关闭'")
    await _run(database, "DELETE FROM items")
