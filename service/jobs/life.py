"""Signs of life: this worker's lease in the store, and how late the event loop is."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque

import structlog
from prometheus_client import Gauge, Histogram

from service.context import Context
from service.errors import QingyuanError
from service.store import leases
from service.store.engine import Database

PROBE = 0.1  # seconds
MINUTE = int(60 / PROBE)
LATE = Histogram(
    "qingyuan_event_loop_late_seconds",
    "How late the event loop came back to a sleeper",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
)
LATEST = Gauge("qingyuan_event_loop_late_max_seconds", "The worst of the last minute")
log = structlog.get_logger()


async def beat(ctx: Context, db: Database, stop: asyncio.Event) -> None:
    """Renew the lease every second until `stop`. The first beat is written before this returns to the loop."""
    while not stop.is_set():
        try:
            async with db.write() as session:
                await leases.beat(session, ctx.worker, ctx.now())
        except QingyuanError as error:
            log.warning("lease_not_renewed", error=error.type)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), leases.BEAT)


async def first_beat(ctx: Context, db: Database) -> None:
    """Be known as alive before anything is claimed."""
    async with db.write() as session:
        await leases.beat(session, ctx.worker, ctx.now())


async def leave(ctx: Context, db: Database) -> None:
    """Give the lease back: nothing is held any more."""
    with contextlib.suppress(QingyuanError):
        async with db.write() as session:
            await leases.leave(session, ctx.worker)


async def measure_lateness(stop: asyncio.Event) -> None:
    """Feed the gauge until `stop`."""
    loop = asyncio.get_running_loop()
    recent: deque[float] = deque(maxlen=MINUTE)
    while not stop.is_set():
        asked = loop.time() + PROBE
        await asyncio.sleep(PROBE)
        late = max(0.0, loop.time() - asked)
        recent.append(late)
        LATE.observe(late)
        LATEST.set(max(recent))
