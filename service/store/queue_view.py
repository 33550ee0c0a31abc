"""What an editor wants to see of the queue, as conditions. The rows are read in `queue`, counted in `queue_counts`.

A signal is what the reasons of a case say, not only its kind: an emergency that is told like a rumor answers to both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, cast, or_
from sqlmodel import col, select

from content.case_states import CaseState
from content.cases import Case, CaseKind, CaseLink, Evidence
from content.priority import FLOOR
from service.errors import Invalid

ViewName = Literal["flagged", "all", "mine", "answered", "dismissed"]
SignalName = Literal["rumor", "emergency", "debunk", "known", "question", "none"]
AgeName = Literal["1h", "6h", "1d", "3d", "7d", "older"]
SortName = Literal["priority", "newest", "oldest"]
STATES: Final[dict[str, tuple[CaseState, ...]]] = {
    "flagged": (CaseState.QUEUED, CaseState.ACCEPTED),
    "all": (CaseState.QUEUED, CaseState.ACCEPTED),
    "mine": (CaseState.ACCEPTED,),
    "answered": (CaseState.ANSWERED,),
    "dismissed": (CaseState.DISMISSED,),
}
FLAGGED: Final = (CaseKind.EMERGENCY, CaseKind.RUMOR, CaseKind.QUESTION, CaseKind.DEBUNK)
LOCAL: Final = "local"  # a region that is any place of the city
WEEK: Final = timedelta(days=7)
AGES: Final[dict[AgeName, timedelta]] = {
    "1h": timedelta(hours=1),
    "6h": timedelta(hours=6),
    "1d": timedelta(days=1),
    "3d": timedelta(days=3),
    "7d": WEEK,
}
SORTS: Final[tuple[SortName, ...]] = ("priority", "newest", "oldest")


@dataclass(frozen=True)
class QueueView:
    """What an editor wants to see. `user` is whose cases `mine` shows; `text` is searched for in titles.

    `age` is the time since something was last seen of a case, counted from `now`; `source` an id of a source among its
    evidence; `region` a division code or "local".
    """

    name: ViewName = "flagged"
    kind: str | None = None
    region: str | None = None
    hazard: str | None = None
    text: str = ""
    user: UUID | None = None
    signal: SignalName | None = None
    topic: str | None = None
    source: UUID | None = None
    age: AgeName | None = None
    sort: SortName = "priority"
    now: datetime | None = None


def states(view: QueueView) -> tuple[CaseState, ...]:
    """The states whose cases a view holds; Invalid when there is no such view."""
    if view.name not in STATES:
        raise Invalid("there is no such view", field="view")
    return STATES[view.name]


def conditions(view: QueueView) -> list[ColumnElement[bool]]:
    """What a case fulfils to be seen, beside its state."""
    found: list[ColumnElement[bool]] = []
    if view.name == "flagged":
        found.append(col(Case.priority) >= FLOOR)
        found.append(or_(col(Case.kind).in_(FLAGGED), col(Case.known_publication).is_not(None)))
    if view.name == "mine":
        found.append(col(Case.claimed_by) == view.user)
    if view.kind:
        found.append(col(Case.kind) == view.kind)
    if view.source:
        found.append(col(Case.id).in_(_of_source(view.source)))
    wanted: tuple[tuple[str | None, Callable[[str], ColumnElement[bool]]], ...] = (
        (view.signal, signal_is),
        (view.topic, topic_is),
        (view.region, region_is),
        (view.hazard, hazard_is),
        (view.age, lambda age: age_is(age, view.now)),
    )
    found += [condition(value) for value, condition in wanted if value]
    if text := view.text.strip():
        found.append(col(Case.title).icontains(text, autoescape=True))
    return found


def signal_is(name: str, of: Any = Case) -> ColumnElement[bool]:
    """Whether the case has this signal; "none" is everyday news that is like nothing known."""
    if name not in _SIGNALS:
        raise Invalid("there is no such signal", field="signal")
    return _SIGNALS[name](of)


def topic_is(code: str, of: Any = Case) -> ColumnElement[bool]:
    """Whether the case has this topic."""
    return _holds(of.topics, code)


def region_is(code: str, of: Any = Case) -> ColumnElement[bool]:
    """Whether the case names this place; "local" is any place of the city."""
    return cast(of.regions, String) != "[]" if code == LOCAL else _holds(of.regions, code)


def hazard_is(code: str, of: Any = Case) -> ColumnElement[bool]:
    """Whether it is about this hazard."""
    return col(of.hazard) == code


def age_is(age: str, now: datetime | None, of: Any = Case) -> ColumnElement[bool]:
    """Whether something was seen of it within this time before `now`, or ("older") nothing for a week."""
    if now is None:
        raise ValueError("an age is counted from a moment")
    if age == "older":
        return col(of.last_seen) < now - WEEK
    if age not in AGES:
        raise Invalid("there is no such age", field="age")
    return col(of.last_seen) >= now - AGES[age]


def _of_source(source: UUID) -> Any:
    linked = select(CaseLink.case_id).join(Evidence, col(Evidence.id) == col(CaseLink.evidence_id))
    return linked.where(Evidence.source_id == source)


def _holds(column: Any, code: str) -> ColumnElement[bool]:
    return cast(column, String).contains(f'"{code}"', autoescape=True)


def _said(kind: CaseKind, *reasons: str) -> Callable[[Any], ColumnElement[bool]]:
    return lambda of: or_(col(of.kind) == kind, *(_holds(of.reasons, code) for code in reasons))


_SIGNALS: Final[dict[str, Callable[[Any], ColumnElement[bool]]]] = {
    "rumor": _said(CaseKind.RUMOR, "rumor_style"),
    "emergency": _said(CaseKind.EMERGENCY, "emergency", "emergency_level"),
    "debunk": _said(CaseKind.DEBUNK, "debunk"),
    "known": lambda of: col(of.known_publication).is_not(None),
    "question": lambda of: or_(
        col(of.kind) == CaseKind.QUESTION, col(of.demand) > 0, _holds(of.reasons, "question")
    ),
    "none": lambda of: and_(col(of.kind) == CaseKind.NEWS, col(of.known_publication).is_(None)),
}
SIGNALS: Final = tuple(_SIGNALS)
