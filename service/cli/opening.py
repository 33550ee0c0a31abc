"""What every command that needs the database does first and last, and who acts on the command line.

settings → log → keys → database at the newest schema → the command's own work → everything closed
"""

from __future__ import annotations

import asyncio
import getpass
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from content.permissions import Actor, Role
from service import crash, keys, log, settings
from service.context import Context
from service.errors import BadSetting, Unavailable
from service.settings import Settings
from service.store import migrate
from service.store.engine import Database, make_engine

T = TypeVar("T")


def operator() -> Actor:
    """Whoever has a shell on this machine: may do everything, and stands in the audit log by that name."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError):  # a container may run as a number without a name
        name = "unknown"
    return Actor(id=None, name=f"cli:{name}", roles=frozenset(Role))


def prepare(found: Settings) -> Context:
    """Log, data folder, keys and crash point of this process."""
    log.configure(found.log)
    make_folder(found.data_dir)
    try:
        crash.arm(found.crash_at)
    except ValueError as error:
        raise BadSetting(f"QINGYUAN_CRASH_AT: {error}") from None
    return Context(settings=found, keys=keys.load(found.data_dir))


def make_folder(path: Path) -> None:
    """DATA_DIR, for this account only."""
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise BadSetting(f"QINGYUAN_DATA_DIR: {path}: {error.strerror}") from None


@asynccontextmanager
async def open_database(found: Settings) -> AsyncIterator[Database]:
    """The database, at the newest schema. In development an empty one is filled; otherwise NeedsMigration."""
    database = Database(make_engine(found.db_url))
    try:
        await _require_newest(found, database)
        yield database
    finally:
        await database.dispose()


async def _require_newest(found: Settings, database: Database) -> None:
    try:
        await migrate.require_newest(database.engine, make_if_empty=found.env == "dev")
    except (OSError, DBAPIError) as error:
        reason = getattr(error, "orig", None) or error
        raise Unavailable(f"the database cannot be opened: {reason}") from error


def run(work: Callable[[Context, Database], Awaitable[T]]) -> T:
    """Do `work` with the database of the settings, as a command does."""

    async def whole() -> T:
        ctx = prepare(settings.load())
        async with open_database(ctx.settings) as database:
            return await work(ctx, database)

    return asyncio.run(whole())
