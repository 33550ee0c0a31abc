"""One clock among all processes: who holds PostgreSQL's advisory lock. On SQLite the only process always leads.

The lock belongs to a connection. A process that is killed loses it at once; one whose machine vanishes, when the
server's keepalive gives up on the connection (about four seconds).
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import structlog

from service.jobs.queue import LOST, address
from service.store.engine import Database

LOCK = 0x51590001
LOOK = 0.5  # seconds between two tries, and between two proofs that the connection lives
KEEPALIVE = "SET tcp_keepalives_idle = 2; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 2"
log = structlog.get_logger()


@dataclass
class Leader:
    """`leads` is true while this process is the clock."""

    db: Database
    leads: bool = field(default=False, init=False)

    async def watch(self, stop: asyncio.Event) -> None:
        """Try to lead until `stop`; then let somebody else."""
        if self.db.dialect != "postgresql":
            self.leads = True
            await stop.wait()
            return
        while not stop.is_set():
            try:
                await self._hold(stop)
            except LOST as error:
                log.warning("leader_connection_lost", error=str(error))
            self.leads = False
            await _pause(stop)

    async def _hold(self, stop: asyncio.Event) -> None:
        connection: Any = await asyncpg.connect(address(self.db.engine.url), timeout=3, command_timeout=3)
        try:
            await connection.execute(KEEPALIVE)
            while not stop.is_set():
                if self.leads:
                    await connection.fetchval("SELECT 1")
                elif await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):
                    self.leads = True
                    log.info("leads_the_clock")
                await _pause(stop)
        finally:
            self.leads = False
            with contextlib.suppress(*LOST):
                await connection.close(timeout=1)


async def _pause(stop: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), LOOK)
