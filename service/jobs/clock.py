"""The clock: asks at intervals, and when news comes, whether a job has anything to do, and wakes it.

APScheduler keeps time in memory only; what is to be done is in the database. Only the leader's clock wakes anybody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from service.errors import QingyuanError
from service.house import House
from service.jobs.queue import LOST
from service.jobs.registry import JOBS, Job

LAST_LOOKS = 2.0  # seconds
log = structlog.get_logger()


@dataclass(frozen=True)
class Clock:
    """Runs in every process; `leads` says whether this one counts."""

    house: House
    wake: Callable[[str], Awaitable[None]]
    leads: Callable[[], bool]
    _looks: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    async def run(self, stop: asyncio.Event) -> None:
        """Tick until `stop`."""
        scheduler = AsyncIOScheduler(timezone="UTC")
        for job in JOBS.values():
            scheduler.add_job(
                self._tick,
                IntervalTrigger(seconds=job.every, timezone="UTC"),
                args=[job],
                id=job.name,
                next_run_time=self.house.ctx.now() + timedelta(seconds=min(job.every, 1.0)),
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
            )
        scheduler.start()
        listening = asyncio.create_task(self._listen())
        try:
            await stop.wait()
        finally:
            listening.cancel()
            scheduler.shutdown(wait=False)
            if looks := set(self._looks.values()):
                await asyncio.wait(looks, timeout=LAST_LOOKS)

    async def _tick(self, job: Job) -> None:
        """Look in a task of its own: the scheduler would cancel it at shutdown. One look a job at a time."""
        if job.name not in self._looks:
            self._looks[job.name] = asyncio.create_task(self.look(job))
            self._looks[job.name].add_done_callback(lambda _: self._looks.pop(job.name, None))

    async def look(self, job: Job) -> None:
        """Wake the job if there is something to do."""
        if not self.leads():
            return
        try:
            if await job.due(self.house):
                await self.wake(job.name)
        except (QingyuanError, *LOST) as error:
            log.warning("clock_put_off", job=job.name, error=str(error))
        except Exception:  # the clock goes on whatever happens
            log.exception("clock_failed", job=job.name)

    async def _listen(self) -> None:
        with self.house.db.hub.listen() as news:
            while True:
                topics = {(await news.get()).topic}
                while not news.empty():
                    topics.add(news.get_nowait().topic)
                for job in JOBS.values():
                    if topics & job.woken_by:
                        await self.look(job)
