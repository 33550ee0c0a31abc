"""Registering feeds: by address, from a list, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from content.audit import AuditEntry
from content.errors import NotAllowed
from content.permissions import Actor
from service.cli.sources import app
from service.context import Context
from service.errors import Conflict, Invalid, NotFound
from service.feeds.discover import DiscoveryFailed
from service.feeds.errors import OpmlError
from service.store.engine import Database
from service.usecases import sources
from service.usecases.polling import FeedDoor, poll_due
from service.usecases.sources import DuplicateSource
from tests.conftest import Clock
from tests.usecases.feed_site import FeedSite, Story, rss

LIST = """<?xml version="1.0"?><opml version="2.0"><body>
<outline text="本地"><outline text="宜春日报" xmlUrl="https://news.example.cn/rss.xml"/>
<outline text="又是宜春日报" xmlUrl="http://news.example.cn/rss.xml?utm_source=opml"/></outline>
<outline text="没有地址"/><outline text="气象台" xmlUrl="https://weather.example.cn/cap.xml"/>
</body></opml>""".encode()


async def test_a_feed_is_registered_once_however_it_is_spelled(
    ctx: Context, database: Database, editor: Actor
) -> None:
    async with database.write() as session:
        source = await sources.add(
            ctx, session, " https://News.Example.cn:443/rss.xml ", editor, region="360902"
        )
    assert (source.host, source.health, source.next_poll) == ("news.example.cn:443", "new", ctx.now())
    with pytest.raises(DuplicateSource) as known:
        async with database.write() as session:
            await sources.add(ctx, session, "http://news.example.cn/rss.xml?utm_source=x#top", editor)
    assert known.value.details == {"source": str(source.id)}


@pytest.mark.parametrize(
    "url", ["", "ftp://a.example/x", "javascript:alert(1)", "file:///etc/passwd", "看看"]
)
async def test_what_is_no_web_address_is_refused(ctx: Context, db: Database, editor: Actor, url: str) -> None:
    with pytest.raises(Invalid):
        async with db.write() as session:
            await sources.add(ctx, session, url, editor)


async def test_a_list_of_feeds_is_reported_line_by_line(
    ctx: Context, database: Database, editor: Actor
) -> None:
    async with database.write() as session:
        report = await sources.import_opml(ctx, session, LIST, editor)
    assert [(line.title, line.outcome) for line in report.lines] == [
        ("宜春日报", "added"),
        ("又是宜春日报", "duplicate"),
        ("气象台", "added"),
    ]
    async with database.write() as session:
        again = await sources.import_opml(ctx, session, LIST, editor)
        assert again.added == 0
        assert b"weather.example.cn/cap.xml" in await sources.export_opml(session, "信源")
    with pytest.raises(OpmlError):
        async with database.write() as session:
            await sources.import_opml(ctx, session, b"not a list", editor)


async def test_editing_needs_the_newest_version_and_is_recorded(
    ctx: Context, database: Database, editor: Actor, sysadmin: Actor
) -> None:
    async with database.write() as session:
        source = await sources.add(ctx, session, "https://news.example.cn/rss.xml", editor)
    async with database.write() as session:
        edited = await sources.edit(ctx, session, source.id, sysadmin, 1, title="宜春日报", authority=True)
    assert (edited.title, edited.authority, edited.version) == ("宜春日报", True, 2)
    with pytest.raises(Conflict):
        async with database.write() as session:
            await sources.edit(ctx, session, source.id, editor, 1, title="晚了")
    with pytest.raises(Invalid):
        async with database.write() as session:
            await sources.edit(ctx, session, source.id, editor, demo=True)
    async with database.read() as session:
        entries = (await session.exec(select(AuditEntry).where(AuditEntry.act == "source.edit"))).all()
    assert [(e.before or {})["title"] + "→" + (e.after or {})["title"] for e in entries] == ["→宜春日报"]


async def test_a_source_that_moved_begins_anew_and_keeps_its_items_known(
    ctx: Context, database: Database, editor: Actor, site: FeedSite, door: FeedDoor, clock: Clock
) -> None:
    site.bodies["/old"] = site.bodies["/new"] = rss(Story("a1", "明天停水通知", "城东片区停水八小时。"))
    async with database.write() as session:
        source = await sources.add(ctx, session, site.url("/old"), editor)
    await poll_due(ctx, database, door)
    async with database.write() as session:
        moved = await sources.edit(ctx, session, source.id, editor, url=site.url("/new"))
    assert (moved.health, moved.state) == ("new", {})
    report = await poll_due(ctx, database, door)
    assert (report.polled, report.new) == (1, 0)


async def test_pause_resume_and_poll_now(
    ctx: Context, database: Database, editor: Actor, site: FeedSite, door: FeedDoor
) -> None:
    site.bodies["/rss"] = rss(Story("a1", "明天停水通知"))
    async with database.write() as session:
        source = await sources.add(ctx, session, site.url("/rss"), editor)
    await poll_due(ctx, database, door)
    assert (await poll_due(ctx, database, door)).polled == 0
    async with database.write() as session:
        await sources.poll_now(ctx, session, source.id, editor)
        await sources.pause(ctx, session, source.id, editor)
    assert (await poll_due(ctx, database, door)).polled == 0
    async with database.write() as session:
        await sources.resume(ctx, session, source.id, editor)
    assert (await poll_due(ctx, database, door)).polled == 1


async def test_experts_and_auditors_register_nothing(
    ctx: Context, db: Database, expert_actor: Actor, auditor: Actor
) -> None:
    for stranger in (expert_actor, auditor):
        with pytest.raises(NotAllowed):
            async with db.write() as session:
                await sources.add(ctx, session, "https://news.example.cn/rss.xml", stranger)
    async with db.write() as session:
        with pytest.raises(NotFound):
            await sources.pause(ctx, session, ctx.new_id(), Actor(ctx.new_id(), "x", frozenset({"editor"})))


async def test_the_feed_behind_a_page_is_found(site: FeedSite, door: FeedDoor) -> None:
    site.bodies["/"] = (
        "<html><head><link rel='alternate' type='application/rss+xml' href='/rss' title='要闻'></head></html>".encode()
    )
    (found,) = await sources.find_feed(door, site.url("/"))
    assert (found.url, found.title) == (site.url("/rss"), "要闻")
    with pytest.raises(DiscoveryFailed):
        await sources.find_feed(door, "http://127.0.0.1:1/")


def test_the_command_line_registers_lists_and_pauses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGYUAN_DATA_DIR", str(tmp_path / "var"))
    opml = tmp_path / "list.opml"
    opml.write_bytes(LIST)
    runner = CliRunner()
    lines = runner.invoke(app, ["import", str(opml), "--json"]).stdout.splitlines()
    assert [json.loads(line)["outcome"] for line in lines] == ["added", "duplicate", "added"]
    added = runner.invoke(app, ["add", "--as-is", "https://fire.example.cn/rss", "--authority", "--json"])
    assert json.loads(added.stdout)["authority"] is True
    assert runner.invoke(app, ["pause", "https://fire.example.cn/rss"]).exit_code == 0
    listed = [json.loads(line) for line in runner.invoke(app, ["list", "--json"]).stdout.splitlines()]
    assert sorted((x["url"], x["enabled"]) for x in listed) == [
        ("https://fire.example.cn/rss", False),
        ("https://news.example.cn/rss.xml", True),
        ("https://weather.example.cn/cap.xml", True),
    ]
