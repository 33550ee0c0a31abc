"""A whole database into one file and back: SQLite's online backup, PostgreSQL's own pg_dump and pg_restore.

Both see one moment of the database and hold up no writer. Does not know what is in it.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL

from service.errors import QingyuanError


class CannotCopy(QingyuanError):
    """The database cannot be copied."""

    type = "cannot_copy"


async def dump(url: URL, target: Path) -> None:
    """Write the database to `target`."""
    if url.drivername.startswith("sqlite"):
        await asyncio.to_thread(_copy_sqlite, Path(str(url.database)), target)
        return
    await _run("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


async def load(source: Path, url: URL) -> None:
    """Make the database at `url` from a dump; it must not hold anything yet."""
    if url.drivername.startswith("sqlite"):
        await asyncio.to_thread(_place_sqlite, source, Path(str(url.database)))
        return
    await _run(
        "pg_restore",
        url,
        "--no-owner",
        "--no-privileges",
        "--exit-on-error",
        "--single-transaction",
        str(source),
    )


def _copy_sqlite(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.execute("PRAGMA busy_timeout=10000")
        live.backup(copy)  # in one step: one moment of the database, however busy it is
        copy.execute("PRAGMA journal_mode=DELETE")
        found = copy.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        raise CannotCopy(f"the copy is damaged: {found}")


def _place_sqlite(source: Path, target: Path) -> None:
    if target.exists():
        raise CannotCopy(f"{target} exists already; restore into an empty DATA_DIR")
    shutil.copyfile(source, target)


async def _run(program: str, url: URL, *arguments: str) -> None:
    environment = {**os.environ, "PGPASSWORD": url.password} if url.password else None
    where = [f"--host={url.host or '127.0.0.1'}", f"--port={url.port or 5432}", f"--dbname={url.database}"]
    who = [f"--username={url.username}"] if url.username else []
    process = await asyncio.create_subprocess_exec(
        _program(program),
        *where,
        *who,
        "--no-password",
        *arguments,
        env=environment,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await process.communicate()
    if process.returncode:
        lines = said.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise CannotCopy(f"{program}: {lines[0]}")


def _program(name: str) -> str:
    """The newest of Debian's, or what is in the PATH."""
    installed = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    newest = max(installed, key=lambda path: int(path.parts[-3].split(".")[0]), default=None)
    found = str(newest) if newest else shutil.which(name)
    if found is None:
        raise CannotCopy(f"{name} is not installed (Debian: apt-get install postgresql-client)")
    return found
