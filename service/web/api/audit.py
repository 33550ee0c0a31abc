"""The audit log: who did what, and whether the log still tells the truth."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from service.usecases import audit
from service.web.api.cursors import pack, unpack
from service.web.api.endpoint import Call, Endpoint
from service.web.api.shapes import Listed, Page, Paged, Shown


class Which(Paged):
    """`act` also matches a beginning, such as `case.`."""

    act: str = Field(default="", max_length=64)
    subject: str = Field(default="", max_length=64)
    actor: str = Field(default="", max_length=100)


class Entry(Shown):
    """One act. `hash` covers all of it and `previous`."""

    seq: int
    at: datetime
    actor_id: UUID | None
    actor_name: str
    act: str
    subject: str
    subject_id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    reason: str
    previous: str
    hash: str


class Verdict(Shown):
    """`head`: empty when good; else missing, forged, truncated or rewritten."""

    good: bool
    entries: int
    broken_at: int | None
    head: str


async def listing(call: Call) -> Listed:
    """Newest first."""
    wanted = call.asked(Which)
    before = unpack(wanted.cursor, int)[0] if wanted.cursor else None
    rows = await audit.page(
        call.session, call.by, before, wanted.limit + 1, wanted.act, wanted.subject, wanted.actor
    )
    part = rows[: wanted.limit]
    return Listed(part, pack(part[-1].seq) if len(rows) > wanted.limit else None)


async def verify(call: Call) -> object:
    """Read the whole log and compare."""
    return await audit.verify(call.ctx, call.session)


ENDPOINTS = (
    Endpoint("GET", "/audit", "audit", "The audit log, newest first", "audit.read", listing, answer=Page[Entry], query=Which),
    Endpoint("GET", "/audit/verify", "audit.verify", "Whether the log holds", "audit.read", verify, answer=Verdict),
)  # fmt: skip
