"""One clock: of all processes on one PostgreSQL exactly one leads, and another one soon after it is gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from service.jobs.leader import LOCK, Leader
from service.store.engine import Database
from tests.processes import eventually

pytestmark = pytest.mark.postgres


@pytest.fixture
async def three(pg: Database) -> AsyncIterator[list[Leader]]:
    """Three processes' leaders, watching."""
    stop = asyncio.Event()
    leaders = [Leader(pg) for _ in range(3)]
    tasks = [asyncio.create_task(leader.watch(stop)) for leader in leaders]
    yield leaders
    stop.set()
    await asyncio.gather(*tasks)
    assert not any(leader.leads for leader in leaders)


def _leading(leaders: list[Leader]) -> int:
    return sum(leader.leads for leader in leaders)


async def test_exactly_one_leads(three: list[Leader]) -> None:
    await eventually(lambda: _leading(three) == 1, 5)
    for _ in range(20):
        assert _leading(three) == 1
        await asyncio.sleep(0.05)


async def test_when_the_leader_loses_its_connection_another_leads(three: list[Leader], pg: Database) -> None:
    await eventually(lambda: _leading(three) == 1, 5)
    for _ in range(3):
        async with pg.engine.connect() as connection:
            holder = (
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = :lock"
            )
            await connection.execute(text(holder), {"lock": LOCK})
        await asyncio.sleep(0.1)
        assert await eventually(lambda: _leading(three) == 1, 5) < 5


async def test_on_sqlite_the_only_process_leads(db: Database) -> None:
    stop, leader = asyncio.Event(), Leader(db)
    task = asyncio.create_task(leader.watch(stop))
    await eventually(lambda: leader.leads, 1)
    stop.set()
    await task
