"""The first rows of a piece: itself and the revision that it begins with.

Does not decide what the text is or who may begin it.
"""

from __future__ import annotations

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from content.body import PieceBody
from content.permissions import Actor
from content.pieces import Piece, Revision
from service.context import Context
from service.errors import NotFound
from service.store import audit
from service.store.notify import announce
from service.usecases import copies


def new_piece(
    ctx: Context, kind: str, by: Actor, case_id: UUID | None, incident_id: UUID | None, exercise: bool
) -> Piece:
    """A piece that nobody has written anything in yet; not stored."""
    if by.id is None:
        raise NotFound
    now = ctx.now()
    return Piece(
        id=ctx.new_id(),
        kind=kind,
        case_id=case_id,
        incident_id=incident_id,
        exercise=exercise,
        author_id=by.id,
        created_at=now,
        updated_at=now,
    )


async def begin(
    ctx: Context, session: AsyncSession, piece: Piece, body: PieceBody, by: Actor, start: int
) -> Piece:
    """Store a piece with its first text, whose sources are looked at soon. Numbers go on from what is replaced: a public id's revisions only grow."""
    piece.title, piece.revision = body.title, start + 1
    session.add(piece)
    await session.flush()
    revision = new_revision(ctx, piece, start + 1, body, by)
    session.add(revision)
    await copies.want(ctx, session, piece.id, body)
    await announce(session, "queue", str(piece.case_id or ""))
    after = {
        "kind": piece.kind,
        "case": str(piece.case_id),
        "corrects": piece.corrects,
        "sha256": revision.sha256,
    }
    await audit.record(ctx, session, by, "piece.create", "piece", piece.id, after=after)
    return piece


def new_revision(ctx: Context, piece: Piece, number: int, body: PieceBody, by: Actor) -> Revision:
    """One text as somebody wrote it just now; not stored."""
    if by.id is None:
        raise NotFound
    return Revision(
        id=ctx.new_id(),
        piece_id=piece.id,
        number=number,
        body=body.model_dump(mode="json"),
        sha256=body.sha256(),
        author_id=by.id,
        author_name=by.name,
        created_at=ctx.now(),
    )
