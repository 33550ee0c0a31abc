"""The editors' queue: pages of a view by keyset. What a view holds is `queue_view`, how many `queue_counts`.

Ordered by priority and then by what was seen last, or by that alone. A cursor is where the last page ended; new cases
shift nothing.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import tuple_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.cases import Case
from service.errors import Invalid
from service.store.queue_view import QueueView, SortName, conditions, states
from service.store.tables import User

ORDERS: Final[dict[SortName, tuple[str, ...]]] = {
    "priority": ("priority", "last_seen", "id"),
    "newest": ("last_seen", "id"),
    "oldest": ("last_seen", "id"),
}


@dataclass(frozen=True)
class QueueRow:
    """A case and the name of whoever is on it."""

    case: Case
    claimed_by_name: str | None


@dataclass(frozen=True)
class QueuePage:
    """Some rows, and where the next page begins (None: nowhere)."""

    rows: tuple[QueueRow, ...]
    next: str | None


async def page(
    session: AsyncSession, view: QueueView, cursor: str | None = None, limit: int = 50
) -> QueuePage:
    """One page of a view. Invalid for a view or a cursor that nobody was given.

    One query a state, so that each walks its index in order however many cases there are.
    """
    order, down = ORDERS[view.sort], view.sort != "oldest"
    columns: list[Any] = [getattr(Case, name) for name in order]
    place = _decode(cursor) if cursor else None
    found: list[Case] = []
    for state in states(view):
        query = (
            select(Case)
            .where(col(Case.state) == state, *conditions(view))
            .order_by(*(column.desc() if down else column.asc() for column in columns))
            .limit(limit + 1)
        )
        if place is not None:
            here, there = tuple_(*columns), tuple(place[name] for name in order)
            query = query.where(here < there if down else here > there)
        found += (await session.exec(query)).all()
    found.sort(key=lambda case: tuple(getattr(case, name) for name in order), reverse=down)
    names = await _names(session, {case.claimed_by for case in found[:limit] if case.claimed_by})
    rows = tuple(QueueRow(case, names.get(case.claimed_by)) for case in found[:limit])
    return QueuePage(rows, _encode(rows[-1].case) if len(found) > limit else None)


async def _names(session: AsyncSession, user_ids: set[UUID]) -> dict[UUID | None, str]:
    if not user_ids:
        return {}
    found = await session.exec(select(User).where(col(User.id).in_(user_ids)))
    return {user.id: user.display_name or user.name for user in found.all()}


def _encode(case: Case) -> str:
    place = [case.priority, case.last_seen.isoformat(), case.id.hex]
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def _decode(cursor: str) -> dict[str, Any]:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        priority, last_seen, case_id = json.loads(raw)
        moment = datetime.fromisoformat(last_seen)
        if moment.tzinfo is None:
            raise ValueError("a place in time needs a zone")
        return {"priority": int(priority), "last_seen": moment, "id": UUID(case_id)}
    except (ValueError, TypeError, binascii.Error, AttributeError):
        raise Invalid("this is not a place in the queue", field="cursor") from None
