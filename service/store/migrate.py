"""Bring a database to the newest schema. The only place that knows Alembic.

Refuses a database that a newer program made. Needs no alembic.ini and no working directory.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from service.errors import NeedsMigration, QingyuanError
from service.store.engine import make_engine

# Tables that other parts make and keep: the job queue's own, and the search index.
FOREIGN = ("pgqueuer", "search_")
LOCK = 0x51590002  # one migration at a time, for PostgreSQL's advisory locks
SCRIPTS = Path(__file__).parent / "migrations"


class NewerDatabase(QingyuanError):
    """The database was made by a newer version of this program; install that one."""

    type = "newer_database"
    status = 503


@dataclass(frozen=True)
class Plan:
    """From which revision (None: empty database) to which, and what is in between, oldest first."""

    current: str | None
    newest: str
    steps: tuple[str, ...]


def is_ours(_item: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    """Whether the migrations answer for this table."""
    return not (kind == "table" and (name or "").startswith(FOREIGN))


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, with the connection that `migrations/env.py` shall use."""
    made = Config()
    made.set_main_option("script_location", str(SCRIPTS))
    made.attributes["connection"] = connection
    return made


async def upgrade(url: str, dry_run: bool = False) -> Plan:
    """Run what is missing in one transaction, or only say what it is. The job queue's own schema comes first:

    whoever finds the newest revision finds the queue too. Any number of processes may call this at once.
    """
    engine = make_engine(url)
    try:
        if dry_run:
            return await check(engine)
        await check(engine)  # a newer database is left alone
        if engine.dialect.name == "postgresql":
            await _install_queue(url)
        return await _migrate(engine)
    finally:
        await engine.dispose()


async def _migrate(engine: AsyncEngine) -> Plan:
    async with engine.execution_options(sqlite_begin="IMMEDIATE").begin() as connection:
        if engine.dialect.name == "postgresql":
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        found = await connection.run_sync(plan)
        if found.steps:
            await connection.run_sync(_upgrade)
        return found


def _upgrade(connection: Connection) -> None:
    command.upgrade(config(connection), "head")


async def _install_queue(url: str) -> None:
    """The job queue's own tables, made and kept up to date by pgqueuer itself. PostgreSQL only."""
    from pgqueuer.queries import Queries  # half a second that `--help` need not wait

    connection = await asyncpg.connect(url.replace("+asyncpg", "", 1), timeout=10)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", LOCK)
        queries = Queries.from_asyncpg_connection(connection)
        if await queries.schema_is_installed():
            await queries.upgrade()
        else:
            await queries.install()
    finally:
        await connection.close()


def plan(connection: Connection) -> Plan:
    """What `upgrade` would do, or NewerDatabase."""
    scripts = ScriptDirectory.from_config(config())
    newest = str(scripts.get_current_head())
    current = MigrationContext.configure(connection).get_current_revision()
    known = [script.revision for script in scripts.walk_revisions()][::-1]
    if current is not None and current not in known:
        raise NewerDatabase(f"the database is at revision {current}, which this version does not know")
    done = known.index(current) + 1 if current else 0
    return Plan(current, newest, tuple(known[done:]))


async def check(engine: AsyncEngine) -> Plan:
    """The plan of an open database, without changing anything."""
    async with engine.connect() as connection:
        return await connection.run_sync(plan)


async def require_newest(engine: AsyncEngine, make_if_empty: bool = False) -> None:
    """Raise NeedsMigration or NewerDatabase unless the schema is this program's; an empty database may be filled."""
    found = await check(engine)
    if found.steps and found.current is None and make_if_empty:
        await upgrade(engine.url.render_as_string(hide_password=False))
    elif found.steps:
        raise NeedsMigration()
