"""What a case looks like from outside, made from all its sightings each time.

Does not remember: whatever order sightings came in, were merged, split and put back, the same set gives the same picture.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from typing import Any, Final

from classifiers.signals import Emergency
from content.cases import CaseKind
from content.priority import ALONE, LEVELS, Priority, Surroundings, demand, distinct_sources, weigh
from content.redaction import without_numbers
from content.sightings import Sighting, stronger

TOPICS: Final = 5
REGIONS: Final = 20
TITLE: Final = 500


def headline(title: str, reasons: Sequence[Mapping[str, Any]]) -> str:
    """What the desk calls a case: its story with the heaviest of its `reasons`, as they are kept; else its title.

    A case keeps the title of its first story, which may not be the one that was flagged. A title that an editor typed
    stays.
    """
    if any(reason["code"] == "by_hand" for reason in reasons):
        return title
    seen = next((str(reason["seen"]) for reason in reasons if reason.get("seen")), "")
    return title if title.startswith(seen) else seen


@dataclass(frozen=True)
class CaseSummary:
    """The columns of a case that follow from its sightings."""

    kind: str
    category: str | None
    hazard: str | None
    level: str | None
    regions: tuple[str, ...]
    topics: tuple[str, ...]
    sources: int
    demand: int
    first_seen: datetime
    last_seen: datetime
    priority: Priority


def summarise(sightings: Sequence[Sighting], around: Surroundings = ALONE) -> CaseSummary:
    """The picture of a case with these sightings (at least one)."""
    worst = _worst(sightings)
    return CaseSummary(
        kind=reduce(stronger, (s.leaning for s in sightings), str(CaseKind.NEWS)),
        category=worst.category if worst else None,
        hazard=worst.hazard if worst else None,
        level=worst.level if worst else None,
        regions=_regions(sightings),
        topics=_topics(sightings),
        sources=distinct_sources(sightings),
        demand=demand(sightings),
        first_seen=min(s.seen_at for s in sightings),
        last_seen=max(s.seen_at for s in sightings),
        priority=weigh(sightings, around),
    )


def title_of(sighting: Sighting) -> str:
    """The name of a case that begins with this sighting: its title, or how its text begins.

    A text without a title is somebody's question; who asks leaves telephones in it, and a name goes into every list.
    """
    title = sighting.title.strip()
    if title:
        return title[:TITLE]
    line = without_numbers(" ".join(sighting.text.split()))
    return line if len(line) <= 60 else f"{line[:59]}…"


def _worst(sightings: Sequence[Sighting]) -> Emergency | None:
    """What gives the case its hazard: a flagged emergency before others, then by level and score."""
    flagged = [e for s in sightings if (e := s.emergency) is not None]
    if flagged:
        return max(flagged, key=_severity)
    hinted = [s.assessment.emergency for s in sightings if s.assessment and s.assessment.emergency.hazard]
    # Below the threshold a hazard still tells which expert to ask; a level would say too much.
    return replace(max(hinted, key=_severity), level=None) if hinted else None


def _severity(found: Emergency) -> tuple[int, float, str]:
    return LEVELS.get(found.level or "", 0), found.score, found.hazard or ""


def _regions(sightings: Sequence[Sighting]) -> tuple[str, ...]:
    """Places named, most often named first."""
    count = Counter(code for s in sightings if s.assessment for code in s.assessment.regions)
    return tuple(sorted(count, key=lambda code: (-count[code], code))[:REGIONS])


def _topics(sightings: Sequence[Sighting]) -> tuple[str, ...]:
    best: dict[str, float] = {}
    for sighting in sightings:
        for found in sighting.assessment.topics if sighting.assessment else ():
            best[found.topic] = max(found.score, best.get(found.topic, 0.0))
    return tuple(sorted(best, key=lambda topic: (-best[topic], topic))[:TOPICS])
