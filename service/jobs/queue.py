"""Dispatch over PostgreSQL: pgqueuer hands each woken job to one worker of any process.

A job in line says only "look what is due"; losing the whole queue loses nothing. A worker that dies with a job is
noticed by pgqueuer's heartbeat, and what the job had claimed by our own leases.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import asyncpg
import structlog
from pgqueuer import PgQueuer
from pgqueuer.models import Job as Ticket
from pgqueuer.queries import Queries
from pgqueuer.types import QueueExecutionMode
from sqlalchemy import URL

from service.house import House
from service.jobs.registry import JOBS, Job
from service.jobs.run import run

HEARTBEAT = timedelta(seconds=3)
LOOK = timedelta(seconds=5)
AGAIN = 1.0
log = structlog.get_logger()
LOST = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError)


def address(url: URL) -> str:
    """The same database for asyncpg itself."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


@dataclass
class QueueDispatch:
    """Puts jobs into the queue and works on what is in it."""

    house: House
    _pool: Any = field(default=None, init=False)

    async def wake(self, name: str) -> None:
        """Let some worker run this job soon. Already in line: nothing happens."""
        job = JOBS[name]
        tickets = range(job.side_by_side)
        queries = Queries.from_asyncpg_pool(await self._connected())
        await queries.enqueue(
            [name for _ in tickets],
            [None for _ in tickets],
            [job.priority for _ in tickets],
            dedupe_key=[f"{name}:{number}" for number in tickets],
            on_conflict="skip",
        )

    async def work(self, stop: asyncio.Event) -> None:
        """Take jobs until `stop`; then finish what is running. A lost connection is made anew."""
        while not stop.is_set():
            try:
                await self._work(stop)
            except LOST as error:
                log.warning("queue_lost", error=str(error))
            except (
                Exception
            ):  # whatever the library raises, the dispatch itself never ends before the process
                log.exception("queue_broke")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), AGAIN)
        if self._pool is not None:
            with contextlib.suppress(*LOST):
                await asyncio.wait_for(self._pool.close(), 5)

    async def _work(self, stop: asyncio.Event) -> None:
        queue = PgQueuer.from_asyncpg_pool(await self._connected())
        for job in JOBS.values():
            queue.entrypoint(job.name)(self._entrypoint(job, stop))
        stopping = asyncio.create_task(_relay(stop, queue.shutdown))
        try:
            await queue.qm.run(
                dequeue_timeout=LOOK,
                batch_size=1,
                mode=QueueExecutionMode.continuous,
                heartbeat_timeout=HEARTBEAT,
                shutdown_on_listener_failure=True,
            )
        finally:
            stopping.cancel()

    def _entrypoint(self, job: Job, stop: asyncio.Event) -> Any:
        async def work(_ticket: Ticket) -> None:
            if await run(job, self.house, stop):
                for name in job.then:
                    await self.wake(name)

        return work

    async def _connected(self) -> Any:
        if self._pool is None:
            self._pool = await asyncpg.create_pool(
                address(self.house.db.engine.url), min_size=1, max_size=5, timeout=5, command_timeout=30
            )
        return self._pool


async def _relay(stop: asyncio.Event, shutdown: asyncio.Event) -> None:
    await stop.wait()
    shutdown.set()
