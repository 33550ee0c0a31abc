"""Leases: who is alive. `worker:<name>` is renewed every second and dead four seconds after the last time.

Compares moments of different machines' clocks: they must agree within a second or two (NTP).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.store.tables import Lease

BEAT = 1.0  # seconds
LIVES = timedelta(seconds=4)
AHEAD = timedelta(seconds=10)  # of other machines' clocks, at most
FORGET = timedelta(hours=1)
WORKER = "worker:"


async def beat(session: AsyncSession, worker: str, now: datetime) -> None:
    """This worker is alive."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = dialect.insert(Lease).values(name=WORKER + worker, holder=worker, until=now + LIVES)
    fresh = row.on_conflict_do_update(index_elements=["name"], set_={"until": now + LIVES})
    await (await session.connection()).execute(fresh)


async def leave(session: AsyncSession, worker: str) -> None:
    """This worker has finished everything and goes."""
    await session.exec(delete(Lease).where(col(Lease.name) == WORKER + worker))


async def alive(session: AsyncSession, now: datetime) -> frozenset[str]:
    """The workers whose lease has not run out. One that runs far beyond a life was given by a clock set back since."""
    runs = (col(Lease.until) > now) & (col(Lease.until) <= now + LIVES + AHEAD)
    found = await session.exec(
        select(Lease.holder).where(col(Lease.name).startswith(WORKER, autoescape=True), runs)
    )
    return frozenset(found.all())


async def forget_dead(session: AsyncSession, now: datetime) -> None:
    """Drop leases that ran out an hour ago; nobody reads them any more."""
    old = delete(Lease).where(
        col(Lease.name).startswith(WORKER, autoescape=True), col(Lease.until) < now - FORGET
    )
    await session.exec(old)
