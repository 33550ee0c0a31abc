"""What an active incident holds back (应急期间暂缓): approved everyday texts that wait for its end.

Holds nothing itself: `publish` refuses them without a written reason, and this lists what it would refuse.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.piece_states import PieceState
from content.pieces import Piece, PieceKind
from service.store import incidents

MOST = 100


async def listing(s: AsyncSession) -> Sequence[Piece]:
    """The approved texts that wait now, the longest waiting first; nothing while no real incident is active.

    The conditions are those of `content.incident_rules.holds`, asked of the database.
    """
    if all(one.exercise for one in await incidents.active(s)):
        return []
    query = select(Piece).where(
        Piece.state == PieceState.APPROVED,
        Piece.kind != PieceKind.HOLDING,
        col(Piece.incident_id).is_(None),
        col(Piece.corrects).is_(None),
        col(Piece.exercise).is_(False),
    )
    return (await s.exec(query.order_by(col(Piece.updated_at), col(Piece.id)).limit(MOST))).all()
