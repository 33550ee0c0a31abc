"""Change the key of contact data (换密钥), with the service stopped. Killed at any moment, nothing is lost and it goes on.

    contact.key.next on the disk → everything sealed anew, one transaction → next becomes contact.key, the old one beside it
    → everything opened with the new key alone → the old one deleted

Until the end whoever starts can read both kinds of rows: `keys.load` finds the keys that lie beside. Backups made before hold
their own key and stay readable; they are as secret as they were.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import structlog
from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.permissions import Actor, require
from expert_db.experts import Expert
from service import crash, keys
from service.context import Context
from service.errors import Conflict
from service.keys import Keys
from service.store import audit, leases
from service.store.engine import Database
from service.store.tables import Channel, Tip, User

log = structlog.get_logger()


@dataclass(frozen=True)
class Sealed:
    """A column of sealed bytes, and what each is bound to: this before the row's id."""

    model: Any
    column: str
    before: str = ""


COLUMNS: Final = (
    Sealed(Expert, "contact"),
    Sealed(Tip, "contact"),
    Sealed(Channel, "secret"),
    Sealed(User, "totp_secret", "totp:"),
)


async def rotate(ctx: Context, db: Database, by: Actor) -> int:
    """Do it, or go on where it stopped; how many values are sealed with the new key.

    Conflict while a worker or the web is running: it would go on sealing with the old key.
    """
    require(by, "key.rotate")
    folder = ctx.settings.data_dir
    upcoming = keys.begin(folder)
    fresh = replace(ctx.keys, contact=upcoming, spare=(ctx.keys.contact, *ctx.keys.spare))
    async with db.write() as session:
        if await leases.alive(session, ctx.now()):
            raise Conflict("stop the service and all workers first")
        count = await _seal_anew(session, fresh)
        await audit.record(ctx, session, by, "key.rotate", "key", "contact", after={"values": count})
    crash.point("keys.after_commit")
    keys.change_over(folder)
    crash.point("keys.after_change")
    async with db.read() as session:
        await _open_all(session, replace(fresh, spare=()))
    keys.forget_old(folder)
    log.info("key_rotated", values=count)
    return count


async def _seal_anew(s: AsyncSession, fresh: Keys) -> int:
    count = 0
    for sealed in COLUMNS:
        for row_id, value in await _values(s, sealed):
            bound = f"{sealed.before}{row_id}"
            anew = fresh.encrypt(fresh.decrypt(value, bound), bound)
            statement = update(sealed.model).where(sealed.model.id == row_id).values({sealed.column: anew})
            await (await s.connection()).execute(statement)
            count += 1
    return count


async def _open_all(s: AsyncSession, only: Keys) -> None:
    for sealed in COLUMNS:
        for row_id, value in await _values(s, sealed):
            only.decrypt(value, f"{sealed.before}{row_id}")


async def _values(s: AsyncSession, sealed: Sealed) -> list[tuple[Any, bytes]]:
    column = getattr(sealed.model, sealed.column)
    query = select(sealed.model.id, column).where(col(column).is_not(None)).order_by(sealed.model.id)
    return list((await s.exec(query)).all())
