"""How many cases stand in each view of the queue, and behind each of its filters.

    view        | counts → {"flagged": 20, "all": 434, …}
    view, codes | tally  → Tally(found, sources, whole)      beside each choice, how many it would leave

A filter's own choice is left out when its alternatives are counted, the others hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import case as when
from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.cases import Case, CaseLink, Evidence
from service.store.queue_view import (
    QueueView,
    ViewName,
    age_is,
    conditions,
    hazard_is,
    region_is,
    signal_is,
    states,
    topic_is,
)
from service.store.tables import Source

COUNTED: Final = 1000  # a desk shows 999+ beyond
TALLIED: Final = 5000  # cases of a view among which choices are counted
SOURCES: Final = 40  # sources offered, those with the most cases
Found = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Tally:
    """Cases behind each choice: by filter and code, and the sources with their names. Not `whole`: at least so many."""

    found: Found
    sources: tuple[tuple[UUID, str, int], ...]
    whole: bool


async def counts(session: AsyncSession, user: UUID | None = None) -> dict[str, int]:
    """How many cases each open view holds, counted no further than COUNTED."""
    found: dict[str, int] = {}
    names: tuple[ViewName, ...] = ("flagged", "all", "mine")
    for name in names:
        found[name] = await _size(session, QueueView(name, user=user), COUNTED)
    return found


async def tally(
    session: AsyncSession, view: QueueView, choices: Mapping[str, Sequence[str]], now: datetime
) -> Tally:
    """Count behind each of the `choices` (by filter: signal, topic, region, hazard, age), and by source."""
    free = [name for name in choices if getattr(view, name) is None]
    found = await _among(session, view, {name: choices[name] for name in free}, now)
    for name in set(choices) - set(free):
        without: dict[str, Any] = {name: None}
        found |= await _among(session, replace(view, **without), {name: choices[name]}, now)
    whole = await _size(session, view, TALLIED) < TALLIED
    return Tally(found, await _sources(session, view), whole)


async def _size(session: AsyncSession, view: QueueView, most: int) -> int:
    some = select(col(Case.id)).where(col(Case.state).in_(states(view)), *conditions(view)).limit(most)
    return (await session.exec(select(func.count()).select_from(some.subquery()))).one()


async def _among(
    session: AsyncSession, view: QueueView, choices: Mapping[str, Sequence[str]], now: datetime
) -> Found:
    """One pass over the cases of the view, every choice a sum."""
    wanted = [(name, code) for name, codes in choices.items() for code in codes]
    if not wanted:
        return {}
    some = select(Case).where(col(Case.state).in_(states(view)), *conditions(view)).limit(TALLIED).subquery()
    of = aliased(Case, some)
    sums = [func.sum(when((_is(name, code, now, of), 1), else_=0)) for name, code in wanted]
    row = (await (await session.connection()).execute(select(*sums))).one()
    found: Found = {name: {} for name in choices}
    for (name, code), count in zip(wanted, row, strict=True):
        found[name][code] = int(count or 0)
    return found


def _is(name: str, code: str, now: datetime, of: Any) -> Any:
    if name == "age":
        return age_is(code, now, of)
    return {"signal": signal_is, "topic": topic_is, "region": region_is, "hazard": hazard_is}[name](code, of)


async def _sources(session: AsyncSession, view: QueueView) -> tuple[tuple[UUID, str, int], ...]:
    """The sources of the cases that the other filters leave, those with the most first; the chosen one in any case."""
    open_ = replace(view, source=None)
    some = select(col(Case.id)).where(col(Case.state).in_(states(open_)), *conditions(open_)).limit(TALLIED)
    many = func.count(func.distinct(col(CaseLink.case_id)))
    query = (
        select(Evidence.source_id, many)
        .join(CaseLink, col(CaseLink.evidence_id) == col(Evidence.id))
        .where(col(CaseLink.case_id).in_(some), col(Evidence.source_id).is_not(None))
        .group_by(col(Evidence.source_id))
    )
    found = sorted((await session.exec(query)).all(), key=lambda row: (-row[1], str(row[0])))
    shown = {row[0]: row[1] for row in found[:SOURCES] if row[0] is not None}
    if view.source:
        shown.setdefault(view.source, dict(found).get(view.source, 0))
    named = select(Source).where(col(Source.id).in_(shown))
    names = {source.id: source.title or source.host for source in (await session.exec(named)).all()}
    return tuple((key, names[key], count) for key, count in shown.items() if key in names)
