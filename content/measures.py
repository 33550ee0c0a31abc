"""How fast and how far: from the first sighting of a claim to each step and channel, corrections, and coverage.

    Track per published page → durations (median, 90th percentile) → counts by county, audience and hazard

Counts pages, never readers: no personal data comes in. A step that did not happen, or whose moment is not known, is not
counted rather than guessed.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median
from typing import Final

SEEN, CLAIMED, ASKED, ANSWERED, APPROVED = "seen", "claimed", "asked", "answered", "approved"
PUBLISHED, SENT = "published", "sent"
ORDER: Final = (SEEN, CLAIMED, ASKED, ANSWERED, APPROVED, PUBLISHED, SENT)
"""The steps as they follow one another."""
COUNTY: Final = 6
"""Digits of a region's code that name its county."""


@dataclass(frozen=True)
class Track:
    """One page of the site and how it came about. Times are aware; `sent` is channel name → when version 1 was confirmed."""

    public_id: str
    published_at: datetime
    first_seen: datetime | None = None
    claimed_at: datetime | None = None
    asked_at: datetime | None = None  # the first expert or department
    answered_at: datetime | None = None  # the first answer of one
    approved_at: datetime | None = None
    sent: Mapping[str, datetime] = field(default_factory=dict)
    corrections: int = 0
    retracted: bool = False
    regions: Sequence[str] = ()
    audiences: Sequence[str] = ()
    hazard: str | None = None
    title: str = ""
    asked: int = 0  # tips of the public about it
    reads: Mapping[str, int] = field(default_factory=dict)  # kind of channel ("" = none) → times opened, ever


@dataclass(frozen=True)
class Duration:
    """How long a step took, in seconds, over `count` pages. `since` and `until` are steps; `channel` where one is meant."""

    since: str
    until: str
    channel: str
    count: int
    median: float
    p90: float


@dataclass(frozen=True)
class Demand:
    """What the public asked in a period, how much of it is answered by now, and how many seconds an answer took."""

    asked: int
    answered: int
    median: float | None = None
    p90: float | None = None


@dataclass(frozen=True)
class Step:
    """A day or a week of a period: pages first published, and pages opened (all pages of the site, feeds left out)."""

    first: date
    last: date
    pages: int
    reads: int


@dataclass(frozen=True)
class Measures:
    """What a period comes to. The counts are of pages; a page for two counties counts in both."""

    pages: int
    corrected: int
    corrections: int
    retracted: int
    durations: tuple[Duration, ...]
    counties: Mapping[str, int]
    audiences: Mapping[str, int]
    hazards: Mapping[str, int]


def demand(asked: Sequence[tuple[datetime, datetime | None]]) -> Demand:
    """From when each was asked and answered."""
    took = [(answered - at).total_seconds() for at, answered in asked if answered is not None]
    if not took:
        return Demand(len(asked), 0)
    return Demand(len(asked), len(took), median(took), percentile(took, 0.9))


def most_read(tracks: Sequence[Track], most: int) -> tuple[Track, ...]:
    """The pages opened most often; what nobody opened is left out."""
    read = [track for track in tracks if track.reads]
    return tuple(sorted(read, key=lambda track: (-sum(track.reads.values()), track.public_id))[:most])


def measure(tracks: Sequence[Track]) -> Measures:
    """The figures of a set of pages."""
    return Measures(
        pages=len(tracks),
        corrected=sum(track.corrections > 0 for track in tracks),
        corrections=sum(track.corrections for track in tracks),
        retracted=sum(track.retracted for track in tracks),
        durations=_durations(tracks),
        counties=_count({code[:COUNTY] for code in t.regions if len(code) >= COUNTY} for t in tracks),
        audiences=_count(set(track.audiences) for track in tracks),
        hazards=_count({track.hazard} - {None} for track in tracks),
    )


def _durations(tracks: Iterable[Track]) -> tuple[Duration, ...]:
    took: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for track in tracks:
        for key, start, end in _steps(track):
            if start is not None and end is not None and end >= start:
                took[key].append((end - start).total_seconds())
    order = sorted(took, key=lambda key: (ORDER.index(key[1]), ORDER.index(key[0]), key[2]))
    return tuple(
        Duration(*key, len(took[key]), median(took[key]), percentile(took[key], 0.9)) for key in order
    )


def _steps(track: Track) -> list[tuple[tuple[str, str, str], datetime | None, datetime | None]]:
    seen, claimed, out = track.first_seen, track.claimed_at, track.published_at
    steps = [
        ((SEEN, CLAIMED, ""), seen, claimed),
        ((SEEN, ASKED, ""), seen, track.asked_at),
        ((ASKED, ANSWERED, ""), track.asked_at, track.answered_at),
        ((SEEN, APPROVED, ""), seen, track.approved_at),
        ((SEEN, PUBLISHED, ""), seen, out),
        ((CLAIMED, PUBLISHED, ""), claimed, out),
    ]
    for name, at in track.sent.items():
        steps += [((SEEN, SENT, name), seen, at), ((PUBLISHED, SENT, name), out, at)]
    return steps


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile: a value that really occurred. ValueError without values."""
    if not values:
        raise ValueError("no values")
    return sorted(values)[max(math.ceil(share * len(values)), 1) - 1]


def _count(groups: Iterable[Iterable[str | None]]) -> dict[str, int]:
    found = Counter(code for group in groups for code in group if code)
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))
