"""Two `serve` and two `worker` processes on one PostgreSQL, and kill -9: nothing lost, nothing twice, on within 5 s."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import col, func, select

from content.audit import AuditEntry, first_break
from content.cases import Evidence
from content.delivery import Delivery
from content.delivery_states import DeliveryState
from content.permissions import Actor
from service.context import Context
from service.store import leases
from service.store.engine import Database
from service.store.tables import Item, PendingItem
from service.usecases import channels, sources
from tests.jobs.fleet import Feeds, Fleet, feed_server, fleet
from tests.processes import eventually_async
from tests.sinks import Sink, sink
from tests.writing import published

pytestmark = [pytest.mark.postgres, pytest.mark.processes]
TAKEOVER = 5.0
FEEDS, STORIES, PIECES = 30, 8, 12


@pytest.fixture
def desk(ctx: Context) -> Context:
    """The desk's own view of the database, with the real time."""
    return replace(ctx, now=lambda: datetime.now(UTC))


@pytest.fixture
async def hooks() -> AsyncIterator[tuple[Sink, Sink]]:
    async with sink() as one, sink() as two:
        yield one, two


@pytest.fixture
async def ships(
    desk: Context, pg: Database, pg_url: str, tmp_path: Path, hooks: tuple[Sink, Sink], sysadmin: Actor
) -> AsyncIterator[tuple[Fleet, Feeds]]:
    async with feed_server(FEEDS, STORIES) as feeds:
        async with pg.write() as session:
            for number, hook in enumerate(hooks):
                await channels.add(desk, session, f"接收方{number}", "webhook", hook.url, sysadmin)
        allow = ",".join(f"127.0.0.1:{port}" for port in (feeds.port, hooks[0].port, hooks[1].port))
        async with fleet(tmp_path / "fleet", pg_url, desk.settings.data_dir / "keys", allow) as running:
            yield running, feeds


async def _count(pg: Database, row: type[Item] | type[PendingItem] | type[Evidence]) -> int:
    async with pg.read() as session:
        return int((await session.exec(select(func.count()).select_from(row))).one())


async def test_polling_survives_the_death_of_any_process(
    ships: tuple[Fleet, Feeds], desk: Context, pg: Database, editor: Actor
) -> None:
    running, feeds = ships
    async with pg.write() as session:
        for url in feeds.urls():
            await sources.add(desk, session, url, editor)

    async def some() -> bool:
        return await _count(pg, Item) > 0

    await eventually_async(some, 20)
    victims = {running.leader() or "web-1", "worker-2"}
    for name in victims:
        running.processes[name].kill()

    async def all_there() -> bool:
        return await _count(pg, Item) >= FEEDS * STORIES and await _count(pg, PendingItem) == 0

    await eventually_async(all_there, 60)
    async with pg.read() as session:
        guids = (await session.exec(select(Item.guid))).all()
        seen = (await session.exec(select(Evidence.item_id))).all()
        entries = (await session.exec(select(AuditEntry).order_by(col(AuditEntry.seq)))).all()
    assert Counter(guids) == Counter(feeds.guids())
    assert len(seen) == len(set(seen)) == FEEDS * STORIES
    assert first_break(entries) is None


async def test_publishing_survives_the_death_of_any_process(
    ships: tuple[Fleet, Feeds],
    desk: Context,
    pg: Database,
    hooks: tuple[Sink, Sink],
    editor: Actor,
    issuer: Actor,
) -> None:
    running, _ = ships
    told = []
    for number in range(PIECES):
        told.append(await published(desk, pg, editor, issuer))
        if number == 4:
            running.processes[running.leader() or "web-1"].kill()
        if number == 8:
            running.processes[
                next(n for n in ("worker-1", "worker-2") if running.processes[n].running)
            ].kill()

    async def all_sent() -> bool:
        async with pg.read() as session:
            states = (
                await session.exec(select(Delivery.state).where(Delivery.state != DeliveryState.SENT))
            ).all()
        return not states

    await eventually_async(all_sent, 60)
    for hook in hooks:
        first_seen = list(dict.fromkeys(hook.keys()))
        assert len(first_seen) == PIECES  # a repeat, if any, has the id of the first try
    async with pg.read() as session:
        rows = (await session.exec(select(Delivery).order_by(col(Delivery.sequence)))).all()
    for hook in hooks:
        order = [str(row.id) for row in rows if str(row.id) in set(hook.keys())]
        assert list(dict.fromkeys(hook.keys())) == order


async def test_another_process_takes_over_within_five_seconds(
    ships: tuple[Fleet, Feeds],
    desk: Context,
    pg: Database,
    hooks: tuple[Sink, Sink],
    editor: Actor,
    issuer: Actor,
) -> None:
    running, _ = ships
    for _ in range(3):
        alive = [name for name, process in running.processes.items() if process.running]
        running.processes[running.leader() or alive[0]].kill()
        before = len(hooks[0].taken)
        await published(desk, pg, editor, issuer)

        async def heard(before: int = before) -> bool:
            return len(hooks[0].taken) > before

        assert await eventually_async(heard, TAKEOVER) < TAKEOVER


async def test_sigterm_ends_every_process_in_time_and_gives_its_lease_back(
    ships: tuple[Fleet, Feeds], pg: Database
) -> None:
    running, _ = ships
    ended = await asyncio.gather(*(asyncio.to_thread(p.terminate) for p in running.processes.values()))
    codes = {name: code for name, (code, _) in zip(running.processes, ended, strict=True)}
    assert codes == dict.fromkeys(running.processes, 0), [p.errors() for p in running.processes.values()]
    assert max(seconds for _, seconds in ended) < 20
    async with pg.read() as session:
        assert await leases.alive(session, datetime.now(UTC)) == frozenset()
