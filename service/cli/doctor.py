"""`doctor`: look over an installation and say, line by line, what is well and what is not. Changes nothing."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Awaitable, Callable
from typing import Annotated

import typer
from sqlalchemy import text

from service import keys, log
from service.context import Context, utc_now
from service.errors import QingyuanError
from service.settings import Settings, load
from service.store import leases, migrate
from service.store.engine import Database, make_engine

FREE_BYTES = 500 * 2**20


class Unwell(QingyuanError):
    """Something is not as it should be."""

    type = "unwell"


def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False) -> None:
    """Check settings, disk, keys, database, audit log and model. Exit 1 when something is not well."""
    settings = load()
    log.configure(settings.log)
    found = asyncio.run(_examine(settings))
    if as_json:
        print(
            json.dumps({name: {"well": well, "says": says} for name, well, says in found}, ensure_ascii=False)
        )
    else:
        for name, well, says in found:
            print(f"{'✓' if well else '✗'} {name:10} {says}")
    raise typer.Exit(0 if all(well for _, well, _ in found) else 1)


async def _examine(settings: Settings) -> list[tuple[str, bool, str]]:
    database = Database(make_engine(settings.db_url)) if settings.data_dir.is_dir() else None
    checks: dict[str, Callable[[Settings, Database | None], Awaitable[str]]] = {
        "settings": _settings,
        "folder": _folder,
        "keys": _keys,
        "database": _database,
        "schema": _schema,
        "workers": _workers,
        "audit": _audit,
        "model": _model,
    }
    try:
        return [await _check(name, check(settings, database)) for name, check in checks.items()]
    finally:
        if database is not None:
            await database.dispose()


async def _check(name: str, check: Awaitable[str]) -> tuple[str, bool, str]:
    try:
        return name, True, await check
    except Exception as error:  # a doctor reports, whatever it meets
        reason = getattr(error, "orig", None) or error
        return name, False, str(reason).splitlines()[0] if str(reason) else type(error).__name__


async def _settings(settings: Settings, _: Database | None) -> str:
    if settings.env == "prod" and not settings.base_url.startswith("https://"):
        raise Unwell("ENV=prod without BASE_URL=https://…: links would be wrong and cookies not secure")
    return f"ENV={settings.env}, city {settings.city}, {settings.public_url}"


async def _folder(settings: Settings, _: Database | None) -> str:
    if not settings.data_dir.is_dir():
        raise Unwell(f"{settings.data_dir} is not there yet; it is made by the first start")
    probe = settings.data_dir / ".doctor"
    probe.write_bytes(b"")
    probe.unlink()
    free = shutil.disk_usage(settings.data_dir).free
    if free < FREE_BYTES:
        raise Unwell(f"only {free / 2**20:.0f} MiB are free")
    return f"{settings.data_dir} is writable, {free / 2**30:.1f} GiB free"


async def _keys(settings: Settings, _: Database | None) -> str:
    folder = settings.data_dir / "keys"
    for name in keys.NAMES:
        path = folder / f"{name}.key"
        if not path.is_file():
            raise Unwell(f"{path} is missing; without it sealed data cannot be read (see `restore`)")
        if path.stat().st_mode & 0o077:
            raise Unwell(f"{path} can be read by others: chmod 600")
    if keys.rotating(settings.data_dir):
        raise Unwell("a change of the contact key was not finished: qingyuan keys rotate contact")
    return "all there, only for this account"


async def _database(_: Settings, database: Database | None) -> str:
    if database is None:
        raise Unwell("none yet")
    async with database.engine.connect() as connection:
        if database.dialect == "postgresql":
            return f"PostgreSQL {(await connection.execute(text('SHOW server_version'))).scalar_one()}"
        state = (await connection.execute(text("PRAGMA quick_check"))).scalar_one()
        if state != "ok":
            raise Unwell(f"SQLite says: {state}")
        return f"SQLite {(await connection.execute(text('SELECT sqlite_version()'))).scalar_one()}, whole"


async def _schema(_: Settings, database: Database | None) -> str:
    if database is None:
        raise Unwell("none yet")
    plan = await migrate.check(database.engine)
    if plan.steps:
        raise Unwell(f"at {plan.current or 'nothing'}, should be at {plan.newest}: run `qingyuan migrate`")
    return f"at {plan.newest}, the newest"


async def _workers(_: Settings, database: Database | None) -> str:
    if database is None:
        raise Unwell("none yet")
    async with database.read() as session:
        alive = await leases.alive(session, utc_now())
    return f"{len(alive)} at work"


async def _audit(settings: Settings, database: Database | None) -> str:
    from service.usecases import audit

    if database is None:
        raise Unwell("none yet")
    ctx = Context(settings=settings, keys=keys.load(settings.data_dir))
    async with database.read() as session:
        report = await audit.verify(ctx, session)
    if not report.good:
        raise Unwell("cannot be believed: run `qingyuan audit verify`")
    return f"{report.entries} entries, unbroken"


async def _model(settings: Settings, _: Database | None) -> str:
    from service.store import models
    from service.workers import AssessorPool

    current = models.current(settings.data_dir)
    if current.trouble:
        raise Unwell(
            f"not the one that was promoted ({current.trouble}): the shipped one is in use; see `model list`"
        )
    async with AssessorPool(current.folder, settings.city_dir) as pool:
        health = await pool.warm()
    if not health.model:
        raise Unwell("no usable model; the written rules carry on alone")
    return health.model
