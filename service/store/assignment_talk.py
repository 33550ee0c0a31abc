"""What is said about an assignment while it is open: questions back (追问) and proposals to hand over (转交). Load and save."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from expert_db.ask_backs import AskBack, AskBackState, Moved
from expert_db.hand_overs import Decided, HandOver, HandOverState
from service.errors import NotFound
from service.store.guarded import update_guarded


async def load_ask_back(session: AsyncSession, ask_back_id: UUID) -> AskBack:
    """The question back, or NotFound."""
    found = await session.get(AskBack, ask_back_id, populate_existing=True)
    if found is None:
        raise NotFound(subject="ask_back")
    return found


async def load_hand_over(session: AsyncSession, hand_over_id: UUID) -> HandOver:
    """The proposal, or NotFound."""
    found = await session.get(HandOver, hand_over_id, populate_existing=True)
    if found is None:
        raise NotFound(subject="hand_over")
    return found


async def ask_backs(session: AsyncSession, assignment_ids: Collection[UUID]) -> Sequence[AskBack]:
    """All questions back of these assignments, oldest first."""
    query = (
        select(AskBack)
        .where(col(AskBack.assignment_id).in_(assignment_ids))
        .order_by(col(AskBack.asked_at), col(AskBack.id))
        .execution_options(populate_existing=True)
    )
    return (await session.exec(query)).all() if assignment_ids else ()


async def hand_overs(session: AsyncSession, assignment_ids: Collection[UUID]) -> Sequence[HandOver]:
    """All proposals of these assignments, oldest first."""
    query = (
        select(HandOver)
        .where(col(HandOver.assignment_id).in_(assignment_ids))
        .order_by(col(HandOver.proposed_at), col(HandOver.id))
        .execution_options(populate_existing=True)
    )
    return (await session.exec(query)).all() if assignment_ids else ()


async def waiting(session: AsyncSession, limit: int = 200) -> list[UUID]:
    """Assignments about which the desk owes something, the longest waiting first."""
    asked = select(AskBack.assignment_id).where(AskBack.state == AskBackState.WAITING)
    proposed = select(HandOver.assignment_id).where(HandOver.state == HandOverState.PROPOSED)
    first = (await session.exec(asked.order_by(col(AskBack.asked_at)).limit(limit))).all()
    then = (await session.exec(proposed.order_by(col(HandOver.proposed_at)).limit(limit))).all()
    return list(dict.fromkeys([*first, *then]))


async def save_ask_back(session: AsyncSession, row: AskBack, moved: Moved) -> AskBack:
    """Write what a rule decided; Conflict when somebody was faster."""
    return await update_guarded(session, row, ["state"], state=str(moved.state), **moved.fields)


async def save_hand_over(session: AsyncSession, row: HandOver, decided: Decided) -> HandOver:
    """Write what a rule decided; Conflict when somebody was faster."""
    return await update_guarded(session, row, ["state"], state=str(decided.state), **decided.fields)
