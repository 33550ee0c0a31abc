"""Which published texts are to be looked at again, and which of their sources have gone or say something else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.copies import GONE
from content.piece_states import PieceState
from content.pieces import Piece, PieceKind
from content.publications import Publication
from service.store.tables import SourceCopy


def _standing() -> list[ColumnElement[bool]]:
    return [col(Piece.state) == PieceState.PUBLISHED, col(Piece.exercise).is_(False)]


async def due(session: AsyncSession, now: datetime, limit: int = 50) -> Sequence[tuple[Piece, Publication]]:
    """Texts over their date, the longest over first, each as it stands now."""
    query = (
        select(Piece, Publication)
        .join(Publication, col(Publication.piece_id) == col(Piece.id))
        .where(*_standing(), col(Piece.review_due) <= now)
        .order_by(col(Piece.review_due), col(Piece.id))
        .limit(limit)
    )
    return (await session.exec(query)).all()


async def count_due(session: AsyncSession, now: datetime) -> int:
    """How many texts are over their date."""
    query = select(func.count(col(Piece.id))).where(*_standing(), col(Piece.review_due) <= now)
    return int((await session.exec(query)).one())


async def not_asked(session: AsyncSession, now: datetime, limit: int) -> Sequence[Piece]:
    """Texts over their date of which the desk was not told yet."""
    asked = col(Piece.review_asked_at)
    new = or_(asked.is_(None), asked < col(Piece.review_due))
    query = select(Piece).where(*_standing(), col(Piece.review_due) <= now, new).limit(limit)
    return (await session.exec(query)).all()


async def without_date(session: AsyncSession, limit: int) -> Sequence[tuple[Piece, Publication]]:
    """Published texts that have no date yet."""
    query = (
        select(Piece, Publication)
        .join(Publication, col(Publication.piece_id) == col(Piece.id))
        .where(*_standing(), col(Piece.review_due).is_(None), col(Piece.kind) != PieceKind.WARNING)
        .limit(limit)
    )
    return (await session.exec(query)).all()


async def troubled(session: AsyncSession, public_ids: Sequence[str]) -> dict[str, list[SourceCopy]]:
    """Of these publications the sources that are gone or say something else than was kept."""
    bad = or_(col(SourceCopy.changed).is_(True), col(SourceCopy.fault).in_(GONE))
    query = (
        select(SourceCopy)
        .join(Piece, col(Piece.id) == col(SourceCopy.piece_id))
        .where(col(SourceCopy.public_id).in_(public_ids), *_standing(), bad)
        .order_by(col(SourceCopy.url))
    )
    found: dict[str, list[SourceCopy]] = {}
    for copy in (await session.exec(query)).all():
        found.setdefault(copy.public_id or "", []).append(copy)
    return found


async def piece_of(session: AsyncSession, piece_id: UUID) -> Piece | None:
    """The piece, if it is out and stands."""
    query = select(Piece).where(col(Piece.id) == piece_id, *_standing())
    return (await session.exec(query)).first()
