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
from datetime import datetime
from statistics import median
from typing import Final

CLAIMED, PUBLISHED, SENT = "claimed", "published", "sent"
COUNTY: Final = 6
"""Digits of a region's code that name its county."""


@dataclass(frozen=True)
class Track:
    """One page of the site and how it came about. Times are aware; `sent` is channel name → when version 1 was confirmed."""

    public_id: str
    published_at: datetime
    first_seen: datetime | None = None
    claimed_at: datetime | None = None
    sent: Mapping[str, datetime] = field(default_factory=dict)
    corrections: int = 0
    retracted: bool = False
    regions: Sequence[str] = ()
    audiences: Sequence[str] = ()
    hazard: str | None = None


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
    order = sorted(took, key=lambda key: ((CLAIMED, PUBLISHED, SENT).index(key[1]), key[0] != "seen", key[2]))
    return tuple(
        Duration(*key, len(took[key]), median(took[key]), percentile(took[key], 0.9)) for key in order
    )


def _steps(track: Track) -> list[tuple[tuple[str, str, str], datetime | None, datetime | None]]:
    seen, claimed, out = track.first_seen, track.claimed_at, track.published_at
    steps = [
        (("seen", CLAIMED, ""), seen, claimed),
        (("seen", PUBLISHED, ""), seen, out),
        ((CLAIMED, PUBLISHED, ""), claimed, out),
    ]
    return steps + [((PUBLISHED, SENT, name), out, at) for name, at in track.sent.items()]


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile: a value that really occurred. ValueError without values."""
    if not values:
        raise ValueError("no values")
    return sorted(values)[max(math.ceil(share * len(values)), 1) - 1]


def _count(groups: Iterable[Iterable[str | None]]) -> dict[str, int]:
    found = Counter(code for group in groups for code in group if code)
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))
