"""A real PostgreSQL of our own for tests: Debian's binaries, own data folder, random port, nothing fsynced."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.ports import free_port

MISSING = (
    "PostgreSQL tests need Debian's server (apt-get install postgresql); "
    "set QINGYUAN_TEST_NO_POSTGRES=1 to leave them out knowingly"
)


def binaries() -> Path:
    """The newest /usr/lib/postgresql/*/bin, or RuntimeError that says what to install."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3].split(".")[0])
    )
    if not found:
        raise RuntimeError(MISSING)
    return found[-1].parent


@contextmanager
def server() -> Iterator[str]:
    """Start a server; gives `postgresql+asyncpg://postgres@127.0.0.1:PORT`; stops it and removes its data."""
    folder = Path(tempfile.mkdtemp(prefix="qingyuan-pg-", dir="/tmp"))
    account = _account(folder)
    data, programs, port = folder / "data", binaries(), free_port()
    try:
        init: list[Path | str] = [
            programs / "initdb",
            "-D",
            data,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-U",
            "postgres",
            "-N",
        ]
        _run(init, account, folder)
        options = (
            f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off "
            "-c synchronous_commit=off -c max_connections=200 -c shared_buffers=64MB -c autovacuum=off"
        )
        control: list[Path | str] = [programs / "pg_ctl", "-D", data, "-l", folder / "log", "-w"]
        _run([*control, "-o", options, "start"], account, folder)
        try:
            yield f"postgresql+asyncpg://postgres@127.0.0.1:{port}"
        finally:
            _run([*control, "-m", "immediate", "stop"], account, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _account(folder: Path) -> str | None:
    """PostgreSQL refuses to run as root: then it runs as `postgres`, who owns the folder."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("postgres")
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    return entry.pw_name


def _run(command: Sequence[Path | str], account: str | None, folder: Path) -> None:
    done = subprocess.run(
        [str(part) for part in command],
        user=account,
        group=account,
        extra_groups=[] if account else None,
        cwd=folder,
        stdout=subprocess.DEVNULL,  # pg_ctl's child would hold a pipe open
        stderr=subprocess.DEVNULL,
        timeout=120,
        check=False,
    )
    if done.returncode:
        log = folder / "log"
        raise RuntimeError(
            f"{Path(command[0]).name} failed: {log.read_text() if log.exists() else done.returncode}"
        )
