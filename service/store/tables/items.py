"""Items: stories as first seen. A changed story is a new version; nothing here is ever updated."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from content.columns import Json, UtcDateTime


class Item(SQLModel, table=True):
    """UPDATE is refused by trigger; DELETE is left to retention (180 days for what no case uses)."""

    __tablename__ = "items"
    __table_args__ = (
        UniqueConstraint("source_id", "guid", "revision"),
        Index("ix_items_url", "canonical_url"),
        Index("ix_items_seen", "seen_at"),
    )

    id: UUID = Field(primary_key=True)
    source_id: UUID = Field(foreign_key="sources.id", index=True)
    guid: str = Field(max_length=2000)
    revision: int = Field(default=1)
    url: str | None = Field(default=None, max_length=2000)
    canonical_url: str | None = Field(default=None, max_length=2000)
    title: str
    summary_html: str = Field(default="")
    text: str = Field(default="")
    authors: list[str] = Field(default_factory=list, sa_type=Json)
    published: datetime | None = Field(default=None, sa_type=UtcDateTime)
    updated: datetime | None = Field(default=None, sa_type=UtcDateTime)
    language: str | None = Field(default=None, max_length=35)
    enclosures: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    content_hash: str = Field(max_length=64)
    cap: str | None = Field(default=None)  # raw CAP 1.2 document, when the item is an official alert
    seen_at: datetime = Field(sa_type=UtcDateTime)


class PendingItem(SQLModel, table=True):
    """Work that is owed: written with the item, deleted in the transaction that triages it."""

    __tablename__ = "pending_items"

    item_id: UUID = Field(primary_key=True, foreign_key="items.id", ondelete="CASCADE")
    seen_at: datetime = Field(sa_type=UtcDateTime, index=True)
    claimed_by: str | None = Field(default=None, max_length=100)
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AssessmentRow(SQLModel, table=True):
    """What the classifiers said of one item, as `Assessment.to_json()`, with the model that said it."""

    __tablename__ = "assessments"

    item_id: UUID = Field(primary_key=True, foreign_key="items.id", ondelete="CASCADE")
    model: str = Field(max_length=80)
    rumor: float
    debunk: float
    emergency: float
    result: dict[str, Any] = Field(sa_type=Json)
    at: datetime = Field(sa_type=UtcDateTime)
