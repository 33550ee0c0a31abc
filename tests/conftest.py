"""The house that every test starts from: real databases, a clock that is moved by hand, one actor a role.

db        a fresh migrated SQLite in tmp_path        ctx     settings, keys and the clock for it
pg_url    a fresh migrated PostgreSQL database       clock   clock.move(minutes=5)
database  both of them, one after the other
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest

from content.permissions import Actor
from service import keys, settings
from service.context import Context
from service.store.engine import Database, make_engine
from service.store.migrate import upgrade
from tests import postgres

START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # nine in the morning in Yichun


class Clock:
    """The time in a test: stands still until it is moved."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> datetime:
        """Go on by so many seconds, minutes, hours or days."""
        self.now += timedelta(**by)
        return self.now


def actor(name: str, *roles: str, expert_id: UUID | None = None) -> Actor:
    """Somebody with these roles."""
    return Actor(id=uuid4(), name=name, roles=frozenset(roles), expert_id=expert_id)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ctx(tmp_path: Path, clock: Clock) -> Context:
    folder = tmp_path / "var"
    return Context(settings=settings.load(data_dir=folder), keys=keys.load(folder), now=clock)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty migrated SQLite file; tests copy it."""
    path = tmp_path_factory.mktemp("template") / "qingyuan.sqlite"
    asyncio.run(upgrade(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture
async def db(ctx: Context, sqlite_template: Path) -> AsyncIterator[Database]:
    shutil.copy(sqlite_template, ctx.settings.data_dir / "qingyuan.sqlite")
    database = Database(make_engine(ctx.settings.db_url))
    yield database
    await database.dispose()


@pytest.fixture(scope="session")
def pg_server() -> Iterator[str]:
    """One PostgreSQL for all tests of this process, with a migrated database `template`."""
    if os.environ.get("QINGYUAN_TEST_NO_POSTGRES") == "1":
        pytest.skip("QINGYUAN_TEST_NO_POSTGRES=1")
    with postgres.server() as address:
        asyncio.run(_sql(address, "CREATE DATABASE template"))
        asyncio.run(upgrade(f"{address}/template"))
        yield address


@pytest.fixture
def pg_url(pg_server: str) -> Iterator[str]:
    name = f"t_{uuid4().hex}"
    asyncio.run(_sql(pg_server, f"CREATE DATABASE {name} TEMPLATE template"))
    yield f"{pg_server}/{name}"
    asyncio.run(_sql(pg_server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


@pytest.fixture
def empty_pg_url(pg_server: str) -> Iterator[str]:
    """A database without any table."""
    name = f"t_{uuid4().hex}"
    asyncio.run(_sql(pg_server, f"CREATE DATABASE {name}"))
    yield f"{pg_server}/{name}"
    asyncio.run(_sql(pg_server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


async def _sql(address: str, statement: str) -> None:
    connection = await asyncpg.connect(address.replace("+asyncpg", "") + "/postgres")
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture
async def pg(pg_url: str) -> AsyncIterator[Database]:
    database = Database(make_engine(pg_url))
    yield database
    await database.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Database:
    """The same test on both."""
    found: Database = request.getfixturevalue("db" if request.param == "sqlite" else "pg")
    return found


@pytest.fixture
def editor() -> Actor:
    return actor("李编辑", "editor")


@pytest.fixture
def second_editor() -> Actor:
    return actor("陈编辑", "editor")


@pytest.fixture
def issuer() -> Actor:
    return actor("王签发", "issuer")


@pytest.fixture
def expert_actor() -> Actor:
    return actor("赵专家", "expert", expert_id=uuid4())


@pytest.fixture
def sysadmin() -> Actor:
    return actor("孙系统", "sysadmin")


@pytest.fixture
def secadmin() -> Actor:
    return actor("周安全", "secadmin")


@pytest.fixture
def auditor() -> Actor:
    return actor("吴审计", "auditor")


def as_worker(ctx: Context, worker: str) -> Context:
    """The same surroundings, another process."""
    return replace(ctx, worker=worker)
