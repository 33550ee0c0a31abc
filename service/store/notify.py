"""Tell everybody, after the commit, that something changed.

    announce(session)  SQLite: the hub of this process, after the commit
                       PostgreSQL: NOTIFY inside the transaction → `relay` of every process → its hub

Nothing depends on it arriving: jobs also look by themselves, and pages can be reloaded.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import asyncpg
import structlog
from sqlalchemy import event, text
from sqlalchemy.orm import Session
from sqlmodel.ext.asyncio.session import AsyncSession

from service.store.engine import Database
from service.store.hub import TOPICS, Hub, News

CHANNEL = "qingyuan"
RECONNECT = 1.0  # seconds
log = structlog.get_logger()


async def announce(session: AsyncSession, topic: str, ref: str = "") -> None:
    """Say that `topic` changed (`ref`: a row's id). Is heard after the commit, and not at all after a rollback."""
    if topic not in TOPICS:
        raise ValueError(f"no topic is called '{topic}'")
    if session.get_bind().dialect.name == "postgresql":
        connection = await session.connection()
        await connection.execute(
            text("SELECT pg_notify(:channel, :news)"), {"channel": CHANNEL, "news": f"{topic}:{ref}"}
        )
        return
    waiting: list[News] = session.info.setdefault("news", [])
    waiting.append(News(topic, ref))


@event.listens_for(Session, "after_commit")
def _tell(session: Session) -> None:
    hub: Hub | None = session.info.get("hub")
    for news in session.info.pop("news", []):
        if hub is not None:
            hub.tell(news)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("news", None)


async def relay(db: Database) -> None:
    """Bring PostgreSQL's notifications into this process's hub until cancelled. Returns at once on SQLite."""
    if db.dialect != "postgresql":
        return
    while True:
        try:
            await _listen(db)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.warning("notifications_lost", error=str(error))
        await asyncio.sleep(RECONNECT)


async def _listen(db: Database) -> None:
    address = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection: Any = await asyncpg.connect(address, timeout=5)
    lost = asyncio.Event()

    def heard(_connection: object, _pid: int, _channel: str, payload: str) -> None:
        topic, _, ref = payload.partition(":")
        db.hub.tell(News(topic, ref))

    connection.add_termination_listener(lambda _: lost.set())
    try:
        await connection.add_listener(CHANNEL, heard)
        for topic in TOPICS:
            db.hub.tell(News(topic, ""))  # something may have been missed while nobody listened
        await lost.wait()
    finally:
        with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await connection.close(timeout=2)
