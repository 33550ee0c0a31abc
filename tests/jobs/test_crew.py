"""The clock and the dispatch, the same on both databases: what is due is done, once, and the rest is quiet."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import text

from service.context import Context
from service.errors import Unavailable
from service.house import House
from service.jobs import registry
from service.jobs.crew import crew
from service.jobs.registry import JOBS, Job
from service.store import leases
from service.store.engine import Database
from service.store.notify import announce
from tests.jobs.conftest import NoAssessors, Notes, until


@pytest.fixture(autouse=True)
def only_this_tests_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(JOBS):
        monkeypatch.delitem(registry.JOBS, name)


async def _always(_house: House) -> bool:
    return True


async def _never(_house: House) -> bool:
    return False


def _job(notes: Notes, name: str = "count", works: int = 1, every: float = 0.2, **more: object) -> Job:
    left = [works]

    async def run(_house: House) -> int:
        notes.at_once += 1
        notes.most_at_once = max(notes.most_at_once, notes.at_once)
        await asyncio.sleep(0.01)
        notes.at_once -= 1
        notes.runs.append(name)
        left[0] -= 1
        return int(left[0] >= 0)

    return replace(Job(name, run, _always, every), **more)  # type: ignore[arg-type]


async def test_what_is_due_is_done_until_nothing_is_left(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = Notes()
    monkeypatch.setitem(JOBS, "count", _job(notes, works=7, every=60))
    async with crew(house):
        await until(lambda: len(notes.runs) >= 8)
    assert len(notes.runs) == 8  # seven that found something, one that found nothing more


async def test_nothing_runs_while_nothing_is_due(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    notes = Notes()
    monkeypatch.setitem(JOBS, "count", _job(notes, due=_never, every=0.05))
    async with crew(house):
        await asyncio.sleep(0.6)
    assert notes.runs == []


async def test_news_wakes_a_job_at_once(
    house: House, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = Notes()
    monkeypatch.setitem(JOBS, "count", _job(notes, every=3600, woken_by=frozenset({"deliveries"})))
    async with crew(house):
        await until(lambda: len(notes.runs) >= 1)  # the first look after the start
        await asyncio.sleep(0.3)
        before = len(notes.runs)
        async with database.write() as session:
            await announce(session, "deliveries", "1")
        await until(lambda: len(notes.runs) > before, within=1.5)


async def test_a_job_never_overtakes_itself_in_one_process_on_sqlite(
    house: House, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database.dialect != "sqlite":
        return
    notes = Notes()
    monkeypatch.setitem(JOBS, "count", _job(notes, works=40))
    async with crew(house) as dispatch:
        for _ in range(100):
            await dispatch.wake("count")
            await asyncio.sleep(0.002)
        await until(lambda: len(notes.runs) > 40)
    assert notes.most_at_once == 1


async def test_a_job_that_breaks_stops_no_other_and_is_tried_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes, tries = Notes(), []

    async def breaks(_house: House) -> int:
        tries.append(1)
        raise (Unavailable() if len(tries) % 2 else ZeroDivisionError())

    monkeypatch.setitem(JOBS, "broken", Job("broken", breaks, _always, 0.1))
    monkeypatch.setitem(JOBS, "count", _job(notes, works=1000))
    async with crew(house):
        await until(lambda: len(tries) >= 3 and len(notes.runs) >= 3)


async def test_one_job_wakes_the_next(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    notes = Notes()
    monkeypatch.setitem(JOBS, "first", _job(notes, "first", every=3600, then=("second",)))
    monkeypatch.setitem(JOBS, "second", _job(notes, "second", every=3600, due=_never))
    async with crew(house):
        await until(lambda: "second" in notes.runs)


async def test_stopping_finishes_what_runs_and_gives_the_lease_back(
    house: House, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, finished = asyncio.Event(), asyncio.Event()

    async def slow(_house: House) -> int:
        started.set()
        await asyncio.sleep(0.5)
        finished.set()
        return 0

    monkeypatch.setitem(JOBS, "slow", Job("slow", slow, _always, 60))
    async with crew(house):
        await asyncio.wait_for(started.wait(), 5)
        async with database.read() as session:
            assert house.ctx.worker in await leases.alive(session, house.ctx.now())
    assert finished.is_set()
    async with database.read() as session:
        assert house.ctx.worker not in await leases.alive(session, house.ctx.now())


@pytest.mark.postgres
async def test_the_crew_works_on_after_every_connection_was_cut(
    now_ctx: Context, pg: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = Notes()
    monkeypatch.setitem(JOBS, "count", _job(notes, works=10**6, every=0.2))
    async with crew(House(now_ctx, pg, NoAssessors())):
        await until(lambda: len(notes.runs) >= 1)
        for _ in range(3):
            async with pg.engine.connect() as connection:
                cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                await connection.execute(text(cut))
            await asyncio.sleep(0.5)
        before = len(notes.runs)
        await until(lambda: len(notes.runs) > before, within=10)
