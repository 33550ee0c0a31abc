"""Everything of a process that runs by itself, started and stopped together.

start   lease → what a dead predecessor left → relay of news, leader, clock, dispatch
stop    no new jobs → running ones finish (9 s at most) → lease given back
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import structlog

from service.house import House
from service.jobs import life
from service.jobs.clock import Clock
from service.jobs.leader import Leader
from service.jobs.local import LocalDispatch
from service.jobs.queue import QueueDispatch
from service.site.watch import keep_fresh
from service.store.notify import relay
from service.workers import AssessorPool

DRAIN = 9.0  # seconds
log = structlog.get_logger()


@asynccontextmanager
async def crew(house: House) -> AsyncIterator[LocalDispatch | QueueDispatch]:
    """Work until the block ends; gives the dispatch, whose `wake` runs a job soon."""
    ctx, db = house.ctx, house.db
    dispatch = QueueDispatch(house) if db.dialect == "postgresql" else LocalDispatch(house)
    leader, stop, gone = Leader(db), asyncio.Event(), asyncio.Event()
    clock = Clock(house, dispatch.wake, lambda: leader.leads)
    await life.first_beat(ctx, db)
    working = [_task(leader.watch(stop)), _task(clock.run(stop)), _task(dispatch.work(stop))]
    living = [_task(life.beat(ctx, db, gone)), _task(life.measure_lateness(gone)), _task(relay(db))]
    living += _more(house)
    try:
        yield dispatch
    finally:
        stop.set()
        await _end(working, DRAIN)
        gone.set()
        await _end(living, 1.0)
        await life.leave(ctx, db)


def _more(house: House) -> list[asyncio.Task[None]]:
    """What only some processes have: a site to keep fresh, a model to load before it is asked for."""
    more: list[Coroutine[Any, Any, Any]] = []
    if "site" in house.parts:
        more.append(keep_fresh(house.ctx, house.db, house.part("site")))
    if isinstance(house.assessors, AssessorPool):
        more.append(house.assessors.warm())
    return [_task(part) for part in more]


def _task(work: Coroutine[Any, Any, Any]) -> asyncio.Task[None]:
    task = asyncio.create_task(work)
    task.add_done_callback(_complain)
    return task


def _complain(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("part_of_the_crew_died", part=repr(task.get_coro()), exc_info=error)


async def _end(tasks: list[asyncio.Task[None]], within: float) -> None:
    _, late = await asyncio.wait(tasks, timeout=within)
    for task in late:
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.gather(*late, return_exceptions=True)
