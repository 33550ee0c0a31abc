"""A delivery (投递): one publication version to one channel, and the attempts made."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from content.columns import Json, UtcDateTime
from content.delivery_states import DeliveryState


class Delivery(SQLModel, table=True):
    """A row of the outbox, written in the transaction that publishes. Its id is the `webhook-id` on every retry."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("publication_id", "channel_id"),
        Index("ix_deliveries_due", "state", "next_attempt_at"),
        Index("ix_deliveries_channel", "channel_id", "sequence"),
    )

    id: UUID = Field(primary_key=True)
    publication_id: UUID = Field(foreign_key="publications.id", index=True)
    public_id: str = Field(max_length=32, index=True)
    sequence: int
    type: str = Field(max_length=16)  # publish | correct | retract
    channel_id: UUID = Field(foreign_key="channels.id")
    channel_name: str = Field(max_length=100)
    state: str = Field(default=DeliveryState.PENDING, max_length=16)
    priority: int = Field(default=0)  # an incident's pieces go before everyday ones
    attempts: int = Field(default=0)
    next_attempt_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    claimed_by: str | None = Field(default=None, max_length=100)  # worker; cleared when it is done
    claimed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    remote_id: str | None = Field(default=None, max_length=200)
    # How far a channel that works in steps has come: see `content.handover`.
    stage: dict[str, Any] = Field(
        default_factory=dict, sa_type=Json, sa_column_kwargs={"server_default": "{}"}
    )
    error: str | None = Field(default=None, max_length=500)
    resolved_by: UUID | None = Field(default=None)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class Attempt(SQLModel, table=True):
    """What one try led to. Append-only; `outcome` is sent, underway, temporary, permanent or unknown."""

    __tablename__ = "attempts"
    __table_args__ = (UniqueConstraint("delivery_id", "number"),)

    id: UUID = Field(primary_key=True)
    delivery_id: UUID = Field(foreign_key="deliveries.id", index=True)
    number: int
    worker: str = Field(max_length=100)
    started_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime = Field(sa_type=UtcDateTime)
    outcome: str = Field(max_length=16)
    code: str = Field(default="", max_length=50)
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
