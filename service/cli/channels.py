"""`channel add · list · test · edit · disable · enable`: ways out to the public, by whoever has a shell on this machine."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer
from sqlmodel.ext.asyncio.session import AsyncSession

from service.channels.outlets import outlets
from service.cli.opening import operator, run
from service.context import Context
from service.errors import Invalid, NotFound
from service.feeds.guard import guarded_session
from service.feeds.policy import FetchPolicy
from service.store import channels as store
from service.store.engine import Database
from service.store.tables.channels import Channel
from service.usecases import channels
from service.usecases.channels import TestResult

app = typer.Typer(
    help="Ways out to the public: add, list, test, edit, disable, enable.", no_args_is_help=True
)
Name = Annotated[str, typer.Argument(help="The channel's name.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Url = Annotated[str, typer.Option("--url", help="Where to send; not needed for email, wechat and todo.")]
Secret = Annotated[str | None, typer.Option("--secret", help="Given by the other side; else one is made.")]
To = Annotated[list[str] | None, typer.Option("--to", help="Recipient (email, sms); may be repeated.")]
Quiet = Annotated[str, typer.Option("--quiet", help="No everyday news between, e.g. 22:00-07:00.")]
PerMinute = Annotated[int | None, typer.Option("--per-minute", help="The most messages a minute.")]
Keyword = Annotated[str, typer.Option("--keyword", help="A word that the robot wants in every message.")]
Appid = Annotated[str, typer.Option("--appid", help="The official account's AppID (wechat).")]
Cover = Annotated[str, typer.Option("--cover", help="Name of the cover in the account's library (wechat).")]
Some = list[str] | None


@app.command()
def add(
    name: Name,
    kind: Annotated[
        str,
        typer.Option("--kind", help="webhook, email, wecom, dingtalk, feishu, sms, wechat, websub, todo."),
    ],
    url: Url = "",
    secret: Secret = None,
    exercise: Annotated[
        bool, typer.Option("--exercise", help="For exercises (演练) only, for ever.")
    ] = False,
    only: Annotated[Some, typer.Option("--only", help="rebuttal, explainer, holding or warning.")] = None,
    topic: Annotated[Some, typer.Option("--topic", help="Only this topic; may be repeated.")] = None,
    hazard: Annotated[Some, typer.Option("--hazard", help="Only this hazard; may be repeated.")] = None,
    region: Annotated[
        Some, typer.Option("--region", help="Only this division code; may be repeated.")
    ] = None,
    audience: Annotated[Some, typer.Option("--audience", help="Only this audience; may be repeated.")] = None,
    to: To = None,
    quiet: Quiet = "",
    per_minute: PerMinute = None,
    keyword: Keyword = "",
    appid: Appid = "",
    cover: Cover = "",
    as_json: AsJson = False,
) -> None:
    """Make a channel and print its secret, this once."""
    routing = {"kinds": only, "topics": topic, "hazards": hazard, "regions": region, "audiences": audience}
    chosen = _settings(quiet, per_minute, to, keyword, appid, cover)
    chosen["routing"] = {k: v for k, v in routing.items() if v}
    if exercise:
        chosen["exercise"] = True

    async def work(ctx: Context, database: Database) -> tuple[Channel, str | None]:
        async with database.write() as session:
            return await channels.add(ctx, session, name, kind, url, operator(), secret, chosen)

    channel, made = run(work)
    shown = None if secret else made
    if as_json:
        print(json.dumps(_fields(channel) | {"secret": shown}, ensure_ascii=False))
    else:
        print(
            f"{channel.name} ({channel.kind}) is on"
            + (f"\nsecret, shown this once: {shown}" if shown else "")
        )


@app.command("list")
def listing(as_json: AsJson = False) -> None:
    """All channels and how they are doing."""

    async def work(_ctx: Context, database: Database) -> list[Channel]:
        async with database.read() as session:
            return list(await channels.listing(session))

    for channel in run(work):
        if as_json:
            print(json.dumps(_fields(channel), ensure_ascii=False))
        else:
            state = channel.health if channel.enabled else "off"
            print(
                f"{channel.name:20} {channel.kind:10} {state:10} {channels.masked(channel.url)} {channel.reason}".rstrip()
            )


@app.command("test")
def try_out(name: Name, as_json: AsJson = False) -> None:
    """Send a message that says it is a test; exit code 1 when it is not taken."""

    async def work(ctx: Context, database: Database) -> TestResult:
        async def render(_: str) -> None:
            """The site is never tested."""

        async with guarded_session(FetchPolicy(allow=ctx.settings.fetch_allow)) as http:
            out = outlets(http, render, ctx.now, ctx.settings.smtp_url)
            async with database.read() as session:
                channel = await _named(session, name)
            return await channels.test(ctx, database, out, channel.id, operator())

    result = run(work)
    if as_json:
        print(json.dumps(vars(result), ensure_ascii=False))
    else:
        print(f"{name}: {'taken' if result.ok else 'not taken'} ({result.code}) {result.error}".rstrip())
    if not result.ok:
        raise typer.Exit(1)


@app.command()
def edit(
    name: Name,
    url: Annotated[str | None, typer.Option("--url", help="A new address.")] = None,
    secret: Secret = None,
    to: To = None,
    quiet: Quiet = "",
    per_minute: PerMinute = None,
    keyword: Keyword = "",
    appid: Appid = "",
    cover: Cover = "",
) -> None:
    """Change address, secret or settings; what is not named stays."""

    async def work(ctx: Context, database: Database) -> None:
        async with database.write() as session:
            channel = await _named(session, name)
            changed = _settings(quiet, per_minute, to, keyword, appid, cover)
            chosen = dict(channel.settings) | changed
            await channels.edit(ctx, session, channel.id, operator(), url=url, secret=secret, settings=chosen)

    run(work)
    print(f"{name} is changed")


@app.command()
def disable(name: Name, reason: Annotated[str, typer.Option("--reason", help="Why.")] = "") -> None:
    """Switch a channel off; what waits for it waits on."""

    async def work(ctx: Context, database: Database) -> None:
        async with database.write() as session:
            channel = await _named(session, name)
            await channels.disable(ctx, session, channel.id, operator(), reason)

    run(work)
    print(f"{name} is off")


@app.command()
def enable(name: Name) -> None:
    """Switch a channel on again."""

    async def work(ctx: Context, database: Database) -> None:
        async with database.write() as session:
            await channels.enable(ctx, session, (await _named(session, name)).id, operator())

    run(work)
    print(f"{name} is on")


async def _named(session: AsyncSession, name: str) -> Channel:
    found = await store.by_name(session, name)
    if found is None:
        raise NotFound(f"there is no channel called '{name}'")
    return found


def _settings(
    quiet: str, per_minute: int | None, to: list[str] | None, keyword: str, appid: str, cover: str
) -> dict[str, Any]:
    chosen: dict[str, Any] = {
        "to": to, "per_minute": per_minute, "keyword": keyword, "appid": appid, "cover": cover,
    }  # fmt: skip
    if quiet:
        start, dash, end = quiet.partition("-")
        if not dash:
            raise Invalid("--quiet is two times with a dash between, e.g. 22:00-07:00")
        chosen["quiet"] = [start.strip(), end.strip()]
    return {key: value for key, value in chosen.items() if value}


def _fields(channel: Channel) -> dict[str, Any]:
    """What is shown of a channel: no secret, and no address that is one."""
    return {
        "id": str(channel.id),
        "name": channel.name,
        "kind": channel.kind,
        "url": channels.masked(channel.url),
        "enabled": channel.enabled,
        "settings": channel.settings,
        "health": channel.health,
        "reason": channel.reason,
        "last_success": channel.last_success.isoformat() if channel.last_success else None,
    }
