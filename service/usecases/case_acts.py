"""What every act on a case has in common: move, write the audit entry, tell the open pages.

Each act's audit entry holds what `undo` needs to take it back.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.case_states import CaseEvent
from content.cases import Case
from content.permissions import Actor
from content.piece_states import PieceState
from content.pieces import Piece
from content.publications import Publication
from service.context import Context
from service.errors import Conflict
from service.store import audit, cases, publications, tips
from service.store.notify import announce
from service.store.tables import User

SHOWN = ("state", "claimed_by", "claimed_at", "dismissed_reason", "merged_into", "answered_with")


class Taken(Conflict):
    """Somebody else is on this case; they can give it back, or you can release it first."""

    type = "case_taken"


class PieceInWork(Conflict):
    """A text about this case is being reviewed or approved; return it first."""

    type = "piece_in_work"


async def act(
    ctx: Context,
    s: AsyncSession,
    case: Case,
    event: CaseEvent,
    by: Actor,
    name: str,
    version: int | None = None,
    reason: str = "",
    more: dict[str, Any] | None = None,
    **changes: Any,
) -> Case:
    """Let `event` happen to the case and record it as `name`; `more` is kept for undoing."""
    before = shown(case)
    moved = await cases.move(s, case, event, ctx.now(), version, **changes)
    await record(ctx, s, moved, by, name, before, reason, more)
    return moved


async def record(
    ctx: Context,
    s: AsyncSession,
    case: Case,
    by: Actor,
    name: str,
    before: dict[str, Any],
    reason: str = "",
    more: dict[str, Any] | None = None,
) -> None:
    """One audit entry, and the word to the open pages."""
    after = shown(case) | (more or {})
    await audit.record(ctx, s, by, name, "case", case.id, before=before, after=after, reason=reason)
    await announce(s, "queue", str(case.id))


def shown(case: Case) -> dict[str, Any]:
    """The part of a case that acts change, as JSON."""
    values = {name: getattr(case, name) for name in SHOWN}
    return {name: None if value is None else str(value) for name, value in values.items()}


async def not_taken(s: AsyncSession, case: Case, by: Actor) -> None:
    """Taken when another person is on the case."""
    if case.claimed_by is not None and case.claimed_by != by.id and case.state == "accepted":
        raise Taken(claimed_by=await name_of(s, case.claimed_by))


async def name_of(s: AsyncSession, user_id: UUID | None) -> str | None:
    """How a user is called on the desk."""
    user = await s.get(User, user_id) if user_id else None
    return (user.display_name or user.name) if user else None


async def no_piece_in_work(s: AsyncSession, case: Case) -> None:
    """PieceInWork when a text about the case is on its way to the public."""
    states = (PieceState.IN_REVIEW, PieceState.APPROVED)
    query = select(Piece.id).where(Piece.case_id == case.id, col(Piece.state).in_(states)).limit(1)
    if (found := (await s.exec(query)).first()) is not None:
        raise PieceInWork(piece=str(found))


async def unlink_answer(s: AsyncSession, case: Case) -> None:
    """Whoever was told that an earlier publication answers the case waits again. Own publications stand."""
    linked: Publication | None = (
        await publications.latest(s, case.answered_with) if case.answered_with else None
    )
    if linked is not None and linked.case_id != case.id:
        await tips.take_back(s, case.id, linked.public_id)
