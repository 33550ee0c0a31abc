"""`serve` and `worker`: the processes that stay.

serve    web + clock + jobs; on PostgreSQL any number of them
worker   clock + jobs, PostgreSQL only
SIGTERM  no new requests and jobs, what runs ends (20 s at most); a second one ends at once
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Annotated

import typer
from aiohttp import web
from sqlalchemy.exc import IntegrityError

from service.cli.listening import listening
from service.cli.opening import open_database, prepare
from service.cli.parts import open_house
from service.context import Context
from service.demo import feeds, newsroom, seed
from service.errors import BadSetting
from service.jobs.crew import crew
from service.settings import Settings, load
from service.store.engine import Database
from service.usecases import accounts

Wake = Callable[[str], Awaitable[None]]


def serve(
    demo: Annotated[bool, typer.Option("--demo", help="With its own newsroom, accounts and feeds.")] = False,
) -> None:
    """Web, clock and workers in one process."""
    asyncio.run(_serve(load(), demo))


def worker() -> None:
    """The same jobs on another machine, against PostgreSQL."""
    settings = load()
    if not settings.scaled:
        raise BadSetting(
            "QINGYUAN_DATABASE_URL: a worker needs PostgreSQL; with SQLite `serve` does the work itself"
        )
    asyncio.run(_work(settings))


async def _serve(found: Settings, demo: bool) -> None:
    stop = stop_on_signals()
    settings = seed.settings_for(found) if demo else found
    ctx = prepare(settings)
    async with open_database(settings) as database:
        extra = await _newsroom(ctx, database) if demo else await _in_earnest(ctx, database)
        async with open_house(ctx, database) as parts:
            late: list[Wake] = []

            async def wake(job: str) -> None:
                for dispatch in late:
                    await dispatch(job)

            house = replace(parts, wake=wake)
            # The web comes first: the demo's feeds are polled from it.
            async with listening(house, extra), crew(house) as dispatch:
                late.append(dispatch.wake)
                say(f"ready at {settings.public_url}")
                await stop.wait()
                say("stopping")


async def _newsroom(ctx: Context, database: Database) -> list[web.RouteDef]:
    """The demo's rows and feeds; says where to look and how to sign in."""
    since, logins = await seed.seed(ctx, database)
    address = ctx.settings.public_url
    say(f"demo newsroom: public site {address}/ · desk {address}/desk · sign in at {address}/login")
    for login in logins:
        say(f"  {login.role:<9} {login.name:<9} {login.password}")
    own = f"http://127.0.0.1:{ctx.settings.port}"
    return feeds.routes(newsroom.read(ctx.settings.city_dir), since, ctx.now, own)


async def _in_earnest(ctx: Context, database: Database) -> list[web.RouteDef]:
    await seed.refuse_demo(database)
    await _first_links(ctx, database)
    return []


async def _work(settings: Settings) -> None:
    stop = stop_on_signals()
    ctx = prepare(settings)
    async with open_database(settings) as database, open_house(ctx, database) as house, crew(house):
        say(f"working as {ctx.worker}")
        await stop.wait()
        say("stopping")


async def _first_links(ctx: Context, database: Database) -> None:
    """Without any account nobody could make one: print one-time links for the first two administrators."""
    try:
        async with database.write() as session:
            links = await accounts.first_links(ctx, session)
    except IntegrityError:  # another process starts at the same moment and prints them
        return
    for name, token in links:
        say(f"nobody can sign in yet; set the password of {name} at {ctx.settings.public_url}/setup/{token}")


def stop_on_signals() -> asyncio.Event:
    """Set by SIGTERM or Ctrl-C; the second one ends the process at once."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def heard(number: signal.Signals) -> None:
        stop.set()
        loop.remove_signal_handler(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, heard, number)
    return stop


def say(line: str) -> None:
    """To whoever watches the terminal or the journal."""
    print(f"qingyuan: {line}", flush=True, file=sys.stdout)
