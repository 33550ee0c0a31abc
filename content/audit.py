"""The audit log: who changed what, from what to what, and why. Hash-chained and append-only.

Does not store: the shell reads the head, calls `seal`, and inserts the row in the transaction of the act itself.
Personal data never enters: subjects are named by id, and the shell passes only fields that are no contact data.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from content.body import canonical_json
from content.columns import Json, UtcDateTime

GENESIS = "0" * 64


class AuditEntry(SQLModel, table=True):
    __tablename__ = "audit_entries"

    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    actor_id: UUID | None = Field(default=None, index=True)  # None: the service itself
    actor_name: str = Field(max_length=100)
    act: str = Field(max_length=64, index=True)  # e.g. case.dismiss, piece.approve, user.disable
    subject: str = Field(max_length=32)  # kind of thing
    subject_id: str = Field(max_length=64, index=True)
    before: dict[str, Any] | None = Field(default=None, sa_type=Json)
    after: dict[str, Any] | None = Field(default=None, sa_type=Json)
    reason: str = Field(default="", max_length=2000)
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64, unique=True)


def digest(entry: AuditEntry) -> str:
    """SHA-256 over every field of the entry but its own hash."""
    return hashlib.sha256(
        canonical_json(
            {
                "seq": entry.seq,
                "at": entry.at.isoformat(timespec="microseconds"),
                "actor": [str(entry.actor_id) if entry.actor_id else None, entry.actor_name],
                "act": entry.act,
                "subject": [entry.subject, entry.subject_id],
                "before": entry.before,
                "after": entry.after,
                "reason": entry.reason,
                "previous": entry.previous,
            }
        )
    ).hexdigest()


def seal(entry: AuditEntry, head: AuditEntry | None) -> AuditEntry:
    """Number the entry after `head` and chain it."""
    entry.seq = head.seq + 1 if head else 1
    entry.previous = head.hash if head else GENESIS
    entry.hash = digest(entry)
    return entry


def first_break(entries: Iterable[AuditEntry]) -> int | None:
    """The number of the first entry that does not follow from the one before it, or None when the chain holds."""
    expected, previous = 1, GENESIS
    for entry in entries:
        if entry.seq != expected or entry.previous != previous or entry.hash != digest(entry):
            return expected
        expected, previous = expected + 1, entry.hash
    return None
