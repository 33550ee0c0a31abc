"""News is heard after the commit, by every process, and never after a rollback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from service.store.engine import Database, make_engine
from service.store.hub import WAITING, Hub, News
from service.store.notify import announce, relay


@pytest.fixture
async def heard(database: Database) -> AsyncIterator[asyncio.Queue[News]]:
    """What another listener of the same database hears (on PostgreSQL through another process's relay)."""
    with database.hub.listen() as queue:
        task = asyncio.create_task(relay(database))
        if database.dialect == "postgresql":
            for _ in range(5):
                await asyncio.wait_for(queue.get(), 5)
        yield queue
        task.cancel()


async def test_news_is_heard_after_the_commit(database: Database, heard: asyncio.Queue[News]) -> None:
    async with database.write() as session:
        await announce(session, "queue", "17")
        await asyncio.sleep(0.05)
        assert heard.empty()
    assert await asyncio.wait_for(heard.get(), 2) == News("queue", "17")


async def test_nothing_is_heard_after_a_rollback(database: Database, heard: asyncio.Queue[News]) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.write() as session:
            await announce(session, "queue", "17")
            raise ZeroDivisionError
    async with database.write() as session:
        await announce(session, "site")
    assert await asyncio.wait_for(heard.get(), 2) == News("site", "")


@pytest.mark.postgres
async def test_another_process_hears_it_on_postgresql(pg: Database, pg_url: str) -> None:
    other = Database(make_engine(pg_url))
    with other.hub.listen() as queue:
        task = asyncio.create_task(relay(other))
        for _ in range(5):
            await asyncio.wait_for(queue.get(), 5)
        async with pg.write() as session:
            await announce(session, "deliveries", "3")
        assert await asyncio.wait_for(queue.get(), 2) == News("deliveries", "3")
        task.cancel()
    await other.dispose()


async def test_an_unknown_topic_is_a_mistake(db: Database) -> None:
    with pytest.raises(ValueError, match="no topic"):
        async with db.write() as session:
            await announce(session, "weather")


def test_a_slow_listener_loses_the_oldest_news_and_delays_nobody() -> None:
    hub = Hub()
    with hub.listen() as queue:
        for number in range(WAITING + 5):
            hub.tell(News("queue", str(number)))
        assert queue.get_nowait().ref == "5"
