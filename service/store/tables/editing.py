"""What the house keeps beside a text while it is written: copies of its sources, and what a machine has drafted."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from content.columns import Json, UtcDateTime


class SourceCopy(SQLModel, table=True):
    """One source of one piece, as it was when somebody here looked at it. See `content.copies`.

    `sha256` is of the bytes that came; `text` is the words in them, capped. Once `settled`, later looks write only
    `checked_at`, `fault` and `changed`.
    """

    __tablename__ = "source_copies"
    __table_args__ = (UniqueConstraint("piece_id", "key"),)

    id: UUID = Field(primary_key=True)
    piece_id: UUID = Field(foreign_key="pieces.id", index=True)
    public_id: str | None = Field(default=None, max_length=32, index=True)
    key: str = Field(max_length=64)  # sha256 of the address
    url: str = Field(max_length=2000)
    next_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime, index=True
    )  # None: not looked at again
    tries: int = Field(default=0)  # in a row without a copy
    checked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    fault: str = Field(default="", max_length=40)  # of the last look; empty: it was there
    changed: bool = Field(default=False)  # the last look found something else than what is kept
    settled: bool = Field(default=False)  # what is kept was there when the text went out, and stays
    taken_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sha256: str = Field(default="", max_length=64)
    landed: str = Field(default="", max_length=2048)  # where redirects led
    media: str = Field(default="", max_length=100)
    text: str = Field(default="")


class MachineDraft(SQLModel, table=True):
    """What a language model was asked for and what it said. Never part of a text: an editor takes paragraphs over.

    `paragraphs`: by field of the body. `taken`: `{"field", "number", "revision", "by", "at"}` for each that somebody used.
    """

    __tablename__ = "machine_drafts"

    id: UUID = Field(primary_key=True)
    piece_id: UUID = Field(foreign_key="pieces.id", index=True)
    revision: int  # the text it was asked beside
    state: str = Field(default="asked", max_length=16, index=True)  # asked | working | done | failed
    asked_by: UUID
    asked_name: str = Field(max_length=100)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    claimed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    model: str = Field(default="", max_length=100)
    fault: str = Field(default="", max_length=40)
    prompt_sha256: str = Field(default="", max_length=64)
    paragraphs: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    taken: list[Any] = Field(default_factory=list, sa_type=Json)
