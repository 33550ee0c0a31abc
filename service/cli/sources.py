"""`sources import · add · list · poll · pause · resume`: feeds, by whoever has a shell on this machine."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from service.cli.opening import operator, run
from service.context import Context
from service.errors import NotFound
from service.store import sources as store
from service.store.engine import Database
from service.store.tables import Source
from service.usecases import polling, sources
from service.usecases.polling import FeedDoor, PollReport

app = typer.Typer(help="Feeds: import, add, list, poll, pause, resume.", no_args_is_help=True)
Url = Annotated[str, typer.Argument(help="The address of a feed, or of a page that names one.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON lines.")]
SECONDS_BETWEEN_ROUNDS = 1.0


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="An OPML file.", exists=True, dir_okay=False)],
    as_json: AsJson = False,
) -> None:
    """Register all feeds of a list that are not registered yet; says what became of each line."""

    async def work(ctx: Context, database: Database) -> sources.OpmlReport:
        async with database.write() as session:
            return await sources.import_opml(ctx, session, file.read_bytes(), operator())

    report = run(work)
    for line in report.lines:
        if as_json:
            print(json.dumps(vars(line), ensure_ascii=False))
        else:
            print(f"{line.outcome:10} {line.url}  {line.title} {line.reason}".rstrip())
    if not as_json:
        print(f"{report.added} of {len(report.lines)} are new")


@app.command()
def add(
    url: Url,
    title: Annotated[
        str, typer.Option("--title", help="As the desk shows it; the feed's own by default.")
    ] = "",
    authority: Annotated[bool, typer.Option("--authority", help="An official source.")] = False,
    region: Annotated[str | None, typer.Option("--region", help="Division code, six digits.")] = None,
    as_is: Annotated[bool, typer.Option("--as-is", help="Do not look at the address first.")] = False,
    as_json: AsJson = False,
) -> None:
    """Register a feed. A page's address is looked at for the feed that it names."""

    async def work(ctx: Context, database: Database) -> Source:
        address, name = (url, title) if as_is else await _find(ctx, url, title)
        async with database.write() as session:
            return await sources.add(ctx, session, address, operator(), name, authority, region)

    source = run(work)
    print(json.dumps(_shown(source), ensure_ascii=False) if as_json else f"added {source.url}")


@app.command("list")
def listing(as_json: AsJson = False) -> None:
    """All feeds, and how they are."""

    async def work(_ctx: Context, database: Database) -> list[Source]:
        async with database.read() as session:
            return await sources.listing(session)

    for source in run(work):
        if as_json:
            print(json.dumps(_shown(source), ensure_ascii=False))
        else:
            state = source.health if source.enabled else "paused"
            print(f"{state:9} {source.items_seen:6} {source.url}  {source.title} {source.reason}".rstrip())


@app.command()
def poll(
    once: Annotated[bool, typer.Option("--once", help="Only what is due now.")] = False,
    as_json: AsJson = False,
) -> None:
    """Poll the feeds that are due, until stopped or once. The service does this by itself."""

    async def work(ctx: Context, database: Database) -> None:
        async with _door(ctx) as door:
            while True:
                report = await polling.poll_due(ctx, database, door)
                if report.polled or once:
                    _show_report(report, as_json)
                if once:
                    return
                await asyncio.sleep(SECONDS_BETWEEN_ROUNDS)

    run(work)


@app.command()
def pause(url: Url) -> None:
    """Stop polling a feed; what came from it stays."""
    _switch(url, on=False)


@app.command()
def resume(url: Url) -> None:
    """Poll a feed again, at once."""
    _switch(url, on=True)


def _switch(url: str, on: bool) -> None:
    async def work(ctx: Context, database: Database) -> None:
        async with database.write() as session:
            found = await store.same(session, sources.identity(url))
            if found is None:
                raise NotFound(f"there is no source at {url}")
            change = sources.resume if on else sources.pause
            await change(ctx, session, UUID(str(found.id)), operator())

    run(work)
    print(f"{url} is {'polled' if on else 'paused'}")


async def _find(ctx: Context, url: str, title: str) -> tuple[str, str]:
    async with _door(ctx) as door:
        found = await sources.find_feed(door, url)
    return found[0].url, title or found[0].title


@asynccontextmanager
async def _door(ctx: Context) -> AsyncIterator[FeedDoor]:
    from service.cli.parts import fetch_policy
    from service.feeds.guard import guarded_session
    from service.feeds.parser_pool import ParserPool

    policy = fetch_policy(ctx.settings)
    async with guarded_session(policy) as session, ParserPool(1) as pool:
        yield FeedDoor(session, pool, policy)


def _show_report(report: PollReport, as_json: bool) -> None:
    if as_json:
        print(json.dumps(vars(report)), flush=True)
    else:
        print(
            f"polled {report.polled}: {report.new} new, {report.changed} changed, {report.failed} failed",
            flush=True,
        )


def _shown(source: Source) -> dict[str, Any]:
    return {
        "id": str(source.id),
        "url": source.url,
        "title": source.title,
        "category": source.category,
        "authority": source.authority,
        "region": source.region,
        "enabled": source.enabled,
        "health": source.health,
        "reason": source.reason,
        "items": source.items_seen,
        "last_success": source.last_success.isoformat() if source.last_success else None,
        "next_poll": source.next_poll.isoformat(),
    }
