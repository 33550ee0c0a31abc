"""`audit verify` finds what somebody with a database tool can do to the log."""

from __future__ import annotations

import shutil

import pytest
from sqlalchemy import text

from content.audit import AuditEntry, seal
from content.errors import NotAllowed
from content.permissions import Actor
from service.context import Context
from service.errors import Unavailable
from service.store import audit
from service.store.engine import Database
from service.usecases.audit import Report, entries, export, page, verify
from tests.conftest import actor


@pytest.fixture
async def logged(database: Database, ctx: Context, editor: Actor) -> Database:
    """Ten entries, and the triggers gone: whoever owns the file can do that."""
    for number in range(10):
        async with database.write() as session:
            await audit.record(
                ctx, session, editor, "case.dismiss", "case", number, {"n": 1}, {"n": 2}, "重复"
            )
    drop = {
        "sqlite": ["DROP TRIGGER audit_entries_no_update", "DROP TRIGGER audit_entries_no_delete"],
        "postgresql": ["DROP TRIGGER audit_entries_append_only ON audit_entries"],
    }
    await tamper(database, *drop[database.dialect])
    return database


async def tamper(database: Database, *statements: str) -> None:
    async with database.writer.begin() as connection:
        for sql in statements:
            await connection.execute(text(sql))


async def report(ctx: Context, database: Database) -> Report:
    async with database.read() as session:
        return await verify(ctx, session)


async def test_an_untouched_log_is_good(ctx: Context, logged: Database) -> None:
    assert await report(ctx, logged) == Report(10, None, "")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_entries SET reason = '谣言属实' WHERE seq = 4",
        "UPDATE audit_entries SET actor_name = '别人' WHERE seq = 4",
        "DELETE FROM audit_entries WHERE seq = 4",
    ],
)
async def test_an_edit_or_a_deletion_is_found_where_it_is(ctx: Context, logged: Database, sql: str) -> None:
    await tamper(logged, sql)
    assert (await report(ctx, logged)).broken_at == 4


async def test_reordering_is_found(ctx: Context, logged: Database) -> None:
    await tamper(
        logged,
        "UPDATE audit_entries SET seq = 99 WHERE seq = 4",
        "UPDATE audit_entries SET seq = 4 WHERE seq = 5",
        "UPDATE audit_entries SET seq = 5 WHERE seq = 99",
    )
    assert (await report(ctx, logged)).broken_at == 4


@pytest.mark.parametrize("sql", ["DELETE FROM audit_entries WHERE seq > 7", "DELETE FROM audit_entries"])
async def test_truncation_is_found(ctx: Context, logged: Database, sql: str) -> None:
    await tamper(logged, sql)
    assert (await report(ctx, logged)).head == "truncated"


async def test_a_log_rewritten_as_a_whole_is_found(ctx: Context, logged: Database) -> None:
    async with logged.read() as session:
        written = [entry async for entry in entries(session)]
    await tamper(logged, "DELETE FROM audit_entries")
    head = None
    async with logged.write() as session:
        for entry in written:
            fields = entry.model_dump() | {"reason": "别的理由"}
            head = seal(AuditEntry(**fields), head)
            session.add(head)
    assert await report(ctx, logged) == Report(10, None, "rewritten")


async def test_a_missing_or_forged_head_is_said(ctx: Context, logged: Database) -> None:
    path = audit.head_path(ctx)
    shutil.copy(path, path.with_suffix(".old"))
    path.unlink()
    assert (await report(ctx, logged)).head == "missing"
    path.write_text(path.with_suffix(".old").read_text().replace('"seq":10', '"seq":1'))
    assert (await report(ctx, logged)).head == "forged"


async def test_a_head_that_lags_behind_is_no_alarm(ctx: Context, database: Database, editor: Actor) -> None:
    for number in range(2):
        async with database.write() as session:
            await audit.record(ctx, session, editor, "case.claim", "case", number)
        if number == 0:
            before = audit.head_path(ctx).read_bytes()
    audit.head_path(ctx).write_bytes(before)  # killed between the commit and the new head
    assert await report(ctx, database) == Report(2, None, "")


async def test_export_gives_every_entry_once(ctx: Context, logged: Database) -> None:
    async with logged.read() as session:
        lines = [line async for line in export(session)]
    assert len(lines) == 10
    assert '"reason": "重复"' in lines[0]


async def test_the_auditor_reads_pages_newest_first(ctx: Context, logged: Database, auditor: Actor) -> None:
    async with logged.read() as session:
        first = await page(session, auditor, limit=4)
        second = await page(session, auditor, before=first[-1].seq, limit=4, act="case.")
    assert [entry.seq for entry in (*first, *second)] == [10, 9, 8, 7, 6, 5, 4, 3]


async def test_an_editor_does_not_read_the_audit_log(ctx: Context, db: Database) -> None:
    with pytest.raises(NotAllowed):
        async with db.read() as session:
            await page(session, actor("李编辑", "editor"))


async def test_a_cut_log_takes_no_further_entry_that_would_hide_the_cut(
    ctx: Context, logged: Database, editor: Actor
) -> None:
    await tamper(logged, "DELETE FROM audit_entries WHERE seq > 7")
    with pytest.raises(Unavailable):
        async with logged.write() as session:
            await audit.record(ctx, session, editor, "case.claim", "case", "next")
    assert (await report(ctx, logged)).head == "truncated"
