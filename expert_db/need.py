"""What a case needs from an expert: the question side of matching. A value; decides nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from classifiers.taxonomy import HAZARDS
from content.cases import Case
from expert_db.assignments import AssignmentKind

WORDS_LIMIT: Final = 1_000
"""Characters whose words matching compares: title and lead say what a case is about, and cutting words costs time.
Conflicts are looked for in the whole text."""

# Advice on these is given by two people who do not see each other's answer.
TWO_TOPICS: Final = frozenset({"health", "food", "disaster"})
TWO_CATEGORIES: Final = frozenset({"natural_disaster", "public_health"})


@dataclass(frozen=True)
class Need:
    """One question. `when` is an aware moment; `regions` are division codes, empty for the whole city."""

    text: str
    when: datetime
    kind: str = AssignmentKind.OPINION
    case_kind: str = "rumor"
    hazard: str | None = None
    topics: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    urgent: bool = False  # the emergency gear: who is on duty now counts more
    taken_units: frozenset[str] = (
        frozenset()
    )  # units that already give an opinion on it: a second one must be independent


def need_of(
    case: Case, texts: tuple[str, ...], when: datetime, kind: str = AssignmentKind.OPINION, **more: Any
) -> Need:
    """The need of a case with its evidence's texts, the first ones first. `more` are further fields of Need."""
    need = Need(
        text="\n".join((case.title, *texts)),
        when=when,
        kind=kind,
        case_kind=case.kind,
        hazard=case.hazard,
        topics=tuple(case.topics),
        regions=tuple(case.regions),
        urgent=case.incident_id is not None,
    )
    return replace(need, **more)


def wants_two(category: str | None, hazard: str | None, topics: tuple[str, ...]) -> bool:
    """Whether an opinion on this must come from two independent experts: health, food and disaster advice."""
    known = HAZARDS.get(hazard or "")
    return bool(
        TWO_TOPICS & set(topics)
        or category in TWO_CATEGORIES
        or (known is not None and known.category in TWO_CATEGORIES)
    )
