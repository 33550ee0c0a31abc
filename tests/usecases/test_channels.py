"""Administering channels: secrets shown once, addresses masked, wrong settings refused, the test message marked."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlmodel import select

from content.audit import AuditEntry
from content.errors import NotAllowed
from content.permissions import Actor
from service.context import Context
from service.errors import Conflict, Invalid
from service.store import channels as store
from service.store.engine import Database
from service.usecases import channels
from tests.sinks import answers, sink, status
from tests.writing import Site, published, ways_out

URL = "https://example.org/hook?key=very-secret"


async def add(ctx: Context, db: Database, by: Actor, **more: Any) -> tuple[Any, str | None]:
    given = {"name": "市融媒体", "kind": "webhook", "url": URL} | more
    async with db.write() as session:
        return await channels.add(
            ctx,
            session,
            given["name"],
            given["kind"],
            given["url"],
            by,
            given.get("secret"),
            given.get("settings"),
        )


async def test_a_secret_is_made_shown_once_and_kept_encrypted(
    ctx: Context, database: Database, sysadmin: Actor
) -> None:
    channel, secret = await add(ctx, database, sysadmin)
    assert secret is not None
    async with database.read() as session:
        stored = await store.load(session, channel.id)
        entries = (await session.exec(select(AuditEntry))).all()
    assert stored.secret is not None
    assert secret.encode() not in stored.secret
    assert channels.config_of(ctx, stored).secret == secret
    logged = json.dumps([e.after for e in entries], ensure_ascii=False)
    assert secret not in logged
    assert "very-secret" not in logged


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (URL, "https://example.org/hook?…"),
        (
            "https://open.feishu.cn/open-apis/bot/v2/hook/0f3c1e2a-77aa-4c0e",
            "https://open.feishu.cn/open-apis/bot/v2/hook/0f3c…",
        ),
        ("https://example.org/in", "https://example.org/in"),
        ("", ""),
    ],
)
def test_an_address_is_shown_without_what_is_a_password_in_it(url: str, shown: str) -> None:
    assert channels.masked(url) == shown


@pytest.mark.parametrize(
    "more",
    [
        {"kind": "carrier-pigeon"}, {"kind": "site"}, {"name": "site"}, {"name": "  "}, {"url": "ftp://example.org/"},
        {"url": "https://user:pw@example.org/"}, {"url": "no address"}, {"settings": {"color": "red"}},
        {"settings": {"routing": {"mood": ["sad"]}}}, {"settings": {"quiet": ["22:00"]}},
        {"settings": {"quiet": ["25:00", "07:00"]}}, {"settings": {"per_minute": 0}}, {"settings": {"per_minute": "many"}},
    ],
)  # fmt: skip
async def test_what_makes_no_sense_is_refused(
    ctx: Context, db: Database, sysadmin: Actor, more: dict[str, Any]
) -> None:
    with pytest.raises(Invalid):
        await add(ctx, db, sysadmin, **more)


async def test_a_name_is_used_once(ctx: Context, db: Database, sysadmin: Actor) -> None:
    await add(ctx, db, sysadmin)
    with pytest.raises(Conflict):
        await add(ctx, db, sysadmin)


async def test_only_the_system_administrator_changes_channels(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, secadmin: Actor, auditor: Actor
) -> None:
    for somebody in (editor, issuer, secadmin, auditor):
        with pytest.raises(NotAllowed):
            await add(ctx, db, somebody)


async def test_changes_are_versioned_and_exercise_mode_is_for_ever(
    ctx: Context, database: Database, sysadmin: Actor
) -> None:
    channel, _ = await add(ctx, database, sysadmin, settings={"exercise": True})
    async with database.write() as session:
        await channels.edit(ctx, session, channel.id, sysadmin, url="https://example.org/new", version=1)
    with pytest.raises(Conflict):
        async with database.write() as session:
            await channels.edit(ctx, session, channel.id, sysadmin, url="https://example.org/x", version=1)
    with pytest.raises(Invalid):
        async with database.write() as session:
            await channels.edit(ctx, session, channel.id, sysadmin, settings={})
    async with database.read() as session:
        assert (await store.load(session, channel.id)).url == "https://example.org/new"


async def test_the_public_site_is_there_by_itself_and_cannot_be_switched_off(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor
) -> None:
    await published(ctx, db, editor, issuer)
    async with db.read() as session:
        [site] = await channels.listing(session)
    for act in (channels.disable, channels.enable):
        with pytest.raises(Invalid):
            async with db.write() as session:
                await act(ctx, session, site.id, sysadmin)


@pytest.mark.parametrize("kind", ["webhook", "wecom", "dingtalk", "feishu"])
async def test_a_test_message_says_that_it_is_one_and_shows_in_the_health(
    ctx: Context, db: Database, sysadmin: Actor, kind: str
) -> None:
    async with (
        sink(answers({"errcode": 0, "code": 0})) as receiver,
        ways_out(ctx, Site(), receiver.port) as out,
    ):
        channel, _ = await add(ctx, db, sysadmin, kind=kind, url=receiver.url)
        assert (await channels.test(ctx, db, out, channel.id, sysadmin)).ok
        receiver.behaviours = [status(503)]
        failed = await channels.test(ctx, db, out, channel.id, sysadmin)
        said = json.dumps(receiver.taken, ensure_ascii=False)
    assert (failed.ok, failed.code) == (False, "http_503")
    assert "演练" in said
    assert "测试" in said
    async with db.read() as session:
        shown = await store.load(session, channel.id)
    assert (shown.health, shown.reason) == (
        "failing",
        "http_503 Try again later; the channel is busy or unreachable, and certainly did not take the message.",
    )
