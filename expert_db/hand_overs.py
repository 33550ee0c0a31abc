"""The expert names a colleague who should answer instead (转交). The desk confirms or refuses. Rules and table.

    propose → confirm   the first assignment ends as handed over, the colleague is offered the same question
            → refuse    nothing changes but that the expert reads why
            → close     the assignment ended first

The expert's time goes on meanwhile: whoever is asked stays asked. A colleague behind a wall (conflict, absent, at the limit, no
consent) is not confirmed; the expert is told nothing of another person's walls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from content.columns import UtcDateTime
from content.lifecycle import Lifecycle
from content.permissions import Actor
from expert_db.assignment_states import ASSIGNMENT, AssignmentEvent
from expert_db.assignments import Assignment
from expert_db.errors import MissingReason, NotYours, ProposedAlready


class HandOverState(StrEnum):
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    CLOSED = "closed"


class HandOverEvent(StrEnum):
    CONFIRM = "confirm"
    REFUSE = "refuse"
    CLOSE = "close"


HAND_OVER = Lifecycle(
    name="hand_over",
    states=HandOverState,
    events=HandOverEvent,
    initial=HandOverState.PROPOSED,
    table={
        (HandOverState.PROPOSED, HandOverEvent.CONFIRM): HandOverState.CONFIRMED,
        (HandOverState.PROPOSED, HandOverEvent.REFUSE): HandOverState.REFUSED,
        (HandOverState.PROPOSED, HandOverEvent.CLOSE): HandOverState.CLOSED,
    },
)


class HandOver(SQLModel, table=True):
    """One proposal to hand a question to a colleague of the directory."""

    __tablename__ = "hand_overs"

    id: UUID = Field(primary_key=True)
    assignment_id: UUID = Field(foreign_key="assignments.id", index=True)
    case_id: UUID = Field(index=True)
    to_expert_id: UUID = Field(foreign_key="experts.id")
    state: str = Field(default=HandOverState.PROPOSED, max_length=16, index=True)
    reason: str = Field(max_length=500)
    proposed_at: datetime = Field(sa_type=UtcDateTime)
    note: str = Field(default="", max_length=500)  # why it was refused
    decided_by: UUID | None = Field(default=None)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@dataclass(frozen=True)
class Decided:
    """What is written of a proposal."""

    state: HandOverState
    fields: dict[str, Any] = field(default_factory=dict)


def may_propose(assignment: Assignment, before: Sequence[HandOver]) -> bool:
    """Whether a proposal is possible: the assignment can still be handed over, and none waits for the desk."""
    possible = ASSIGNMENT.allows(assignment.state, AssignmentEvent.HAND_OVER)
    return possible and all(one.state != HandOverState.PROPOSED for one in before)


def propose(
    new_id: UUID,
    assignment: Assignment,
    before: Sequence[HandOver],
    to_expert_id: UUID,
    reason: str,
    by: Actor,
    now: datetime,
) -> HandOver:
    """The proposal. It needs a reason; NotYours from anybody but the one who was asked."""
    if by.expert_id is None or by.expert_id != assignment.expert_id:
        raise NotYours
    if not reason.strip():
        raise MissingReason
    if not may_propose(assignment, before):
        raise ProposedAlready
    return HandOver(
        id=new_id,
        assignment_id=assignment.id,
        case_id=assignment.case_id,
        to_expert_id=to_expert_id,
        state=HAND_OVER.initial,
        reason=reason.strip()[:500],
        proposed_at=now,
    )


def confirm(proposal: HandOver, by: Actor, now: datetime) -> Decided:
    """The desk agrees."""
    state = HAND_OVER.next(proposal.state, HandOverEvent.CONFIRM)
    return Decided(state, {"decided_by": by.id, "ended_at": now})


def refuse(proposal: HandOver, note: str, by: Actor, now: datetime) -> Decided:
    """The desk wants the first expert's answer, and says why."""
    if not note.strip():
        raise MissingReason
    state = HAND_OVER.next(proposal.state, HandOverEvent.REFUSE)
    return Decided(state, {"note": note.strip()[:500], "decided_by": by.id, "ended_at": now})


def close(proposal: HandOver, now: datetime) -> Decided:
    """The assignment is over; nothing is left to hand over."""
    return Decided(HAND_OVER.next(proposal.state, HandOverEvent.CLOSE), {"ended_at": now})
