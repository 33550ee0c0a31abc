"""Tips from the public, settings that the desk edits, idempotency keys, and leases (who leads, who works)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from content.columns import Json, UtcDateTime


class Tip(SQLModel, table=True):
    """Somebody asked "is this true?". The token of the status page is stored as its sha256 only."""

    __tablename__ = "tips"

    id: UUID = Field(primary_key=True)
    token_sha256: str = Field(max_length=64, unique=True)
    text: str = Field(max_length=8000)
    url: str = Field(default="", max_length=2000)
    region: str | None = Field(default=None, max_length=6)
    contact: bytes | None = Field(default=None)  # encrypted; deleted 30 days after the answer
    state: str = Field(default="received", max_length=16, index=True)  # received | in_work | answered
    case_id: UUID | None = Field(default=None, index=True)
    public_id: str | None = Field(default=None, max_length=32)  # the publication that answers it
    created_at: datetime = Field(sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # The letter that tells the asker: sending | sent | doubt | failed; None: nothing was sent yet.
    told: str | None = Field(default=None, max_length=16)
    tell_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # when it was tried or is tried again
    tell_tries: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class Setting(SQLModel, table=True):
    """A value that an administrator edits at run time, by key."""

    __tablename__ = "settings"

    key: str = Field(primary_key=True, max_length=100)
    value: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    version: int = Field(default=1)


class IdempotencyKey(SQLModel, table=True):
    """The answer to a POST that carried `Idempotency-Key`, kept a day so that a repeat changes nothing."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("user_id", "key"),)

    id: UUID = Field(primary_key=True)
    user_id: UUID | None = Field(default=None)
    key: str = Field(max_length=200)
    request_sha256: str = Field(max_length=64)
    status: int
    answer: dict[str, Any] | None = Field(default=None, sa_type=Json)
    created_at: datetime = Field(sa_type=UtcDateTime)


class Lease(SQLModel, table=True):
    """A named right to act until a moment, and liveness of processes (`worker:<name>`)."""

    __tablename__ = "leases"

    name: str = Field(primary_key=True, max_length=100)
    holder: str = Field(max_length=100)
    until: datetime = Field(sa_type=UtcDateTime)
