"""Copies of a text's sources (来源留存): what was kept of each, what the last look found, and a look right now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from content.copies import GONE
from service.store import copies as store
from service.store import pieces
from service.store.tables import SourceCopy
from service.usecases import copies
from service.web.api.endpoint import Call, Endpoint
from service.web.api.shapes import Listed, Nothing, Page, Shown


class CopyOut(Shown):
    """One source of a piece.

    `taken_at`, `sha256` (of the bytes that came), `landed` (where redirects led) and `media` are of what is kept: null and
    empty until something was. `checked_at` and `fault` are of the last look, an empty fault means that it was there; `gone`:
    readers find nothing there; `changed`: they find something else. `settled`: what is kept was there when the text went
    out, and stays. `next_at`: the next look, null when there is none.
    """

    id: UUID
    url: str
    public_id: str | None
    taken_at: datetime | None
    sha256: str
    landed: str
    media: str
    settled: bool
    checked_at: datetime | None
    fault: str
    gone: bool
    changed: bool
    next_at: datetime | None


class CopyWhole(CopyOut):
    """What was kept, with the words in it (capped)."""

    piece_id: UUID
    text: str


def shown(copy: SourceCopy) -> dict[str, Any]:
    """A copy as it is told."""
    return {**copy.model_dump(), "gone": copy.fault in GONE}


async def listing(call: Call) -> Listed:
    """All sources that any revision of the piece has named, by address."""
    await pieces.load(call.session, call.id)
    return _listed(await store.of_piece(call.session, call.id))


async def look(call: Call) -> Listed:
    """Look at every source of the newest text; at most some seconds. What is slow is looked at later."""
    house = call.house
    return _listed(await copies.look_now(house.ctx, house.db, house.part("source_door"), call.id, call.by))


async def show(call: Call) -> dict[str, Any]:
    """One copy with its words."""
    return shown(await copies.kept(call.session, call.id))


def _listed(rows: Sequence[SourceCopy]) -> Listed:
    return Listed([shown(row) for row in rows])


ENDPOINTS = (
    Endpoint(
        "GET", "/pieces/{id}/copies", "piece.copies", "What was kept of a piece's sources", "desk.read", listing,
        answer=Page[CopyOut], errors=(404,),
    ),
    Endpoint(
        "POST", "/pieces/{id}/copies/look", "piece.copies.look", "Look at the sources of the newest text now", "piece.write", look,
        answer=Page[CopyOut], body=Nothing, errors=(404,), own=True,
    ),
    Endpoint(
        "GET", "/copies/{id}", "copy", "What was kept of one source, with its words", "desk.read", show,
        answer=CopyWhole, errors=(404,),
    ),
)  # fmt: skip
