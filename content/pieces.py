"""A piece (稿件) and its numbered revisions.

The piece moves; a revision is what somebody wrote at one moment and never changes. What a revision says is a `PieceBody`.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from content.columns import Json, UtcDateTime
from content.piece_states import PieceState


class PieceKind(StrEnum):
    REBUTTAL = "rebuttal"  # 辟谣
    EXPLAINER = "explainer"  # 科普
    HOLDING = "holding"  # 正在核实
    WARNING = "warning"  # 转发预警, verbatim
    CORRECTION = "correction"  # 更正


class Piece(SQLModel, table=True):
    __tablename__ = "pieces"

    id: UUID = Field(primary_key=True)
    kind: str = Field(max_length=16)
    state: str = Field(default=PieceState.DRAFT, max_length=16, index=True)
    title: str = Field(default="", max_length=300)
    case_id: UUID | None = Field(default=None, foreign_key="cases.id", index=True)
    incident_id: UUID | None = Field(default=None, index=True)
    corrects: str | None = Field(
        default=None, max_length=32, index=True
    )  # public id that this corrects or replaces
    corrects_version: int | None = Field(default=None)  # the version it was written against
    public_id: str | None = Field(default=None, max_length=32, unique=True)  # given at first publication
    author_id: UUID
    revision: int = Field(default=0)  # number of the newest revision; 0: none yet
    submitted_by: UUID | None = Field(default=None)
    autosave: dict[str, Any] | None = Field(default=None, sa_type=Json)
    autosave_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    locked_by: UUID | None = Field(default=None)  # who is editing, shown and never enforced by the store
    locked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    publish_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime, index=True
    )  # goes out by itself then
    schedule: dict[str, Any] | None = Field(default=None, sa_type=Json)  # see `content.scheduling.Schedule`
    review_due: datetime | None = Field(
        default=None, sa_type=UtcDateTime, index=True
    )  # see `content.shelf_life`; set when it goes out
    review_asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # the desk was told
    exercise: bool = Field(default=False)  # 演练: never reaches the public; cannot be turned off
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    version: int = Field(default=1)


class Revision(SQLModel, table=True):
    """One text of a piece, complete, with the sha256 of its canonical JSON. Append-only."""

    __tablename__ = "revisions"
    __table_args__ = (UniqueConstraint("piece_id", "number"),)

    id: UUID = Field(primary_key=True)
    piece_id: UUID = Field(foreign_key="pieces.id", index=True)
    number: int
    body: dict[str, Any] = Field(sa_type=Json)
    sha256: str = Field(max_length=64)
    author_id: UUID
    author_name: str = Field(max_length=100)
    created_at: datetime = Field(sa_type=UtcDateTime)


class PieceAct(SQLModel, table=True):
    """Who did what with which revision: submit, return, approve, publish, correct, retract, comment, looked. Append-only."""

    __tablename__ = "piece_acts"

    id: UUID = Field(primary_key=True)
    piece_id: UUID = Field(foreign_key="pieces.id", index=True)
    act: str = Field(max_length=16)
    revision: int
    sha256: str = Field(max_length=64)
    by_id: UUID
    by_name: str = Field(max_length=100)
    at: datetime = Field(sa_type=UtcDateTime)
    note: str = Field(default="", max_length=2000)


class Approval(SQLModel, table=True):
    """A second person's approval of exactly one revision (签发). Append-only; an edit makes it void by moving on."""

    __tablename__ = "approvals"
    __table_args__ = (UniqueConstraint("piece_id", "revision"),)

    id: UUID = Field(primary_key=True)
    piece_id: UUID = Field(foreign_key="pieces.id", index=True)
    revision: int
    sha256: str = Field(max_length=64)
    approver_id: UUID
    approver_name: str = Field(max_length=100)
    at: datetime = Field(sa_type=UtcDateTime)
    note: str = Field(default="", max_length=2000)
