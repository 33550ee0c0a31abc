"""Channels: the ways out, their settings and how they are doing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.routing import SITE
from service.context import Context
from service.errors import Conflict, NotFound
from service.store.guarded import update_guarded
from service.store.tables.channels import Channel


async def load(session: AsyncSession, channel_id: UUID) -> Channel:
    """The channel, or NotFound."""
    found = await session.get(Channel, channel_id, populate_existing=True)
    if found is None:
        raise NotFound
    return found


async def by_name(session: AsyncSession, name: str) -> Channel | None:
    """The channel with this name."""
    return (await session.exec(select(Channel).where(Channel.name == name))).first()


async def listing(session: AsyncSession) -> Sequence[Channel]:
    """All channels by name."""
    return (await session.exec(select(Channel).order_by(col(Channel.name)))).all()


async def save(session: AsyncSession, channel: Channel, ctx: Context, **changes: Any) -> Channel:
    """Write what an administrator changed; Conflict when another did in the meantime."""
    return await update_guarded(
        session, channel, ("version",), version=channel.version + 1, updated_at=ctx.now(), **changes
    )


async def site(ctx: Context, session: AsyncSession) -> Channel:
    """The channel of our own public site. It is there from the first time that somebody needs it."""
    found = (await session.exec(select(Channel).where(Channel.kind == SITE))).first()
    if found:
        return found
    if await by_name(session, SITE):
        raise Conflict("a channel that is not the site is called 'site'; give it another name")
    now = ctx.now()
    made = Channel(id=ctx.new_id(), name=SITE, kind=SITE, created_at=now, updated_at=now)
    session.add(made)
    await session.flush()
    return made


async def note_health(
    ctx: Context, session: AsyncSession, channel_id: UUID, health: str, reason: str, failures: int
) -> None:
    """Remember how the last try went. The version stays: nobody's edit is refused for it."""
    changes: dict[str, Any] = {"health": health, "reason": reason[:500], "failures": failures}
    if not failures:
        changes["last_success"] = ctx.now()
    connection = await session.connection()
    await connection.execute(update(Channel).where(col(Channel.id) == channel_id).values(**changes))
