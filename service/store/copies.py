"""Copies of sources: which are wanted, which are due, what a look has led to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.copies import key
from content.piece_states import PieceState
from content.pieces import Piece
from service.context import Context
from service.store.bulk import rows_hit
from service.store.tables import SourceCopy

GONE = (PieceState.CORRECTED, PieceState.RETRACTED)


async def of_piece(session: AsyncSession, piece_id: UUID) -> Sequence[SourceCopy]:
    """The copies of one piece's sources."""
    query = select(SourceCopy).where(SourceCopy.piece_id == piece_id).order_by(col(SourceCopy.url))
    return (await session.exec(query)).all()


async def of_publication(session: AsyncSession, public_id: str) -> Sequence[SourceCopy]:
    """The copies made for any version of a publication."""
    query = select(SourceCopy).where(SourceCopy.public_id == public_id).order_by(col(SourceCopy.url))
    return (await session.exec(query)).all()


async def want(
    ctx: Context, session: AsyncSession, piece_id: UUID, urls: Sequence[str], *, again: bool = False
) -> int:
    """Let these addresses be looked at soon, the known ones only `again`; how many that are."""
    known = {copy.key: copy for copy in await of_piece(session, piece_id)}
    wanted = 0
    for url in urls:
        copy = known.get(key(url))
        if copy is None:
            copy = SourceCopy(id=ctx.new_id(), piece_id=piece_id, key=key(url), url=url)
        elif not again:
            continue
        copy.next_at, copy.tries, copy.settled = ctx.now(), 0, False
        session.add(copy)
        wanted += 1
    return wanted


async def go_out(session: AsyncSession, piece_id: UUID, public_id: str) -> None:
    """The text is out under this id: from now on what is kept stays."""
    statement = update(SourceCopy).where(col(SourceCopy.piece_id) == piece_id).values(public_id=public_id)
    await rows_hit(session, statement)


async def due(session: AsyncSession, now: datetime, limit: int) -> Sequence[SourceCopy]:
    """What to look at now, the longest due first; nothing of a text that was replaced or taken back."""
    query = (
        select(SourceCopy)
        .join(Piece, col(Piece.id) == col(SourceCopy.piece_id))
        .where(col(SourceCopy.next_at) <= now, col(Piece.state).not_in(GONE))
        .order_by(col(SourceCopy.next_at))
        .limit(limit)
    )
    return (await session.exec(query)).all()


async def put_off(session: AsyncSession, now: datetime, until: datetime) -> int:
    """Let everything that is due wait; how many."""
    return await rows_hit(
        session, update(SourceCopy).where(col(SourceCopy.next_at) <= now).values(next_at=until)
    )


async def load(session: AsyncSession, copy_id: UUID) -> SourceCopy | None:
    """One copy as it is now."""
    return await session.get(SourceCopy, copy_id, populate_existing=True)


async def kept(session: AsyncSession, copy_id: UUID) -> SourceCopy | None:
    """One copy, if something was kept."""
    copy = await session.get(SourceCopy, copy_id)
    return copy if copy is not None and copy.sha256 else None
