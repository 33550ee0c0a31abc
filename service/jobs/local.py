"""Dispatch inside one process: a task a job, woken by name, never twice at the same time. For SQLite."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from service.house import House
from service.jobs.registry import JOBS, Job
from service.jobs.run import run


@dataclass(frozen=True)
class LocalDispatch:
    """Wakes are remembered while the job runs; any number of them is one."""

    house: House
    _awake: dict[str, asyncio.Event] = field(default_factory=lambda: {name: asyncio.Event() for name in JOBS})

    async def wake(self, name: str) -> None:
        """Run this job soon."""
        self._awake[name].set()

    async def work(self, stop: asyncio.Event) -> None:
        """Do jobs until `stop`; then finish what is running."""
        async with asyncio.TaskGroup() as tasks:
            for job in JOBS.values():
                tasks.create_task(self._loop(job, stop), name=f"job {job.name}")
            await stop.wait()
            for awake in self._awake.values():
                awake.set()

    async def _loop(self, job: Job, stop: asyncio.Event) -> None:
        awake = self._awake[job.name]
        while True:
            await awake.wait()
            awake.clear()
            if stop.is_set():
                return
            if await run(job, self.house, stop):
                for name in job.then:
                    await self.wake(name)
