"""The expert asks back (追问): a question to the desk about the question, and the desk's reply. Rules and table.

In the everyday gear the expert's time stands still while the desk owes the reply, at most for the span in which an offer must be
taken up: a desk that never replies does not keep a question open for ever. In an incident nothing stands still, for the statutory
clocks do not either.

    ask    → both ends move on by the whole pause at once        reply → they move back by what was not used of it

So the ends in the assignment are always the ones that hold, and nothing has to be undone when the desk is silent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlmodel import Field, SQLModel

from content.columns import UtcDateTime
from content.lifecycle import Lifecycle
from content.permissions import Actor
from expert_db.assignment_states import ASSIGNMENT
from expert_db.assignments import Assignment
from expert_db.deadlines import EVERYDAY, TABLE, Table, terms_for
from expert_db.errors import AskedEnough, BadAnswer, NotYours

MOST: Final = 3  # of one assignment: after that, a telephone does better
LONGEST: Final = 2000  # characters


class AskBackState(StrEnum):
    WAITING = "waiting"
    REPLIED = "replied"
    CLOSED = "closed"  # the assignment ended first


class AskBackEvent(StrEnum):
    REPLY = "reply"
    CLOSE = "close"


ASK_BACK = Lifecycle(
    name="ask_back",
    states=AskBackState,
    events=AskBackEvent,
    initial=AskBackState.WAITING,
    table={
        (AskBackState.WAITING, AskBackEvent.REPLY): AskBackState.REPLIED,
        (AskBackState.WAITING, AskBackEvent.CLOSE): AskBackState.CLOSED,
    },
)


class AskBack(SQLModel, table=True):
    """One question back, with its reply."""

    __tablename__ = "ask_backs"

    id: UUID = Field(primary_key=True)
    assignment_id: UUID = Field(foreign_key="assignments.id", index=True)
    case_id: UUID = Field(index=True)
    state: str = Field(default=AskBackState.WAITING, max_length=16, index=True)
    text: str = Field(max_length=LONGEST)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    paused_until: datetime | None = Field(default=None, sa_type=UtcDateTime)  # None: the time went on
    reply: str = Field(default="", max_length=LONGEST)
    replied_by: UUID | None = Field(default=None)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@dataclass(frozen=True)
class Moved:
    """What is written: the row's fields, and the ends of the assignment."""

    state: AskBackState
    fields: dict[str, Any] = field(default_factory=dict)
    ends: dict[str, Any] = field(default_factory=dict)


def may_ask(assignment: Assignment, before: Sequence[AskBack]) -> bool:
    """Whether one more question back is possible: the assignment is open, none waits, and there were few."""
    waits = any(one.state == AskBackState.WAITING for one in before)
    return assignment.state not in ASSIGNMENT.terminal() and not waits and len(before) < MOST


def ask(
    new_id: UUID,
    assignment: Assignment,
    before: Sequence[AskBack],
    text: str,
    by: Actor,
    now: datetime,
    table: Table = TABLE,
) -> tuple[AskBack, dict[str, Any]]:
    """The question back, and the assignment's new ends. AskedEnough when one waits or there were `MOST` already."""
    if by.expert_id is None or by.expert_id != assignment.expert_id:
        raise NotYours
    if not may_ask(assignment, before):
        raise AskedEnough(most=MOST)
    pause = terms_for(assignment.gear, assignment.kind, table).respond
    paused = assignment.gear == EVERYDAY
    row = AskBack(
        id=new_id,
        assignment_id=assignment.id,
        case_id=assignment.case_id,
        state=ASK_BACK.initial,
        text=_written(text),
        asked_at=now,
        paused_until=now + pause if paused else None,
    )
    return row, _shifted(assignment, pause) if paused else {}


def reply(asked: AskBack, assignment: Assignment, text: str, by: Actor, now: datetime) -> Moved:
    """The desk's reply; the time goes on from here."""
    state = ASK_BACK.next(asked.state, AskBackEvent.REPLY)
    unused = asked.paused_until - now if asked.paused_until else timedelta(0)
    fields = {"reply": _written(text), "replied_by": by.id, "ended_at": now}
    return Moved(state, fields, _shifted(assignment, -unused) if unused > timedelta(0) else {})


def close(asked: AskBack, now: datetime) -> Moved:
    """The assignment is over; nobody needs the reply."""
    return Moved(ASK_BACK.next(asked.state, AskBackEvent.CLOSE), {"ended_at": now})


def _shifted(assignment: Assignment, by: timedelta) -> dict[str, Any]:
    return {"respond_by": assignment.respond_by + by, "due_at": assignment.due_at + by}


def _written(text: str) -> str:
    if not text.strip() or len(text) > LONGEST:
        raise BadAnswer(field="text", least=1, most=LONGEST)
    return text.strip()
