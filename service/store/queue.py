"""The editors' queue: views, filters, pages by keyset, and how many there are.

Ordered by priority, then by what was seen last. A cursor is where the last page ended; new cases shift nothing.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, func, or_, tuple_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.case_states import CaseState
from content.cases import Case, CaseKind
from content.priority import FLOOR
from service.errors import Invalid
from service.store.tables import User

ViewName = Literal["flagged", "all", "mine", "answered", "dismissed"]
STATES: Final[dict[str, tuple[CaseState, ...]]] = {
    "flagged": (CaseState.QUEUED, CaseState.ACCEPTED),
    "all": (CaseState.QUEUED, CaseState.ACCEPTED),
    "mine": (CaseState.ACCEPTED,),
    "answered": (CaseState.ANSWERED,),
    "dismissed": (CaseState.DISMISSED,),
}
COUNTED: Final = 1000  # a desk shows 999+ beyond
FLAGGED: Final = (CaseKind.EMERGENCY, CaseKind.RUMOR, CaseKind.QUESTION, CaseKind.DEBUNK)


@dataclass(frozen=True)
class QueueView:
    """What an editor wants to see. `user` is whose cases `mine` shows; `text` is searched for in titles."""

    name: ViewName = "flagged"
    kind: str | None = None
    region: str | None = None
    hazard: str | None = None
    text: str = ""
    user: UUID | None = None


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
    found: list[Case] = []
    for state in _states(view):
        query = (
            select(Case)
            .where(col(Case.state) == state, *_conditions(view))
            .order_by(col(Case.priority).desc(), col(Case.last_seen).desc(), col(Case.id).desc())
            .limit(limit + 1)
        )
        if cursor:
            place = tuple_(col(Case.priority), col(Case.last_seen), col(Case.id))
            query = query.where(place < _decode(cursor))
        found += (await session.exec(query)).all()
    found.sort(key=lambda case: (case.priority, case.last_seen, case.id), reverse=True)
    names = await _names(session, {case.claimed_by for case in found[:limit] if case.claimed_by})
    rows = tuple(QueueRow(case, names.get(case.claimed_by)) for case in found[:limit])
    return QueuePage(rows, _encode(rows[-1].case) if len(found) > limit else None)


async def _names(session: AsyncSession, user_ids: set[UUID]) -> dict[UUID | None, str]:
    if not user_ids:
        return {}
    found = await session.exec(select(User).where(col(User.id).in_(user_ids)))
    return {user.id: user.display_name or user.name for user in found.all()}


async def counts(session: AsyncSession, user: UUID | None = None) -> dict[str, int]:
    """How many cases each open view holds, counted no further than COUNTED."""
    found: dict[str, int] = {}
    names: tuple[ViewName, ...] = ("flagged", "all", "mine")
    for name in names:
        view = QueueView(name, user=user)
        some = (
            select(col(Case.id)).where(col(Case.state).in_(_states(view)), *_conditions(view)).limit(COUNTED)
        )
        found[name] = (await session.exec(select(func.count()).select_from(some.subquery()))).one()
    return found


def _states(view: QueueView) -> tuple[CaseState, ...]:
    if view.name not in STATES:
        raise Invalid("there is no such view", field="view")
    return STATES[view.name]


def _conditions(view: QueueView) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if view.name == "flagged":
        found.append(col(Case.priority) >= FLOOR)
        found.append(or_(col(Case.kind).in_(FLAGGED), col(Case.known_publication).is_not(None)))
    if view.name == "mine":
        found.append(col(Case.claimed_by) == view.user)
    if view.kind:
        found.append(col(Case.kind) == view.kind)
    if view.hazard:
        found.append(col(Case.hazard) == view.hazard)
    if view.region:
        found.append(cast(col(Case.regions), String).contains(f'"{view.region}"', autoescape=True))
    if text := view.text.strip():
        found.append(col(Case.title).icontains(text, autoescape=True))
    return found


def _encode(case: Case) -> str:
    place = [case.priority, case.last_seen.isoformat(), case.id.hex]
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def _decode(cursor: str) -> tuple[Any, ...]:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        priority, last_seen, case_id = json.loads(raw)
        moment = datetime.fromisoformat(last_seen)
        if moment.tzinfo is None:
            raise ValueError("a place in time needs a zone")
        return int(priority), moment, UUID(case_id)
    except (ValueError, TypeError, binascii.Error, AttributeError):
        raise Invalid("this is not a place in the queue", field="cursor") from None
