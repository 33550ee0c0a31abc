"""A backup is made under load, comes up elsewhere as it was, and sends nothing by itself."""

from __future__ import annotations

import asyncio
import sqlite3
import tarfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlmodel import col, func, select

from content.audit import AuditEntry
from content.delivery import Delivery
from content.permissions import SERVICE, Actor
from content.publications import Publication
from service import keys
from service.context import Context
from service.errors import Conflict, Invalid
from service.settings import Settings
from service.store import audit
from service.store.engine import Database, make_engine
from service.store.tables import LoginSession
from service.usecases import accounts, backup, channels, deliver, restoring
from service.usecases.audit import verify
from tests.conftest import Clock, actor
from tests.writing import Site, published, ways_out

Elsewhere = Callable[[], Settings]


@pytest.fixture
def here(ctx: Context, database: Database) -> Context:
    """The installation that is backed up: its settings name its database."""
    url = database.engine.url.render_as_string(hide_password=False)
    ctx.settings.__dict__["database_url"] = url
    return ctx


@pytest.fixture
def elsewhere(here: Context, database: Database, tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """An empty place to restore into."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    url = "" if database.dialect == "sqlite" else request.getfixturevalue("empty_pg_url")
    return here.settings.model_copy(update={"data_dir": folder, "database_url": url})


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[tuple[Context, Database]]:
    database = Database(make_engine(settings.db_url))
    try:
        yield Context(settings=settings, keys=keys.load(settings.data_dir), now=Clock()), database
    finally:
        await database.dispose()


async def test_everything_is_there_again_and_nothing_is_sent_twice(
    here: Context, database: Database, elsewhere: Settings, tmp_path: Path, editor: Actor, issuer: Actor
) -> None:
    sysadmin = actor("孙系统", "sysadmin")
    async with database.write() as session:
        for name in ("甲", "乙"):
            await channels.add(here, session, name, "webhook", "http://127.0.0.1:9/hook", sysadmin)
    told = await published(here, database, editor, issuer)
    await backup.write(here, tmp_path / "copy.tar.gz")

    report = await restoring.read(elsewhere, tmp_path / "copy.tar.gz", actor("cli:root"))

    async with opened(elsewhere) as (ctx, copy):
        async with copy.read() as session:
            assert (await session.exec(select(Publication))).one().snapshot == told.snapshot
            states = (await session.exec(select(Delivery.state))).all()
            assert (await verify(ctx, session)).good
        assert set(states) == {"uncertain"}
        assert report.uncertain == len(states) >= 2
        async with ways_out(ctx, Site()) as outlets:
            assert await deliver.deliver_due(ctx, copy, outlets) == 0
        assert ctx.keys == here.keys


async def test_a_backup_under_load_holds_one_moment(
    here: Context, database: Database, elsewhere: Settings, tmp_path: Path, editor: Actor
) -> None:
    stop = asyncio.Event()

    async def write_on() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            async with database.write() as session:
                await audit.record(here, session, editor, "case.claim", "case", number)

    writers = [asyncio.create_task(write_on()) for _ in range(3)]
    await asyncio.sleep(0.3)
    await backup.write(here, tmp_path / "copy.tar.gz")
    stop.set()
    await asyncio.gather(*writers)

    await restoring.read(elsewhere, tmp_path / "copy.tar.gz", actor("cli:root"))
    async with opened(elsewhere) as (ctx, copy), copy.read() as session:
        report = await verify(ctx, session)
        assert report.good
        assert report.entries > 1
        assert (await session.exec(select(func.count(col(AuditEntry.seq))))).one() == report.entries


async def test_sessions_of_the_original_do_not_open_the_copy(
    here: Context, database: Database, elsewhere: Settings, tmp_path: Path
) -> None:
    async with database.write() as session:
        _, link = await accounts.create_user(here, session, "li", ["editor"], SERVICE)
        await accounts.set_password(here, session, link, "明月山的泉水2026")
    await accounts.login(here, database, "li", "明月山的泉水2026")
    await backup.write(here, tmp_path / "copy.tar.gz")
    await restoring.read(elsewhere, tmp_path / "copy.tar.gz", actor("cli:root"))
    async with opened(elsewhere) as (_, copy), copy.read() as session:
        assert (await session.exec(select(LoginSession))).all() == []


async def test_nothing_that_exists_is_overwritten(ctx: Context, db: Database, tmp_path: Path) -> None:
    file = tmp_path / "copy.tar.gz"
    await backup.write(ctx, file)
    assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(Conflict):
        await backup.write(ctx, file)
    with pytest.raises(Conflict):
        await restoring.read(ctx.settings, file, actor("cli:root"))


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-200])


def _not_a_backup(file: Path) -> None:
    file.write_bytes(b"PK\x03\x04 something else")


def _another_key(file: Path) -> None:
    with tarfile.open(file, "r:gz") as archive:
        members = {m.name: archive.extractfile(m).read() for m in archive.getmembers()}  # type: ignore[union-attr]
    members["keys/audit.key"] = b"00" * 32
    other = file.with_name("other")
    other.mkdir()
    with tarfile.open(file, "w:gz") as archive:
        for number, (name, body) in enumerate(members.items()):
            (other / str(number)).write_bytes(body)
            archive.add(other / str(number), name)


@pytest.mark.parametrize("damage", [_cut, _not_a_backup, _another_key])
async def test_a_damaged_backup_is_refused_and_leaves_the_place_empty(
    ctx: Context, db: Database, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    file = tmp_path / "copy.tar.gz"
    await backup.write(ctx, file)
    damage(file)
    empty = tmp_path / "empty"
    empty.mkdir()
    elsewhere = ctx.settings.model_copy(update={"data_dir": empty, "database_url": ""})
    with pytest.raises(Invalid):
        await restoring.read(elsewhere, file, actor("cli:root"))
    assert list(empty.iterdir()) == []


async def test_the_copy_of_sqlite_is_a_whole_file_of_its_own(
    ctx: Context, db: Database, tmp_path: Path
) -> None:
    await backup.write(ctx, tmp_path / "copy.tar.gz")
    with tarfile.open(tmp_path / "copy.tar.gz") as archive:
        archive.extract("database.sqlite", tmp_path, filter="data")
    with sqlite3.connect(tmp_path / "database.sqlite") as copy:
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert copy.execute("SELECT version_num FROM alembic_version").fetchone() is not None
