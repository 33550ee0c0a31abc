"""The migrations make exactly the models' schema, on both databases."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlmodel import SQLModel

import service.store.tables
from service.errors import NeedsMigration
from service.store import append_only, migrate
from service.store.engine import Database, make_engine


def _difference(connection: Connection) -> list[Any]:
    options = {"compare_type": True, "include_object": migrate.is_ours, "render_as_batch": True}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), SQLModel.metadata))


async def test_the_schema_equals_the_models(database: Database) -> None:
    async with database.engine.connect() as connection:
        assert await connection.run_sync(_difference) == []


def test_every_append_only_table_has_its_triggers_named() -> None:
    assert set(append_only.FROZEN) == {str(table.__tablename__) for table in service.store.tables.APPEND_ONLY}


async def test_migrating_again_does_nothing(database: Database) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    assert (await migrate.upgrade(url)).steps == ()


async def test_a_dry_run_changes_nothing(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'new.sqlite'}"
    first = await migrate.upgrade(url, dry_run=True)
    assert first.current is None
    assert first.steps
    assert (await migrate.upgrade(url)).steps == first.steps


async def test_an_empty_database_needs_migration(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite+aiosqlite:///{tmp_path / 'empty.sqlite'}")
    with pytest.raises(NeedsMigration):
        await migrate.require_newest(engine)
    await engine.dispose()


async def test_a_newer_database_is_refused_and_left_alone(database: Database) -> None:
    async with database.write() as session:
        await (await session.connection()).execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(migrate.NewerDatabase):
        await migrate.upgrade(database.engine.url.render_as_string(hide_password=False))


@pytest.mark.postgres
async def test_five_processes_that_start_on_an_empty_database_at_once_all_find_it_ready(
    empty_pg_url: str,
) -> None:
    await asyncio.gather(*(migrate.upgrade(empty_pg_url) for _ in range(5)))
    engine = make_engine(empty_pg_url)
    await migrate.require_newest(engine)
    async with engine.connect() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM pgqueuer"))).scalar() == 0
    await engine.dispose()
