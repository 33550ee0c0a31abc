"""`restore FILE`: a backup into an empty place. The copy sends nothing by itself that the original may have sent.

check      manifest, hashes, only known names                         nothing is touched before
place      keys, audit head, database                                  refuses what is there already
migrate    an older backup comes to this program's schema
settle     deliveries under way → uncertain (a person decides), sessions end, claims and leases go, one audit entry
"""

from __future__ import annotations

import json
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import make_url, text
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from content.delivery import Delivery
from content.delivery_states import DELIVERY, DeliveryEvent, DeliveryState
from content.permissions import Actor
from service import keys
from service.context import Context
from service.errors import Conflict, Invalid
from service.settings import Settings
from service.store import audit, copying, deliveries, migrate
from service.store.engine import Database, make_engine
from service.store.tables import Lease, LoginSession, Source
from service.usecases.backup import FORMAT, HEAD, MANIFEST, database_name, sha256_of

UNDER_WAY = (DeliveryState.PENDING, DeliveryState.WAITING, DeliveryState.SENDING)


@dataclass(frozen=True)
class Report:
    """How many deliveries were under way when the backup was made; each waits for a person now."""

    uncertain: int


async def read(settings: Settings, file: Path, by: Actor) -> Report:
    """Restore, or Invalid for a damaged file, or Conflict when the place is not empty."""
    _require_empty(settings.data_dir)
    with tempfile.TemporaryDirectory(dir=settings.data_dir, prefix=".restore-") as scratch:
        folder = Path(scratch)
        _unpack(file, folder, settings.scaled)
        await copying.load(folder / database_name(settings.scaled), make_url(settings.db_url))
        _place_small(folder, settings.data_dir)
    await migrate.upgrade(settings.db_url)
    database = Database(make_engine(settings.db_url))
    try:
        ctx = Context(settings=settings, keys=keys.load(settings.data_dir))
        async with database.write() as session:
            return await _settle(ctx, session, by)
    finally:
        await database.dispose()


def _require_empty(data_dir: Path) -> None:
    for name in ("keys", HEAD, "qingyuan.sqlite"):
        if (data_dir / name).exists():
            raise Conflict(f"{data_dir / name} exists already; restore into an empty DATA_DIR")


def _unpack(file: Path, folder: Path, scaled: bool) -> None:
    """Extract the members that the manifest names, and only if all are as they were written."""
    wanted = {HEAD, database_name(scaled), *(f"keys/{name}.key" for name in keys.NAMES)}
    try:
        with tarfile.open(file, "r:gz") as archive:
            manifest = json.loads(_bytes(archive, MANIFEST))
            if manifest["format"] != FORMAT:
                raise Invalid(f"{file}: written by another version (format {manifest['format']})")
            if manifest["scaled"] != scaled:
                raise Invalid(
                    f"{file}: made from {'PostgreSQL' if manifest['scaled'] else 'SQLite'}, restore it there"
                )
            hashes: dict[str, str] = manifest["sha256"]
            (folder / "keys").mkdir()
            for name in wanted & hashes.keys():
                (folder / name).write_bytes(_bytes(archive, name))
    except (OSError, tarfile.TarError, KeyError, ValueError, EOFError) as error:
        raise Invalid(f"{file}: not a readable backup ({error})") from error
    if wanted - hashes.keys() - {HEAD} or any(
        sha256_of(folder / n) != hashes[n] for n in wanted & hashes.keys()
    ):
        raise Invalid(f"{file}: incomplete or damaged")


def _bytes(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.extractfile(name)
    if member is None:
        raise ValueError(f"{name} is no file")
    return member.read()


def _place_small(folder: Path, data_dir: Path) -> None:
    target = data_dir / "keys"
    target.mkdir(mode=0o700)
    for path in sorted((folder / "keys").iterdir()):
        path.chmod(0o600)
        path.replace(target / path.name)
    if (folder / HEAD).exists():
        (folder / HEAD).replace(data_dir / HEAD)


async def _settle(ctx: Context, session: AsyncSession, by: Actor) -> Report:
    under_way = (await session.exec(select(Delivery).where(col(Delivery.state).in_(UNDER_WAY)))).all()
    for delivery in under_way:
        await _doubt(ctx, session, delivery)
    await session.exec(delete(Lease))
    await session.exec(delete(LoginSession))
    await session.exec(update(Source).values(claimed_by=None, claimed_until=None))
    if session.get_bind().dialect.name == "postgresql":
        await (await session.connection()).execute(text("DELETE FROM pgqueuer"))
    after: dict[str, Any] = {"uncertain": [str(delivery.id) for delivery in under_way]}
    await audit.record(ctx, session, by, "store.restore", "store", "", after=after)
    return Report(len(under_way))


async def _doubt(ctx: Context, session: AsyncSession, delivery: Delivery) -> None:
    """Nobody knows whether the original sent it after the backup was made."""
    state = delivery.state
    if state != DeliveryState.SENDING:
        state = DELIVERY.next(state, DeliveryEvent.CLAIM)
    to = DELIVERY.next(state, DeliveryEvent.LOSE)
    await deliveries.move(session, delivery, ctx, to, claimed_by=None, error="restored_from_backup")
