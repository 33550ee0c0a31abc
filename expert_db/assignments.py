"""An assignment (任务): who was asked for what, until when; and the answers given."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from content.columns import Json, UtcDateTime
from expert_db.assignment_states import AssignmentState


class AssignmentKind(StrEnum):
    OPINION = "opinion"  # 专家意见
    FACT = "fact"  # 部门核实
    FIELD = "field"  # 基层传播


class Assignment(SQLModel, table=True):
    """One question to one expert. `reasons` says why this expert was suggested; `evidence` is a copy."""

    __tablename__ = "assignments"
    __table_args__ = (Index("ix_assignments_due", "state", "respond_by"),)

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="cases.id", index=True)
    expert_id: UUID = Field(foreign_key="experts.id", index=True)
    kind: str = Field(default=AssignmentKind.OPINION, max_length=16)
    state: str = Field(default=AssignmentState.OFFERED, max_length=16)
    question: str = Field(max_length=2000)
    evidence: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    reasons: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    offered_by: UUID
    offered_at: datetime = Field(sa_type=UtcDateTime)
    respond_by: datetime = Field(
        sa_type=UtcDateTime
    )  # the offer lapses then; once accepted: the end of the grace after due_at
    due_at: datetime = Field(sa_type=UtcDateTime)  # the answer is wanted by then
    accepted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    note: str = Field(default="", max_length=2000)  # reason of a decline or a withdrawal
    suggestion: str = Field(default="", max_length=500)  # who else could answer
    candidates: list[str] = Field(
        default_factory=list, sa_type=Json
    )  # next expert ids, best first, for expiry and decline
    shortlist: list[dict[str, Any]] = Field(
        default_factory=list, sa_type=Json
    )  # who was suggested with which points when this one was chosen: training data for the weights
    why_not_first: str = Field(
        default="", max_length=32
    )  # a code, when the best of the shortlist was not chosen
    gear: str = Field(default="everyday", max_length=16)  # everyday | incident: whose deadlines hold
    follows: UUID | None = Field(default=None)  # the declined or lapsed offer that this one replaces
    reminded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    link_sha256: str | None = Field(default=None, max_length=64, index=True)  # of the one-time link's token
    link_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    version: int = Field(default=1)


class Answer(SQLModel, table=True):
    """What an expert said, with sources; or what a team reports from the field. Append-only."""

    __tablename__ = "answers"

    id: UUID = Field(primary_key=True)
    assignment_id: UUID = Field(foreign_key="assignments.id", index=True)
    case_id: UUID = Field(index=True)
    expert_id: UUID = Field(index=True)
    verdict: str | None = Field(default=None, max_length=16)
    text: str
    sources: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    reached: int | None = Field(default=None)  # people, of a field dissemination
    place: str = Field(default="", max_length=200)  # where that was
    at: datetime = Field(sa_type=UtcDateTime)


class Decision(SQLModel, table=True):
    """What an editor decided where two experts differ, and why: on the record. Append-only."""

    __tablename__ = "opinion_decisions"

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="cases.id", index=True)
    verdict: str = Field(max_length=16)
    reason: str = Field(max_length=2000)
    answers: list[str] = Field(default_factory=list, sa_type=Json)  # ids of the answers that were weighed
    by: UUID
    at: datetime = Field(sa_type=UtcDateTime)
