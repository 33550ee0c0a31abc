"""Relayed warnings (转发的预警) and the alarms about their ends. Rows in, rows out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.alarms import Alarm
from content.pieces import Piece, PieceKind, Revision
from content.publications import Publication, PublicationType
from content.warning_ends import SUBJECT

NEWEST = 200


async def pieces(session: AsyncSession) -> Sequence[tuple[Piece, Revision]]:
    """The newest texts that relay a warning, each as it reads now, newest first. The issuer's words are in every revision."""
    query = (
        select(Piece, Revision)
        .join(Revision, (col(Revision.piece_id) == col(Piece.id)) & (col(Revision.number) == Piece.revision))
        .where(Piece.kind == PieceKind.WARNING)
        .order_by(col(Piece.created_at).desc(), col(Piece.id))
    )
    return (await session.exec(query.limit(NEWEST))).all()


async def standing(session: AsyncSession, since: datetime) -> Sequence[tuple[Piece, Publication]]:
    """What the public is told now of warnings, as far as it was issued since then, the oldest first."""
    newer = aliased(Publication)
    superseded = (
        select(newer.id)
        .where(newer.public_id == Publication.public_id, col(newer.version) > col(Publication.version))
        .exists()
    )
    query = (
        select(Piece, Publication)
        .join(Publication, col(Publication.piece_id) == col(Piece.id))
        .where(
            Piece.kind == PieceKind.WARNING,
            Publication.type != PublicationType.RETRACT,
            col(Publication.issued_at) >= since,
            ~superseded,
        )
        .order_by(col(Publication.sequence))
    )
    return (await session.exec(query.limit(NEWEST))).all()


async def alarms(session: AsyncSession, piece_ids: Collection[UUID]) -> dict[tuple[UUID, str], Alarm]:
    """What was raised about these, by piece and code, ended or not."""
    if not piece_ids:
        return {}
    query = select(Alarm).where(Alarm.subject == SUBJECT, col(Alarm.subject_id).in_(piece_ids))
    return {(one.subject_id, one.clock): one for one in (await session.exec(query)).all()}


async def unseen(session: AsyncSession) -> Sequence[Alarm]:
    """Alarms about warnings that go on and that nobody has said they know of, the oldest first."""
    query = select(Alarm).where(
        Alarm.subject == SUBJECT, col(Alarm.ended_at).is_(None), col(Alarm.seen_at).is_(None)
    )
    return (await session.exec(query.order_by(col(Alarm.due_at), col(Alarm.id)).limit(NEWEST))).all()
