"""What is kept, and for how long."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select

from content.cases import Evidence
from content.permissions import SERVICE
from service.context import Context
from service.store.engine import Database
from service.store.tables import Item, LoginSession, LoginTries, PendingItem, SetupLink, Source, Tip
from service.usecases import accounts, retention
from tests.conftest import Clock


async def _item(ctx: Context, database: Database, source_id: UUID, guid: str, *, days: int) -> UUID:
    item_id = ctx.new_id()
    async with database.write() as session:
        session.add(
            Item(
                id=item_id,
                source_id=source_id,
                guid=guid,
                title="袁州区停水通知",
                content_hash=guid,
                seen_at=ctx.now() - timedelta(days=days),
            )
        )
    return item_id


async def _source(ctx: Context, database: Database) -> UUID:
    now, source_id = ctx.now(), ctx.new_id()
    async with database.write() as session:
        session.add(
            Source(id=source_id, url="http://a.cn/rss", next_poll=now, created_at=now, updated_at=now)
        )
    return source_id


async def _uses(ctx: Context, database: Database, item_id: UUID) -> None:
    async with database.write() as session:
        session.add(
            Evidence(
                id=ctx.new_id(),
                kind="item",
                item_id=item_id,
                source_name="示例",
                title="袁州区停水通知",
                text="",
                seen_at=ctx.now(),
                sha256="0" * 64,
            )
        )


async def test_an_item_goes_after_half_a_year_unless_a_case_uses_it(ctx: Context, database: Database) -> None:
    source_id = await _source(ctx, database)
    await _item(ctx, database, source_id, "old", days=181)
    young = await _item(ctx, database, source_id, "young", days=179)
    used = await _item(ctx, database, source_id, "used", days=400)
    owed = await _item(ctx, database, source_id, "owed", days=400)
    await _uses(ctx, database, used)
    async with database.write() as session:
        session.add(PendingItem(item_id=owed, seen_at=ctx.now()))
    assert (await retention.purge(ctx, database)).items == 1
    async with database.read() as session:
        assert set((await session.exec(select(Item.id))).all()) == {young, used, owed}


async def test_contact_data_goes_thirty_days_after_the_answer(ctx: Context, database: Database) -> None:
    now = ctx.now()
    async with database.write() as session:
        for number, answered in enumerate((None, now - timedelta(days=29), now - timedelta(days=31))):
            session.add(
                Tip(
                    id=ctx.new_id(),
                    token_sha256=str(number),
                    text="真的停水吗",
                    contact=b"sealed",
                    created_at=now - timedelta(days=40),
                    answered_at=answered,
                )
            )
    assert (await retention.purge(ctx, database)).contacts == 1
    async with database.read() as session:
        left = select(Tip.token_sha256).where(col(Tip.contact).is_not(None))
        assert set((await session.exec(left)).all()) == {"0", "1"}


async def test_sessions_links_and_counters_go_when_they_have_run_out(
    ctx: Context, database: Database, clock: Clock
) -> None:
    async with database.write() as session:
        _, link = await accounts.create_user(ctx, session, "li", ["editor"], SERVICE)
        await accounts.set_password(ctx, session, link, "明月山的泉水2026")
    await accounts.login(ctx, database, "li", "明月山的泉水2026")
    clock.move(days=5)
    await retention.purge(ctx, database)
    async with database.read() as session:
        for table in (LoginSession, SetupLink, LoginTries):
            assert (await session.exec(select(table))).all() == []


async def test_nothing_is_purged_twice(ctx: Context, database: Database) -> None:
    await _item(ctx, database, await _source(ctx, database), "old", days=181)
    await retention.purge(ctx, database)
    assert await retention.purge(ctx, database) == retention.Purged(0, 0, 0)
