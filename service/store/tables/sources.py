"""A source (信源): a feed that an editor registered, with its polling state."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from content.columns import Json, UtcDateTime


class Source(SQLModel, table=True):
    """`state` is the FetchState of `service.feeds` as JSON; the columns beside it are what queries need."""

    __tablename__ = "sources"
    __table_args__ = (Index("ix_sources_due", "enabled", "next_poll"),)

    id: UUID = Field(primary_key=True)
    url: str = Field(max_length=2000, unique=True)
    canonical_url: str | None = Field(default=None, max_length=2000, unique=True)  # for comparing only
    host: str = Field(default="", max_length=260, index=True)  # host:port; one poll a host at a time
    title: str = Field(default="", max_length=200)
    category: str = Field(default="", max_length=100)
    authority: bool = Field(default=False)  # an official source: its emergencies have a floor
    region: str | None = Field(default=None, max_length=6)
    enabled: bool = Field(default=True)
    demo: bool = Field(default=False)
    state: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    health: str = Field(default="new", max_length=16)  # new | ok | degraded | failing | gone
    reason: str = Field(default="", max_length=500)
    failures: int = Field(default=0)
    pace: int | None = Field(default=None)  # seconds between polls at most, while an incident wants it so
    next_poll: datetime = Field(sa_type=UtcDateTime)
    claimed_by: str | None = Field(default=None, max_length=100)  # a poll under way, by which worker
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_poll: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_success: datetime | None = Field(default=None, sa_type=UtcDateTime)
    items_seen: int = Field(default=0)
    added_by: UUID | None = Field(default=None)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    version: int = Field(default=1)
