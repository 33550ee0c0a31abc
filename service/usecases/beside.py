"""What lies beside a text while it is written: what experts have answered about its case, and earlier texts of the house.

For reading and copying from. Nothing of it enters the text by itself, and no contact data is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from content.pieces import Piece
from content.render.told import Told, told
from service.store import assignments
from service.usecases import recurrence
from service.usecases.names import names_of


@dataclass(frozen=True)
class Opinion:
    """What one expert has answered; `sources` as the expert gave them."""

    name: str
    verdict: str | None
    text: str
    sources: Sequence[dict[str, Any]]
    at: datetime


@dataclass(frozen=True)
class Beside:
    """Opinions, newest first, and what stands about the same rumor."""

    opinions: Sequence[Opinion]
    earlier: Sequence[Told]


async def beside(session: AsyncSession, piece: Piece) -> Beside:
    """For one piece; a piece without a case has nothing beside it."""
    if piece.case_id is None:
        return Beside((), ())
    answers = await assignments.answers(session, piece.case_id)
    names = await names_of(session, {one.expert_id for one in answers})
    opinions = [
        Opinion(names.get(one.expert_id, ""), one.verdict, one.text, one.sources, one.at) for one in answers
    ]
    before = await recurrence.earlier(session, piece.case_id, piece.public_id or piece.corrects)
    return Beside(sorted(opinions, key=lambda one: one.at, reverse=True), [told(one) for one in before])
