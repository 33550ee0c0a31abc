"""Submit, return, approve (送审、退回、签发). Everybody names the text they mean by number and sha256.

Any number of people may press the button at once: the row's state is changed by one guarded statement, so one wins and the
others are told that somebody was faster.
"""

from __future__ import annotations

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from content import checks, review
from content.body import PieceBody
from content.permissions import Actor, require
from content.piece_states import PieceEvent, PieceState
from content.pieces import Approval, Piece, Revision
from content.review import Text
from service.context import Context
from service.errors import NotFound
from service.store import audit, publications
from service.store import pieces as store
from service.store.notify import announce
from service.usecases.pieces import kind_of


async def submit(
    ctx: Context, session: AsyncSession, piece_id: UUID, revision: int, sha256: str, by: Actor
) -> Piece:
    """Hand in the newest text for approval, if it is complete."""
    require(by, "piece.write")
    piece, current = await _current(session, piece_id)
    published = await publications.latest(session, piece.corrects) if piece.corrects else None
    found = checks.problems(
        piece.kind,
        PieceBody.model_validate(current.body),
        original=kind_of(piece, published),
        exercise=piece.exercise,
    )
    to = review.submit(piece.state, review.text_of(current), Text(revision, sha256), found)
    return await _step(ctx, session, piece, current, PieceEvent.SUBMIT, to, by, submitted_by=by.id)


async def approve(
    ctx: Context,
    session: AsyncSession,
    piece_id: UUID,
    revision: int,
    sha256: str,
    by: Actor,
    note: str = "",
) -> Approval:
    """Approve exactly this text. Only somebody who neither began, wrote nor submitted any of it."""
    require(by, "piece.approve")
    piece, current = await _current(session, piece_id)
    touched = await store.hands_on(session, piece)
    to = review.approve(piece.state, review.text_of(current), Text(revision, sha256), touched, by)
    await _step(ctx, session, piece, current, PieceEvent.APPROVE, to, by, note)
    return await _approval(ctx, session, current, by, note)


async def return_(
    ctx: Context, session: AsyncSession, piece_id: UUID, revision: int, sha256: str, note: str, by: Actor
) -> Piece:
    """Give a text back with a note; an approval that it had is lost."""
    require(by, "piece.approve")
    piece, current = await _current(session, piece_id)
    to = review.give_back(piece.state, review.text_of(current), Text(revision, sha256), note)
    return await _step(ctx, session, piece, current, PieceEvent.RETURN, to, by, note.strip())


async def _current(session: AsyncSession, piece_id: UUID) -> tuple[Piece, Revision]:
    piece = await store.load(session, piece_id)
    return piece, await store.revision(session, piece.id, piece.revision)


async def _approval(ctx: Context, session: AsyncSession, current: Revision, by: Actor, note: str) -> Approval:
    if by.id is None:
        raise NotFound
    approval = Approval(
        id=ctx.new_id(),
        piece_id=current.piece_id,
        revision=current.number,
        sha256=current.sha256,
        approver_id=by.id,
        approver_name=by.name,
        at=ctx.now(),
        note=note,
    )
    session.add(approval)
    await session.flush()
    return approval


async def _step(
    ctx: Context,
    session: AsyncSession,
    piece: Piece,
    current: Revision,
    event: PieceEvent,
    to: PieceState,
    by: Actor,
    note: str = "",
    **changes: object,
) -> Piece:
    """Move, note the act, tell the desk, record."""
    before = piece.state
    await store.move(session, piece, ctx, to, **changes)
    await store.add_act(ctx, session, piece, event, by, current.sha256, note)
    await announce(session, "queue", str(piece.case_id or ""))
    after = {"state": to, "revision": current.number, "sha256": current.sha256}
    await audit.record(ctx, session, by, f"piece.{event}", "piece", piece.id, {"state": before}, after, note)
    return piece
