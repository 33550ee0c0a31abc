"""An alarm (时限提醒): a clock that was about to run out, told to the desk once.

raised   the clock has little time left, or none        one row a subject and clock, for ever
told     {channel: how that went} for the desk's own channels
seen     somebody has said that they know
ended    the clock stopped, met or missed, or its subject is closed
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from content.columns import Json, UtcDateTime


class Alarm(SQLModel, table=True):
    """`subject` is incident, case or piece. `due_at` is when the time was over as it stood when the alarm was raised."""

    __tablename__ = "alarms"
    __table_args__ = (UniqueConstraint("subject_id", "clock"),)

    id: UUID = Field(primary_key=True)
    subject: str = Field(max_length=16)
    subject_id: UUID
    clock: str = Field(max_length=32)
    title: str = Field(max_length=500)
    exercise: bool = Field(default=False)
    due_at: datetime = Field(sa_type=UtcDateTime)
    raised_at: datetime = Field(sa_type=UtcDateTime)
    told: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    tries: int = Field(default=0)
    seen_by: UUID | None = Field(default=None)
    seen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
