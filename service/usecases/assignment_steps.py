"""One step of an assignment as every act takes it: write the state, leave no loose ends, record, announce."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from content.permissions import Actor
from expert_db import ask_backs, hand_overs, offering
from expert_db.ask_backs import AskBackState
from expert_db.assignments import Assignment
from expert_db.hand_overs import HandOverState
from expert_db.privacy import without_contact
from service.context import Context
from service.store import assignment_talk as talk
from service.store import assignments as store
from service.store import audit
from service.store.notify import announce


async def step(
    ctx: Context,
    s: AsyncSession,
    assignment: Assignment,
    change: offering.Change,
    by: Actor,
    version: int | None = None,
    reason: str = "",
) -> Assignment:
    """Take it. Conflict when the assignment has moved since it was read, or since `version`."""
    before = assignment.state
    moved = await store.change(s, assignment, change, version)
    if moved.state not in store.OPEN:
        await _close(s, moved.id, ctx.now())
    # Experts write reasons for people to read; a number they leave in one has no place in the log.
    why = without_contact(reason.strip())[:500]
    act = f"assignment.{change.event}"
    await audit.record(
        ctx, s, by, act, "assignment", moved.id, {"state": before}, {"state": moved.state}, why
    )
    await announce(s, "assignments", str(moved.id))
    return moved


async def _close(s: AsyncSession, assignment_id: UUID, now: datetime) -> None:
    """What was asked back or proposed is over with its assignment."""
    for asked in await talk.ask_backs(s, [assignment_id]):
        if asked.state == AskBackState.WAITING:
            await talk.save_ask_back(s, asked, ask_backs.close(asked, now))
    for proposal in await talk.hand_overs(s, [assignment_id]):
        if proposal.state == HandOverState.PROPOSED:
            await talk.save_hand_over(s, proposal, hand_overs.close(proposal, now))
