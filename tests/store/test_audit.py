"""The audit log's store: chained, locked, signed, and no change without it."""

from __future__ import annotations

import asyncio
import contextlib
import json
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlmodel import col, select

from content.audit import AuditEntry, first_break
from content.permissions import Actor
from service.context import Context
from service.errors import Unavailable
from service.store import audit
from service.store.engine import Database
from service.store.tables import Setting


async def _entries(database: Database) -> list[AuditEntry]:
    async with database.read() as session:
        return list((await session.exec(select(AuditEntry).order_by(col(AuditEntry.seq)))).all())


async def test_entries_come_back_as_they_were_sealed(database: Database, ctx: Context, editor: Actor) -> None:
    after = {"id": uuid4(), "at": ctx.now(), "标题": "坏\ud800字\x00符", "score": 0.1}
    async with database.write() as session:
        await audit.record(ctx, session, editor, "case.open", "case", uuid4(), None, after, "看到了")
        await audit.record(ctx, session, editor, "case.claim", "case", uuid4(), {"state": "queued"}, {})
    entries = await _entries(database)
    assert [entry.seq for entry in entries] == [1, 2]
    assert first_break(entries) is None


async def test_fifty_writers_at_once_make_one_unbroken_chain(
    database: Database, ctx: Context, editor: Actor
) -> None:
    async def write(number: int) -> None:
        async with database.write() as session:
            await audit.record(ctx, session, editor, "case.claim", "case", number)

    await asyncio.gather(*(write(number) for number in range(50)))
    entries = await _entries(database)
    assert len(entries) == 50
    assert first_break(entries) is None
    head = audit.read_head(audit.head_path(ctx), ctx.keys.audit)
    assert head == audit.Head(50, entries[-1].hash)


async def test_a_rolled_back_act_leaves_no_entry_and_no_head(
    database: Database, ctx: Context, editor: Actor
) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.write() as session:
            await audit.record(ctx, session, editor, "case.claim", "case", 1)
            raise ZeroDivisionError
    assert await _entries(database) == []
    assert audit.read_head(audit.head_path(ctx), ctx.keys.audit) is None


async def test_a_change_is_refused_when_the_head_cannot_be_written(
    database: Database, ctx: Context, editor: Actor
) -> None:
    nowhere = replace(
        ctx, settings=ctx.settings.model_copy(update={"data_dir": ctx.settings.data_dir / "gone"})
    )
    with pytest.raises(Unavailable):
        async with database.write() as session:
            session.add(Setting(key="mode", updated_at=ctx.now()))
            await audit.record(nowhere, session, editor, "setting.edit", "setting", "mode")
    async with database.read() as session:
        assert await session.get(Setting, "mode") is None
    assert await _entries(database) == []


async def test_a_forged_head_is_not_believed(db: Database, ctx: Context, editor: Actor) -> None:
    async with db.write() as session:
        await audit.record(ctx, session, editor, "case.claim", "case", 1)
    path = audit.head_path(ctx)
    path.write_text(json.dumps({**json.loads(path.read_text()), "seq": 9}))
    with pytest.raises(Unavailable, match="not signed"):
        audit.read_head(path, ctx.keys.audit)


async def test_many_entries_of_one_act_are_one_chain_also_around_a_savepoint(
    database: Database, ctx: Context, editor: Actor
) -> None:
    async with database.write() as session:
        for number in range(3):
            await audit.record(ctx, session, editor, "case.claim", "case", number)
        with contextlib.suppress(ZeroDivisionError):
            async with session.begin_nested():
                await audit.record(ctx, session, editor, "case.claim", "case", "undone")
                raise ZeroDivisionError
        await audit.record(ctx, session, editor, "case.claim", "case", "last")
    entries = await _entries(database)
    assert [entry.subject_id for entry in entries] == ["0", "1", "2", "last"]
    assert first_break(entries) is None
    assert audit.read_head(audit.head_path(ctx), ctx.keys.audit) == audit.Head(4, entries[-1].hash)
