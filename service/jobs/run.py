"""Do one job to its end: again while it finds work, never letting an error out. The next tick tries again."""

from __future__ import annotations

import asyncio
import time

import structlog
from prometheus_client import Counter, Histogram

from service.errors import QingyuanError
from service.house import House
from service.jobs.registry import Job

ROUNDS = 50
log = structlog.get_logger()
SECONDS = Histogram(
    "qingyuan_job_seconds", "How long a job took", ["job"], buckets=(0.01, 0.1, 0.5, 1, 5, 30, 120)
)
FAILED = Counter("qingyuan_job_failures", "Jobs that raised", ["job"])
DONE = Counter("qingyuan_job_rows", "What jobs got done", ["job"])


async def run(job: Job, house: House, stop: asyncio.Event) -> int:
    """How much was done in all. Returns early when the process is stopping."""
    done = 0
    for _ in range(ROUNDS):
        made = await (_until_stopped(job, house, stop) if job.interruptible else _once(job, house))
        done += made
        if not made or stop.is_set():
            break
    return done


async def _until_stopped(job: Job, house: House, stop: asyncio.Event) -> int:
    """What was made; 0 when the process is told to stop first, and then the job is cancelled."""
    work, stopped = asyncio.create_task(_once(job, house)), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((work, stopped), return_when=asyncio.FIRST_COMPLETED)
        return work.result() if work.done() else 0
    finally:
        stopped.cancel()
        work.cancel()
        await asyncio.wait((work,))


async def _once(job: Job, house: House) -> int:
    started = time.perf_counter()
    try:
        made = await job.run(house)
    except QingyuanError as error:
        FAILED.labels(job.name).inc()
        log.warning("job_put_off", job=job.name, error=error.type)
        return 0
    except Exception:  # a bug in one job stops no other job
        FAILED.labels(job.name).inc()
        log.exception("job_failed", job=job.name)
        return 0
    SECONDS.labels(job.name).observe(time.perf_counter() - started)
    DONE.labels(job.name).inc(made)
    return made
