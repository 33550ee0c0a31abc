"""The process that is killed: desk, releases, sweep and sending, as `serve` and `worker` do them, with the same parts.

Waits between tries and leases are shorter here than in life, and pages are packed less tightly; nothing else is different.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from content import outbox
from service import crash, keys, settings
from service.channels import wechat
from service.channels.outlets import Outlets, outlets
from service.context import Context, utc_now
from service.errors import QingyuanError
from service.feeds.guard import guarded_session
from service.feeds.policy import FetchPolicy
from service.site import shelf
from service.site.render import render_publication
from service.store import leases
from service.store.engine import Database, make_engine
from service.usecases import deliver, scheduling
from tests.kills import desk as desks

LIVES = timedelta(seconds=1.5)  # of a lease
BEAT = 0.3


@dataclass(frozen=True)
class Place:
    """Where a house stands, and how late it is there: its clock shows `behind` less than the machine's."""

    data_dir: Path
    database_url: str
    port: int
    smtp_port: int
    behind: timedelta


@dataclass(frozen=True)
class Orders:
    """What one process is to do. `together`: others live beside it, so it keeps a lease and takes back after theirs."""

    desk: desks.Desk | None = None
    more: bool = True
    crash_at: str = ""
    together: bool = False


def now_of(place: Place) -> Callable[[], datetime]:
    return lambda: utc_now() - place.behind


@asynccontextmanager
async def open_house(place: Place) -> AsyncIterator[tuple[Context, Database]]:
    """The house as one process sees it, under a name of its own."""
    found = settings.load(
        data_dir=place.data_dir,
        database_url=place.database_url,
        smtp_url=f"smtp://127.0.0.1:{place.smtp_port}?from=qingyuan@example.org",
    )
    db = Database(make_engine(found.db_url))
    try:
        yield Context(found, keys.load(place.data_dir), now=now_of(place)), db
    finally:
        await db.dispose()


def work(place: Place, orders: Orders, pipe: Connection) -> None:
    """Work until killed."""
    _hurry()
    crash.arm(orders.crash_at)
    asyncio.run(_work(place, orders, pipe))
    os._exit(1)


def _hurry() -> None:
    outbox.FIRST_WAIT, outbox.LONGEST_WAIT = timedelta(milliseconds=60), timedelta(milliseconds=300)
    outbox.TRIES = 300  # a life has days for its tries, and no process dies so often
    wechat.ASK_AGAIN = timedelta(milliseconds=60)
    deliver.SITE_FIRST = 0.05
    leases.LIVES = LIVES
    shelf.BEST_BELOW = 0  # the best compression is most of the work for a page


async def _work(place: Place, orders: Orders, pipe: Connection) -> None:
    async with open_house(place) as (ctx, db), _ways_out(ctx, db, place) as out:
        jobs = [_again(lambda: scheduling.release_due(ctx, db), 0.02)]
        if orders.together:
            await _beat(ctx, db)
            jobs += [_again(lambda: _beat(ctx, db), BEAT), _again(lambda: deliver.recover(ctx, db), 0.2)]
        else:
            await deliver.recover(ctx, db, starting=True)
        jobs.append(_again(lambda: deliver.deliver_due(ctx, db, out, patience=0.05), 0.01))
        if orders.desk:
            jobs.append(desks.work(ctx, db, orders.desk, orders.more))
        pipe.send(ctx.worker)
        await asyncio.gather(*jobs)


async def _again(do: Callable[[], Awaitable[object]], every: float) -> None:
    while True:
        try:
            await do()
        except QingyuanError as error:
            if error.status not in (409, 503):
                raise
        await asyncio.sleep(every)


async def _beat(ctx: Context, db: Database) -> None:
    async with db.write() as session:
        await leases.beat(session, ctx.worker, ctx.now())


@asynccontextmanager
async def _ways_out(ctx: Context, db: Database, place: Place) -> AsyncIterator[Outlets]:
    async def render(public_id: str) -> None:
        await render_publication(ctx, db, public_id)

    http = guarded_session(FetchPolicy(allow=frozenset({("127.0.0.1", place.port)})), per_host=0)
    try:
        yield outlets(http, render, ctx.now, ctx.settings.smtp_url, "示例市科学技术协会")
    finally:
        await http.close()
