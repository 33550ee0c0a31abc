"""What stands in the house before anybody dies: a channel of every kind, an incident, an issuer, warnings to relay."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from content.permissions import Actor
from service.context import Context
from service.site.render import render_all
from service.store.engine import Database
from service.store.tables.accounts import User
from service.usecases import channels, triage, warnings
from tests.channels.accounts import APPID, APPSECRET
from tests.channels.robots import SECRET, WEBHOOK_SECRET
from tests.conftest import actor
from tests.kills.desk import Desk
from tests.kills.workers import Place, open_house
from tests.usecases.newsroom import ShippedAssessor, a_source, arrive, story
from tests.usecases.test_incidents import active
from tests.usecases.test_warnings import TEXT, cap

WIDE = {"per_minute": 10_000}


async def furnish(place: Place, folder: Path, warnings: int) -> Desk:
    """A house in which work can begin."""
    editor, issuer, sysadmin = (
        actor("李编辑", "editor"),
        actor("王签发", "issuer"),
        actor("孙系统", "sysadmin"),
    )
    async with open_house(place) as (ctx, db):
        await _channels(ctx, db, f"http://127.0.0.1:{place.port}", sysadmin)
        async with db.write() as session:
            session.add(_account(ctx, issuer))
        incident = await active(ctx, db, editor, issuer)
        begun = [await _warning(ctx, db, editor, number) for number in range(warnings)]
        await render_all(ctx, db)  # what is read and compiled now, the processes forked later need not again
    return Desk(editor, issuer, incident.id, tuple(begun), folder / "diary.jsonl")


async def _channels(ctx: Context, db: Database, base: str, by: Actor) -> None:
    """One of every kind beside the site, each named after it."""
    ways: dict[str, tuple[str, str | None, dict[str, Any]]] = {
        "webhook": (f"{base}/webhook", WEBHOOK_SECRET, WIDE),
        "wecom": (f"{base}/wecom?key=k", None, WIDE),
        "dingtalk": (f"{base}/dingtalk?access_token=t", SECRET, WIDE),
        "feishu": (f"{base}/feishu", SECRET, WIDE),
        "sms": (f"{base}/sms", WEBHOOK_SECRET, WIDE | {"to": ["group:village-officers"]}),
        "wechat": (f"{base}/wechat", APPSECRET, WIDE | {"appid": APPID}),
        "email": ("", None, {"to": ["villager@example.org"]}),
        "websub": (f"{base}/websub", None, {}),
        "todo": ("", None, {}),
    }
    async with db.write() as session:
        for kind, (url, secret, settings) in ways.items():
            await channels.add(ctx, session, kind, kind, url, by, secret, settings)


def _account(ctx: Context, person: Actor) -> User:
    assert person.id
    return User(
        id=person.id,
        name="issuer",
        display_name=person.name,
        roles=["issuer"],
        created_at=ctx.now(),
        updated_at=ctx.now(),
    )


async def _warning(ctx: Context, db: Database, editor: Actor, number: int) -> UUID:
    """An official warning that was heard and is begun as a piece; each is a message of its own."""
    message = cap(number % 60).replace("3609_", f"3609_{number}_")
    source = await a_source(ctx, db, editor, "宜春气象", True)
    [item] = await arrive(ctx, db, source, story("宜春市气象台发布暴雨橙色预警信号", TEXT, cap=message))
    await triage.triage_pending(ctx, db, ShippedAssessor(rules_only=True))
    async with db.write() as session:
        return (await warnings.relay(ctx, session, item, editor)).id
