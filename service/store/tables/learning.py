"""What editors' decisions say about texts, for learning: labels. The texts stay in `evidence` and never leave the city."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from content.columns import UtcDateTime


class DeskLabel(SQLModel, table=True):
    """One editor's answer to one question about one piece of evidence. Append-only: a later row replaces an earlier one.

    `answer` is None where an answer was taken back (undo, reopen, retraction). For the task `same` the answer says that
    `other_id` tells of the same matter. `editor` is a keyed hash of the user's id: whose answers these are can be
    counted, not read.
    """

    __tablename__ = "desk_labels"

    id: UUID = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    evidence_id: UUID = Field(foreign_key="evidence.id", index=True)
    case_id: UUID = Field(foreign_key="cases.id", index=True)
    task: str = Field(max_length=16)  # rumor | debunk | emergency | same
    answer: int | None = Field(default=None)
    hazard: str | None = Field(default=None, max_length=32)  # of an emergency; it implies the category
    other_id: UUID | None = Field(default=None, foreign_key="evidence.id")
    basis: str = Field(max_length=16)  # stated | dismissed | verdict | merged
    editor: str = Field(max_length=16)
    source: str = Field(max_length=40)  # the source's id, or `tip`, `hand`
    sha256: str = Field(max_length=64)  # of the evidence: copies of a text count once
