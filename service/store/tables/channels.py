"""A channel (渠道): one way out to the public."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from content.columns import Json, UtcDateTime


class Channel(SQLModel, table=True):
    __tablename__ = "channels"

    id: UUID = Field(primary_key=True)
    name: str = Field(max_length=100, unique=True)
    kind: str = Field(max_length=32)  # site | webhook | email | wecom | …
    url: str = Field(default="", max_length=2000)
    secret: bytes | None = Field(default=None)  # encrypted; shown once when made
    settings: dict[str, Any] = Field(default_factory=dict, sa_type=Json)  # routing, quiet hours, limits
    enabled: bool = Field(default=True)
    demo: bool = Field(default=False)
    health: str = Field(default="new", max_length=16)
    reason: str = Field(default="", max_length=500)
    failures: int = Field(default=0)  # in a row
    last_success: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    version: int = Field(default=1)
