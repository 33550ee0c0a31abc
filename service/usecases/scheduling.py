"""Let approved texts out at the moment that somebody chose (定时发布). Each is one transaction, so it goes out once or not.

    schedule    approved text + moment            a person who may publish
    release_due the moment has come               everything is looked at again, in the name of who scheduled it
    miss        it may not go out after all       it stays approved, shows why, and waits for a person

A process that dies in the middle leaves the piece approved and due; the next one publishes it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from content import review, scheduling
from content.body import PieceBody
from content.errors import Refusal
from content.permissions import SERVICE, Actor, require
from content.pieces import Piece
from content.review import Text
from content.scheduling import Schedule, Unplannable
from service import crash
from service.context import Context
from service.errors import Conflict, Invalid, NotFound, Unavailable
from service.store import accounts, audit
from service.store import pieces as store
from service.store.engine import Database
from service.store.notify import announce
from service.usecases import publish
from service.usecases.logins import actor_of
from service.usecases.speaking import house

AT_ONCE = 20
GONE = "scheduler_gone"
log = structlog.get_logger()


async def schedule(
    ctx: Context,
    session: AsyncSession,
    piece_id: UUID,
    at: datetime,
    text: Text,
    by: Actor,
    embargo: bool = False,
    override: str = "",
) -> Piece:
    """Choose when exactly this approved text goes out; chosen again, the newer choice holds."""
    require(by, "piece.publish")
    if by.id is None:
        raise NotFound
    if at.tzinfo is None:
        raise Invalid("a moment needs its offset from UTC")
    piece = await store.load(session, piece_id)
    if piece.revision < 1:
        raise Unplannable
    current = await store.revision(session, piece.id, piece.revision)
    body = PieceBody.model_validate(current.body)
    wanted = Schedule(at, text, by.id, by.name, embargo, override.strip())
    chosen = scheduling.plan(piece.state, review.text_of(current), body, wanted, ctx.now(), house(ctx).zone)
    return await _keep(ctx, session, piece, chosen, "piece.schedule", by)


async def unschedule(ctx: Context, session: AsyncSession, piece_id: UUID, by: Actor) -> Piece:
    """It waits for a person again; an embargo ends with it."""
    require(by, "piece.publish")
    piece = await store.load(session, piece_id)
    return await _keep(ctx, session, piece, None, "piece.unschedule", by)


async def release_due(ctx: Context, db: Database, limit: int = AT_ONCE) -> int:
    """Publish what is due; how many went out. What may not go out is missed and waits for a person."""
    async with db.read() as session:
        due = await store.scheduled(session, ctx.now(), limit)
    return sum([await _release(ctx, db, piece_id) for piece_id in due])


async def _release(ctx: Context, db: Database, piece_id: UUID) -> bool:
    try:
        async with db.write() as session:
            if not await _still_due(ctx, session, piece_id):
                return False
            await _let_out(ctx, session, piece_id)
    except (Unavailable, Conflict):
        return False  # the store is busy, or somebody was faster: looked at again
    except Refusal as error:
        code = error.details.get("missed") or error.type
        async with db.write() as session:
            if await _still_due(ctx, session, piece_id):
                await _miss(ctx, session, piece_id, str(code))
        return False
    crash.point("publish.after_commit")
    return True


async def _still_due(ctx: Context, session: AsyncSession, piece_id: UUID) -> bool:
    piece = await store.load(session, piece_id)
    return piece.publish_at is not None and piece.publish_at <= ctx.now()


async def _let_out(ctx: Context, session: AsyncSession, piece_id: UUID) -> None:
    piece = await store.load(session, piece_id)
    chosen = scheduling.read(piece.schedule)
    if chosen is None:
        raise Unplannable
    current = await store.revision(session, piece.id, piece.revision)
    body = PieceBody.model_validate(current.body)
    if why := scheduling.refusal(chosen, review.text_of(current), body, ctx.now(), house(ctx).zone):
        raise Unplannable(missed=why)
    user = await accounts.load(session, chosen.by_id)
    if user.disabled_at is not None:
        raise Unplannable(missed=GONE)
    await publish.publish(ctx, session, piece_id, actor_of(user), chosen.override)


async def _miss(ctx: Context, session: AsyncSession, piece_id: UUID, why: str) -> None:
    piece = await store.load(session, piece_id)
    chosen = scheduling.read(piece.schedule)
    log.warning("schedule_missed", piece=str(piece_id), why=why)
    kept = replace(chosen, missed=why) if chosen else None
    await _keep(ctx, session, piece, kept, "piece.miss", SERVICE)


async def _keep(
    ctx: Context, session: AsyncSession, piece: Piece, chosen: Schedule | None, act: str, by: Actor
) -> Piece:
    before = _facts(scheduling.read(piece.schedule))
    ahead = chosen.at if chosen and not chosen.missed else None
    await store.touch(session, piece, publish_at=ahead, schedule=chosen.as_dict() if chosen else None)
    await announce(session, "queue", str(piece.case_id or ""))
    override = chosen.override if chosen else ""
    await audit.record(ctx, session, by, act, "piece", piece.id, before, _facts(chosen), override)
    return piece


def _facts(chosen: Schedule | None) -> dict[str, Any]:
    if chosen is None:
        return {}
    return {
        "at": chosen.at.isoformat(),
        "revision": chosen.text.revision,
        "sha256": chosen.text.sha256,
        "embargo": chosen.embargo,
        "missed": chosen.missed,
    }
