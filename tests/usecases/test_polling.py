"""From a due source to stored items, through a real server, a real parser and real databases."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import col, select

from content.permissions import Actor
from service.context import Context
from service.store import items as item_store
from service.store.engine import Database
from service.store.tables import Item, Lease, PendingItem, Source
from service.usecases import polling, sources
from service.usecases.polling import FeedDoor, poll_due
from tests.conftest import Clock, as_worker
from tests.usecases.feed_site import FeedSite, Story, rss

FLOOD = Story("a1", "袁州区秀江水位超警戒 沿岸群众转移", "今天上午，秀江宜春城区段水位超过警戒线0.6米。")
FOOD = Story("a2", "网传“柿子和螃蟹同吃会中毒”，专家回应", "多位营养专家表示，正常食用不会中毒。")


async def registered(ctx: Context, db: Database, by: Actor, url: str) -> Source:
    async with db.write() as session:
        return await sources.add(ctx, session, url, by)


async def stored(db: Database) -> list[Item]:
    async with db.read() as session:
        return list((await session.exec(select(Item).order_by(col(Item.guid), col(Item.revision)))).all())


async def source_now(db: Database, source: Source) -> Source:
    async with db.read() as session:
        return (await session.exec(select(Source).where(Source.id == source.id))).one()


async def test_a_due_source_becomes_items_that_wait_for_triage(
    ctx: Context, database: Database, editor: Actor, site: FeedSite, door: FeedDoor
) -> None:
    site.bodies["/rss"] = rss(FLOOD, FOOD)
    source = await registered(ctx, database, editor, site.url("/rss"))
    report = await poll_due(ctx, database, door)
    assert (report.polled, report.new, report.failed) == (1, 2, 0)
    assert [item.title for item in await stored(database)] == [FLOOD.title, FOOD.title]
    async with database.read() as session:
        assert await item_store.backlog(session) == 2
    after = await source_now(database, source)
    assert (after.health, after.title, after.items_seen) == ("ok", "宜春日报", 2)
    assert after.next_poll > ctx.now()
    assert after.claimed_by is None


async def test_polling_again_adds_nothing(
    ctx: Context, database: Database, editor: Actor, site: FeedSite, door: FeedDoor, clock: Clock
) -> None:
    site.bodies["/rss"] = rss(FLOOD, FOOD)
    await registered(ctx, database, editor, site.url("/rss"))
    await poll_due(ctx, database, door)
    site.bodies["/rss"] = rss(FOOD, FLOOD, title="宜春日报网")
    clock.move(hours=7)
    report = await poll_due(ctx, database, door)
    assert (report.polled, report.new, report.changed) == (1, 0, 0)
    assert len(await stored(database)) == 2


async def test_a_changed_story_is_a_new_revision_and_the_old_one_stays(
    ctx: Context, database: Database, editor: Actor, site: FeedSite, door: FeedDoor, clock: Clock
) -> None:
    site.bodies["/rss"] = rss(FLOOD)
    await registered(ctx, database, editor, site.url("/rss"))
    await poll_due(ctx, database, door)
    for round_, title in enumerate(("秀江水位回落", "秀江水位再次上涨"), start=2):
        clock.move(hours=7)
        site.bodies["/rss"] = rss(Story("a1", title, FLOOD.text))
        assert (await poll_due(ctx, database, door)).changed == 1
        assert [item.revision for item in await stored(database)] == list(range(1, round_ + 1))
    assert (await stored(database))[0].title == FLOOD.title


async def test_a_source_that_fails_says_why_and_stops_no_other(
    ctx: Context, database: Database, editor: Actor, site: FeedSite, door: FeedDoor, clock: Clock
) -> None:
    site.bodies |= {"/good": rss(FLOOD), "/broken": b"<html><p>404</p></html>", "/slow": 5.0, "/gone": 410}
    paths = ("/good", "/broken", "/slow", "/gone", "/missing")
    known = {path: await registered(ctx, database, editor, site.url(path)) for path in paths}
    blocked = await registered(ctx, database, editor, "http://127.0.0.1:9/secret")
    report = await poll_due(ctx, database, door)
    assert (report.polled, report.new, report.failed) == (6, 1, 5)
    clock.move(hours=1)
    await poll_due(ctx, database, door)
    seen = {path: await source_now(database, source) for path, source in known.items()}
    assert {path: (s.health, s.reason) for path, s in seen.items()} == {
        "/good": ("ok", ""),
        "/broken": ("failing", "not_a_feed"),
        "/slow": ("failing", "timeout"),
        "/gone": ("gone", "http_410"),
        "/missing": ("failing", "http_404"),
    }
    assert (await source_now(database, blocked)).reason == "blocked"


async def test_an_error_of_our_own_costs_only_that_source(
    ctx: Context, database: Database, editor: Actor, site: FeedSite, door: FeedDoor
) -> None:
    class Stumbling:
        async def poll(self, state, known, now):  # type: ignore[no-untyped-def]
            if state.url.endswith("/odd"):
                raise ZeroDivisionError
            return await door.poll(state, known, now)

    site.bodies |= {"/good": rss(FLOOD), "/odd": rss(FOOD)}
    await registered(ctx, database, editor, site.url("/good"))
    odd = await registered(ctx, database, editor, site.url("/odd"))
    report = await poll_due(ctx, database, Stumbling())
    assert (report.polled, report.new, report.failed) == (2, 1, 1)
    assert (await source_now(database, odd)).reason == "internal"


async def test_values_that_no_index_or_column_takes_are_stored_all_the_same(
    ctx: Context, database: Database, editor: Actor, site: FeedSite, door: FeedDoor, clock: Clock
) -> None:
    long = Story("号" * 1500, "标题" * 900, "正文\x0b", link=f"https://news.example.cn/{'山' * 600}")
    site.bodies["/rss"] = rss(long)
    await registered(ctx, database, editor, site.url("/rss"))
    assert (await poll_due(ctx, database, door)).new == 1
    clock.move(days=2)
    report = await poll_due(ctx, database, door)
    assert (report.new, report.changed) == (0, 0)


async def test_a_paused_source_is_not_asked(
    ctx: Context, database: Database, editor: Actor, site: FeedSite, door: FeedDoor
) -> None:
    source = await registered(ctx, database, editor, site.url("/rss"))
    async with database.write() as session:
        await sources.pause(ctx, session, source.id, editor)
    assert (await poll_due(ctx, database, door)).polled == 0
    assert site.asked == []


async def test_two_workers_poll_each_source_once(
    ctx: Context, database: Database, editor: Actor, site: FeedSite, door: FeedDoor
) -> None:
    paths = [f"/{number}" for number in range(12)]
    for path in paths:
        site.bodies[path] = rss(Story(path, f"第{path[1:]}号公告", "明天停水。"))
        await registered(ctx, database, editor, site.url(path))
    first, second = await asyncio.gather(
        poll_due(as_worker(ctx, "w-1"), database, door), poll_due(as_worker(ctx, "w-2"), database, door)
    )
    assert first.polled + second.polled == 12
    assert sorted(site.asked) == sorted(paths)
    assert len(await stored(database)) == 12


async def test_a_dead_workers_sources_are_given_back(
    ctx: Context, database: Database, editor: Actor, site: FeedSite, door: FeedDoor
) -> None:
    site.bodies["/rss"] = rss(FLOOD)
    source = await registered(ctx, database, editor, site.url("/rss"))
    for worker, until in (("w-dead", -1), ("w-alive", 5)):
        async with database.write() as session:
            session.add(
                Lease(name=f"worker:{worker}", holder=worker, until=ctx.now() + timedelta(seconds=until))
            )
            row = (await session.exec(select(Source).where(Source.id == source.id))).one()
            row.claimed_by, row.claimed_until = worker, ctx.now() + timedelta(minutes=5)
            session.add(row)
        assert (await poll_due(ctx, database, door)).polled == 0
        freed = await polling.recover(ctx, database)
        assert freed == (worker == "w-dead")


async def test_a_poll_whose_claim_was_lost_writes_nothing(
    ctx: Context, database: Database, editor: Actor, site: FeedSite, door: FeedDoor
) -> None:
    site.bodies["/rss"] = rss(FLOOD)
    source = await registered(ctx, database, editor, site.url("/rss"))

    class Overtaken:
        async def poll(self, state, known, now):  # type: ignore[no-untyped-def]
            async with database.write() as session:
                await sources.edit(ctx, session, source.id, editor, url=site.url("/elsewhere"))
            return await door.poll(state, known, now)

    report = await poll_due(ctx, database, Overtaken(), limit=1)
    assert report.polled == 0
    assert await stored(database) == []
    async with database.read() as session:
        assert (await session.exec(select(PendingItem))).all() == []


@pytest.mark.parametrize("limit", [1, 3])
async def test_no_more_sources_than_asked_for_are_polled(
    ctx: Context, db: Database, editor: Actor, site: FeedSite, door: FeedDoor, limit: int
) -> None:
    for number in range(5):
        await registered(ctx, db, editor, site.url(f"/{number}"))
    assert (await poll_due(ctx, db, door, limit=limit)).polled == limit
