"""A case (事项): one claim or one emergency, with its evidence.

The case moves (state, priority, owner); evidence is what somebody saw and never changes. Which case a piece of evidence
belongs to is a link, so that cases can be merged and split, and that undone.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from content.case_states import CaseState
from content.columns import Json, UtcDateTime


class CaseKind(StrEnum):
    RUMOR = "rumor"
    EMERGENCY = "emergency"
    QUESTION = "question"
    DEBUNK = "debunk"
    NEWS = "news"


class Case(SQLModel, table=True):
    """What an editor works on. `reasons` are `[{"code", "points", "words": […]}]` and add up to `priority`."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_queue", "state", "priority", "last_seen"),
        Index("ix_cases_seen", "state", "last_seen"),
    )

    id: UUID = Field(primary_key=True)
    kind: str = Field(default=CaseKind.NEWS, max_length=16)
    state: str = Field(default=CaseState.QUEUED, max_length=16)
    title: str = Field(max_length=500)
    category: str | None = Field(default=None, max_length=32)
    hazard: str | None = Field(default=None, max_length=32)
    level: str | None = Field(default=None, max_length=8)
    regions: list[str] = Field(default_factory=list, sa_type=Json)
    topics: list[str] = Field(default_factory=list, sa_type=Json)
    priority: int = Field(default=0)
    reasons: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    demand: int = Field(default=0)  # tips from the public that ask about this
    sources: int = Field(default=1)  # distinct sources among the evidence
    claimed_by: UUID | None = Field(default=None, index=True)
    claimed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    merged_into: UUID | None = Field(default=None, index=True)
    dismissed_reason: str | None = Field(default=None, max_length=500)
    known_publication: str | None = Field(
        default=None, max_length=32
    )  # suggested public id, never applied by itself
    known_score: float | None = Field(default=None)
    answered_with: str | None = Field(default=None, max_length=32)  # the publication that answers it
    follows: UUID | None = Field(default=None, index=True)  # the closed case that this one goes on from
    changed_after_approval: bool = Field(default=False)  # a source story changed: a flag, never an edit
    incident_id: UUID | None = Field(default=None, index=True)  # the active incident it belongs to now
    exercise: bool = Field(
        default=False
    )  # 演练: opened for an exercise, for ever; its pieces are exercises too
    first_seen: datetime = Field(sa_type=UtcDateTime)
    last_seen: datetime = Field(sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    version: int = Field(default=1)


class Evidence(SQLModel, table=True):
    """One thing somebody saw, copied whole so that purging items breaks nothing. Append-only.

    The id is the item's or the tip's own, so nothing can become evidence twice.
    """

    __tablename__ = "evidence"

    id: UUID = Field(primary_key=True)
    kind: str = Field(max_length=16)  # item | tip | alert | hand (an editor's own note)
    item_id: UUID | None = Field(default=None, index=True)
    source_id: UUID | None = Field(default=None)
    source_name: str = Field(max_length=200)
    authority: bool = Field(default=False)
    url: str | None = Field(default=None)
    canonical_url: str | None = Field(default=None, max_length=2100, index=True)  # for comparing only
    title: str
    text: str
    published: datetime | None = Field(default=None, sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    assessment: dict[str, Any] | None = Field(default=None, sa_type=Json)
    sha256: str = Field(max_length=64)


class CaseLink(SQLModel, table=True):
    """Which case a piece of evidence belongs to now, and where it came from (to undo a merge)."""

    __tablename__ = "case_links"
    __table_args__ = (UniqueConstraint("evidence_id"),)

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="cases.id", index=True)
    evidence_id: UUID = Field(foreign_key="evidence.id")
    origin_case_id: UUID = Field(index=True)
    linked_at: datetime = Field(sa_type=UtcDateTime, index=True)
