"""Pieces, their revisions, acts and approvals. Rows in, rows out; the rules are in `content.review`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.permissions import Actor
from content.piece_states import PieceState
from content.pieces import Approval, Piece, PieceAct, Revision
from content.review import hands
from content.scheduling import after_move
from service.context import Context
from service.errors import NotFound
from service.store.guarded import update_guarded

OPEN = (PieceState.DRAFT, PieceState.IN_REVIEW, PieceState.RETURNED, PieceState.APPROVED)


async def load(session: AsyncSession, piece_id: UUID) -> Piece:
    """The piece as it is now, or NotFound."""
    piece = await session.get(Piece, piece_id, populate_existing=True)
    if piece is None:
        raise NotFound
    return piece


async def move(session: AsyncSession, piece: Piece, ctx: Context, to: PieceState, **changes: Any) -> Piece:
    """Write the state that a rule gave, if nobody has changed the piece since it was loaded; else Conflict.

    A schedule ends with the approval that it belongs to.
    """
    return await update_guarded(
        session,
        piece,
        ("state", "version"),
        state=to,
        version=piece.version + 1,
        updated_at=ctx.now(),
        **(after_move(to) | changes),
    )


async def touch(session: AsyncSession, piece: Piece, **changes: Any) -> Piece:
    """Write what is no text and no state (autosave, lock). The version stays, so nobody's save is refused for it."""
    return await update_guarded(session, piece, ("state", "locked_by"), **changes)


async def revision(session: AsyncSession, piece_id: UUID, number: int) -> Revision:
    """One revision, or NotFound."""
    statement = select(Revision).where(Revision.piece_id == piece_id, Revision.number == number)
    found = (await session.exec(statement)).first()
    if found is None:
        raise NotFound
    return found


async def revisions(session: AsyncSession, piece_id: UUID) -> Sequence[Revision]:
    """All revisions, oldest first."""
    statement = select(Revision).where(Revision.piece_id == piece_id).order_by(col(Revision.number))
    return (await session.exec(statement)).all()


async def first_revision(session: AsyncSession, piece_id: UUID) -> Revision:
    """What the piece began with, or NotFound."""
    statement = select(Revision).where(Revision.piece_id == piece_id).order_by(col(Revision.number)).limit(1)
    found = (await session.exec(statement)).first()
    if found is None:
        raise NotFound
    return found


async def acts(session: AsyncSession, piece_id: UUID) -> Sequence[PieceAct]:
    """Everything done with the piece, oldest first."""
    statement = select(PieceAct).where(PieceAct.piece_id == piece_id).order_by(col(PieceAct.at))
    return (await session.exec(statement)).all()


async def approvals(session: AsyncSession, piece_id: UUID) -> Sequence[Approval]:
    """All approvals ever given, oldest first; only one of the newest revision holds."""
    statement = select(Approval).where(Approval.piece_id == piece_id).order_by(col(Approval.revision))
    return (await session.exec(statement)).all()


async def approval(session: AsyncSession, piece: Piece) -> Approval | None:
    """The approval of the newest revision, if somebody gave it."""
    statement = select(Approval).where(Approval.piece_id == piece.id, Approval.revision == piece.revision)
    return (await session.exec(statement)).first()


async def hands_on(session: AsyncSession, piece: Piece) -> frozenset[UUID]:
    """Everybody who may not approve this piece."""
    return hands(piece, await revisions(session, piece.id), await acts(session, piece.id))


async def add_act(
    ctx: Context, session: AsyncSession, piece: Piece, act: str, by: Actor, sha256: str = "", note: str = ""
) -> PieceAct:
    """Note who did what with which revision. Somebody must be named: the service itself never acts on a text."""
    if by.id is None:
        raise NotFound
    row = PieceAct(
        id=ctx.new_id(),
        piece_id=piece.id,
        act=act,
        revision=piece.revision,
        sha256=sha256,
        by_id=by.id,
        by_name=by.name,
        at=ctx.now(),
        note=note,
    )
    session.add(row)
    return row


async def listing(
    session: AsyncSession,
    states: Sequence[str] = (),
    case_id: UUID | None = None,
    before: Piece | None = None,
    limit: int = 50,
) -> Sequence[Piece]:
    """Pieces, last changed first; `before` is the last one of the page before."""
    statement = select(Piece).order_by(col(Piece.updated_at).desc(), col(Piece.id).desc()).limit(limit)
    if states:
        statement = statement.where(col(Piece.state).in_(states))
    if case_id:
        statement = statement.where(Piece.case_id == case_id)
    if before:
        same = (col(Piece.updated_at) == before.updated_at) & (col(Piece.id) < before.id)
        statement = statement.where(or_(col(Piece.updated_at) < before.updated_at, same))
    return (await session.exec(statement)).all()


async def scheduled(session: AsyncSession, now: datetime, limit: int) -> Sequence[UUID]:
    """Pieces whose moment has come, the earliest first."""
    statement = select(Piece.id).where(col(Piece.publish_at) <= now)
    return (await session.exec(statement.order_by(col(Piece.publish_at)).limit(limit))).all()


async def of_publication(session: AsyncSession, public_id: str) -> Sequence[Piece]:
    """Every piece that was written for this public id: the first one, and what corrects or replaces it."""
    statement = select(Piece).where(or_(Piece.public_id == public_id, Piece.corrects == public_id))
    return (await session.exec(statement.order_by(col(Piece.created_at)))).all()


async def open_correction(session: AsyncSession, public_id: str) -> Piece | None:
    """A correction that somebody is working on."""
    found = await of_publication(session, public_id)
    return next((p for p in found if p.corrects == public_id and p.state in OPEN), None)
