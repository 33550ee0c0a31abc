"""A publication: the complete snapshot that the public was told. Never edited, only superseded by the next version."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from content.columns import Json, UtcDateTime


class PublicationType(StrEnum):
    PUBLISH = "publish"
    CORRECT = "correct"
    RETRACT = "retract"


class Publication(SQLModel, table=True):
    """One version of what stands at /p/{public_id}. Append-only: the highest `version` is what holds now.

    `sequence` orders all publications of the house (given inside the publishing transaction); a channel never
    sees a higher one before a lower one. `snapshot` is `{"kind", "body": PieceBody, "published_at", "issued_at",
    "changes": [{"at", "reason", "summary"}], "approver", "authors"…}`: complete in itself, no joins.
    """

    __tablename__ = "publications"
    __table_args__ = (
        UniqueConstraint("public_id", "version"),
        UniqueConstraint("sequence"),
        Index("ix_publications_issued", "issued_at"),
    )

    id: UUID = Field(primary_key=True)
    public_id: str = Field(max_length=32, index=True)
    version: int
    sequence: int
    type: str = Field(max_length=16)
    piece_id: UUID = Field(index=True)
    case_id: UUID | None = Field(default=None, index=True)
    incident_id: UUID | None = Field(default=None)
    revision: int
    sha256: str = Field(max_length=64)  # of the revision that was approved
    approval_id: UUID | None = Field(default=None)  # null only for a retraction, which one person may do
    snapshot: dict[str, Any] = Field(sa_type=Json)
    reason: str = Field(default="", max_length=2000)  # of a correction or a retraction, shown to the public
    references: UUID | None = Field(default=None)  # the version before
    exercise: bool = Field(default=False)
    published_at: datetime = Field(sa_type=UtcDateTime)  # of version 1
    issued_at: datetime = Field(sa_type=UtcDateTime)  # of this version
    by_id: UUID


def verdict_of(publication: Publication) -> str | None:
    """The code of the verdict that the public was told, where the text has one."""
    found: str | None = publication.snapshot.get("body", {}).get("verdict")
    return found
