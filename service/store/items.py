"""Items and the work owed on them: append, look up, take from the pile.

Items are never updated. A pending row is deleted in the transaction that makes the item evidence, and the row count of
that deletion says whether somebody else did it in the meantime.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, tuple_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.errors import Conflict, NotFound
from service.store.bulk import insert_rows, rows_hit
from service.store.tables import AssessmentRow, Item, PendingItem

CHUNK = 500  # names in one IN list


async def load(session: AsyncSession, item_id: UUID) -> Item:
    """One item, or NotFound."""
    found = await session.get(Item, item_id)
    if found is None:
        raise NotFound(item=str(item_id))
    return found


async def newest(session: AsyncSession, source_id: UUID, guids: Sequence[str]) -> dict[str, tuple[int, str]]:
    """Guid → (revision, content hash) of the newest stored version, for the guids that are stored."""
    found: dict[str, tuple[int, str]] = {}
    for start in range(0, len(guids), CHUNK):
        query = (
            select(Item.guid, Item.revision, Item.content_hash)
            .where(Item.source_id == source_id, col(Item.guid).in_(guids[start : start + CHUNK]))
            .order_by(col(Item.revision))
        )
        found |= {guid: (revision, hash_) for guid, revision, hash_ in (await session.exec(query)).all()}
    return found


async def append(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store items and owe their triage."""
    await insert_rows(session, Item, rows)
    owed = [
        {"item_id": r["id"], "seen_at": r["seen_at"], "claimed_by": None, "claimed_until": None} for r in rows
    ]
    await insert_rows(session, PendingItem, owed)


@dataclass(frozen=True)
class Waiting:
    """What triage reads of an item, without the rest of the row."""

    id: UUID
    source_id: UUID
    guid: str
    revision: int
    url: str | None
    canonical_url: str | None
    title: str
    text: str
    published: datetime | None
    cap: str | None
    seen_at: datetime


WAITING: Final = tuple(col(getattr(Item, one.name)) for one in fields(Waiting))


async def pending(session: AsyncSession, limit: int) -> list[Waiting]:
    """Items that wait for triage, first seen first; earlier revisions before later ones."""
    query: Any = (
        select(*WAITING)
        .join(PendingItem, col(PendingItem.item_id) == col(Item.id))
        .order_by(col(PendingItem.seen_at), col(Item.revision), col(Item.id))
        .limit(limit)
    )
    return [Waiting(*row) for row in (await session.exec(query)).all()]


async def backlog(session: AsyncSession) -> int:
    """How many items wait for triage."""
    return (await session.exec(select(func.count()).select_from(PendingItem))).one()


async def settle(session: AsyncSession, item_ids: Sequence[UUID]) -> None:
    """Strike these items off the pile; Conflict when one is not on it any more."""
    if not item_ids:
        return
    statement = delete(PendingItem).where(col(PendingItem.item_id).in_(item_ids))
    if await rows_hit(session, statement) != len(item_ids):
        raise Conflict("somebody else has triaged these items")


async def earlier_revisions(
    session: AsyncSession, stories: Sequence[tuple[UUID, str]]
) -> list[tuple[UUID, UUID, str]]:
    """(item id, source, guid) of every stored version of these stories, oldest first."""
    if not stories:
        return []
    query = (
        select(Item.id, Item.source_id, Item.guid)
        .where(
            col(Item.source_id).in_({source for source, _ in stories}),
            col(Item.guid).in_({guid for _, guid in stories}),
        )
        .order_by(col(Item.revision))
    )
    return [(i, s, g) for i, s, g in (await session.exec(query)).all() if (s, g) in set(stories)]


async def record_assessments(
    session: AsyncSession, results: Sequence[tuple[UUID, dict[str, Any]]], at: datetime
) -> None:
    """Keep what the classifiers said, with the model that said it."""
    rows = [
        {
            "item_id": item_id,
            "model": result["model"],
            "rumor": result["rumor"]["score"],
            "debunk": result["debunk"]["score"],
            "emergency": result["emergency"]["score"],
            "result": result,
            "at": at,
        }
        for item_id, result in results
    ]
    await insert_rows(session, AssessmentRow, rows)


async def page(
    session: AsyncSession,
    source_id: UUID | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[Item]:
    """Items newest first, of one source or of all; `before` is when the last one shown was seen, and its id."""
    query = select(Item).order_by(col(Item.seen_at).desc(), col(Item.id).desc()).limit(limit)
    if source_id is not None:
        query = query.where(Item.source_id == source_id)
    if before is not None:
        query = query.where(tuple_(col(Item.seen_at), col(Item.id)) < before)
    return list((await session.exec(query)).all())
