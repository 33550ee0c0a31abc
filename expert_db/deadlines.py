"""How long an expert has, by gear (平战结合) and kind of question. Data: an administrator may change it.

Everyday times are in hours because people are asked beside their work; incident times come from what the law asks of the
authorities: first authoritative information within five hours (国务院办公厅, 2016).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from expert_db.assignments import Assignment, AssignmentKind
from expert_db.errors import BadTerms

EVERYDAY: Final = "everyday"
INCIDENT: Final = "incident"


@dataclass(frozen=True)
class Terms:
    """Spans of one kind of question in one gear."""

    respond: timedelta  # an offer that nobody takes up lapses after this
    answer: timedelta  # the answer is wanted within this, from the offer
    grace: timedelta  # an accepted question lapses this long after its due time
    remind: timedelta  # a reminder goes out this long before either end


def _hours(respond: float, answer: float, grace: float, remind: float) -> Terms:
    return Terms(*(timedelta(hours=one) for one in (respond, answer, grace, remind)))


Table = Mapping[str, Mapping[str, Terms]]

TABLE: Final[Table] = {
    EVERYDAY: {
        AssignmentKind.OPINION: _hours(24, 72, 24, 4),
        AssignmentKind.FACT: _hours(8, 24, 12, 2),
        AssignmentKind.FIELD: _hours(24, 120, 48, 8),
    },
    INCIDENT: {
        AssignmentKind.OPINION: _hours(0.5, 2, 1, 0.25),
        AssignmentKind.FACT: _hours(0.25, 1, 0.5, 0.1),
        AssignmentKind.FIELD: _hours(1, 6, 2, 0.5),
    },
}


def terms_for(gear: str, kind: str, table: Table = TABLE) -> Terms:
    """The spans that hold. Raises KeyError for an unknown gear or kind."""
    return table[gear][kind]


def from_setting(raw: Mapping[str, Any]) -> Table:
    """The table with an administrator's changes: `{"incident": {"opinion": {"respond": 30, …}}}` in minutes.

    Raises BadTerms on an unknown name, a span that is not between a minute and sixty days, or an answer due before its offer lapses.
    """
    table = {gear: dict(kinds) for gear, kinds in TABLE.items()}
    for gear, kinds in raw.items():
        for kind, spans in _mapping(kinds).items():
            if gear not in table or kind not in table[gear]:
                raise BadTerms(gear=gear, kind=kind)
            table[gear][kind] = _changed(table[gear][kind], _mapping(spans))
    return table


def _mapping(raw: object) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise BadTerms(value=str(raw)[:40])
    return raw


def _changed(terms: Terms, spans: Mapping[str, Any]) -> Terms:
    values = dict(terms.__dict__)
    for name, minutes in spans.items():
        if name not in values or isinstance(minutes, bool) or not isinstance(minutes, int | float):
            raise BadTerms(span=name)
        if not 1 <= minutes <= 60 * 24 * 60:
            raise BadTerms(span=name, minutes=minutes)
        values[name] = timedelta(minutes=minutes)
    changed = Terms(**values)
    if changed.answer < changed.respond:
        raise BadTerms(span="answer")
    return changed


def lapsed(assignment: Assignment, now: datetime) -> bool:
    """Whether an open assignment has run out. `respond_by` holds the next end: of the offer, or of the grace once accepted."""
    return now >= assignment.respond_by


def wants_reminder(assignment: Assignment, now: datetime, table: Table = TABLE) -> bool:
    """Whether the one reminder of an open assignment is due: shortly before its next end, once a stage."""
    end = assignment.respond_by if assignment.accepted_at is None else assignment.due_at
    span = terms_for(assignment.gear, assignment.kind, table).remind
    since = assignment.accepted_at or assignment.offered_at
    reminded = assignment.reminded_at is not None and assignment.reminded_at > since
    return not reminded and end - span <= now < end
