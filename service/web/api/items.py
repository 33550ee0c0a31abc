"""Items: stories as first seen, with what the classifiers said of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from service.store import items
from service.store.tables import AssessmentRow
from service.web.api.cursors import pack, unpack
from service.web.api.endpoint import Call, Endpoint
from service.web.api.shapes import Listed, Page, Paged, Shown


class ItemQuery(Paged):
    """Items of one source, or of all."""

    source: UUID | None = None


class ItemOut(Shown):
    """A story in a list."""

    id: UUID
    source_id: UUID
    revision: int
    url: str | None
    title: str
    published: datetime | None
    seen_at: datetime


class WholeItem(ItemOut):
    """A story. `assessment` is null until it has been assessed."""

    guid: str
    text: str
    summary_html: str
    authors: list[str]
    language: str | None
    updated: datetime | None
    assessment: dict[str, Any] | None


async def listing(call: Call) -> Listed:
    """Newest first."""
    wanted = call.asked(ItemQuery)
    before = unpack(wanted.cursor, datetime, UUID) if wanted.cursor else None
    place = (before[0], before[1]) if before else None
    rows = await items.page(call.session, wanted.source, place, wanted.limit + 1)
    shown = rows[: wanted.limit]
    return Listed(shown, pack(shown[-1].seen_at, shown[-1].id) if len(rows) > wanted.limit else None)


async def show(call: Call) -> dict[str, Any]:
    """One story."""
    item = await items.load(call.session, call.id)
    assessed = await call.session.get(AssessmentRow, item.id)
    return item.model_dump() | {"assessment": assessed.result if assessed else None}


ENDPOINTS = (
    Endpoint("GET", "/items", "items", "Stories, newest first", "desk.read", listing, answer=Page[ItemOut], query=ItemQuery),
    Endpoint("GET", "/items/{id}", "item", "One story", "desk.read", show, answer=WholeItem, errors=(404,)),
)  # fmt: skip
