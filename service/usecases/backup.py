"""One file that holds all: `backup FILE`, also under load.

    manifest.json        format, when, which database, sha256 of every member
    audit-head.json      taken first, so that it never names an entry that the copy lacks
    database.(sqlite|pgdump)
    keys/*.key           without them contacts could not be read and the audit head not checked

Left out: the public site (made anew from the database), logs, and the jieba cache. The file is as secret as the keys.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import tarfile
import tempfile
from pathlib import Path

from sqlalchemy import make_url

from service.context import Context
from service.errors import Conflict, Invalid
from service.keys import NAMES, rotating
from service.store import audit, copying

FORMAT = 1
MANIFEST = "manifest.json"
HEAD = "audit-head.json"


def database_name(scaled: bool) -> str:
    """What the database is called inside the file."""
    return "database.pgdump" if scaled else "database.sqlite"


async def write(ctx: Context, file: Path) -> int:
    """Write the backup (0600, complete or not at all) and give its size in bytes. Refuses an existing file."""
    beside = _place(file)
    if rotating(ctx.settings.data_dir):
        raise Conflict("the contact key is being changed; finish that first: qingyuan keys rotate contact")
    url = make_url(ctx.settings.db_url)
    with tempfile.TemporaryDirectory(dir=beside, prefix=".qingyuan-backup-") as scratch:
        folder = Path(scratch)
        members = _small_members(ctx, folder)
        database = folder / database_name(ctx.settings.scaled)
        await copying.dump(url, database)
        members.append(database)
        return await asyncio.to_thread(_pack, ctx, folder, members, file)


def _place(file: Path) -> Path:
    """The folder that the file will be in."""
    if file.exists():
        raise Conflict(f"{file} exists already")
    folder = file.resolve().parent
    if not folder.is_dir():
        raise Invalid(f"{folder} is not a folder")
    return folder


def _small_members(ctx: Context, folder: Path) -> list[Path]:
    members = []
    head = audit.head_path(ctx)
    if head.exists():
        members.append(folder / HEAD)
        members[-1].write_bytes(head.read_bytes())
    (folder / "keys").mkdir()
    for name in NAMES:
        members.append(folder / "keys" / f"{name}.key")
        members[-1].write_bytes((ctx.settings.data_dir / "keys" / f"{name}.key").read_bytes())
    return members


def _pack(ctx: Context, folder: Path, members: list[Path], file: Path) -> int:
    names = {str(path.relative_to(folder)): path for path in members}
    manifest = {
        "format": FORMAT,
        "created_at": ctx.now().isoformat(),
        "scaled": ctx.settings.scaled,
        "sha256": {name: sha256_of(path) for name, path in names.items()},
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1))
    ahead = folder / "backup.tar.gz"
    with tarfile.open(ahead, "w:gz", compresslevel=3) as archive:
        for name, path in {MANIFEST: folder / MANIFEST, **names}.items():
            archive.add(path, name, recursive=False)
    os.chmod(ahead, 0o600)
    with ahead.open("rb") as handle:
        os.fsync(handle.fileno())
    os.link(ahead, file)  # unlike a rename it never replaces a file that has just appeared
    return file.stat().st_size


def sha256_of(path: Path) -> str:
    """Hex digest of a file's bytes."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
