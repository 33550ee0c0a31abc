"""How urgently a case wants an editor: a sum of reasons, each with its points.

    list[Sighting], Surroundings
    | weigh → Priority(score, reasons)        the reasons add up to the score

Only orders the queue; hides nothing and decides nothing. Same sightings in any order, same priority. A further red flag
(a signal, a level, a source, a tip, a place, an incident) never lowers it; only a refutation found lowers it, and by
less than the rumor itself counts.

Codes are translated by the desk. `words` are the words of the text that a classifier named (rumor_style, emergency),
codes (emergency_level, hazard, local_region), or figures (sources, growth, demand, known_claim).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from classifiers.signals import Emergency, Signal
from content.sightings import Sighting, SightingKind

FLOOR: Final = 10  # the flagged queue begins here
EMERGENCY: Final = 35
LEVELS: Final = {"red": 70, "orange": 55, "yellow": 45, "blue": 38}
SWIFT: Final = 10  # hazards that kill within hours
GRAVE: Final = 7
OTHER_HAZARD: Final = 4
HAZARDS: Final = {
    **dict.fromkeys(
        ("flood", "geological", "earthquake", "hazmat_explosion", "fire", "mine", "poisoning"), SWIFT
    ),
    **dict.fromkeys(
        (
            "rainstorm",
            "typhoon",
            "forest_fire",
            "construction",
            "infectious_disease",
            "food_safety",
            "drug_vaccine",
        ),
        GRAVE,
    ),
}
GROWTH_WINDOW: Final = timedelta(hours=6)
WORDS: Final = 6  # words shown with one reason
SEEN: Final = 80  # characters of the title in which a reason was seen


@dataclass(frozen=True)
class Reason:
    """One reason and what it adds. `seen` is the title of the sighting whose words they are.

    It is "" where that has none, and where the first sighting, whose title the case has, gives the same reason.
    """

    code: str
    points: int
    words: tuple[str, ...] = ()
    seen: str = ""

    def to_json(self) -> dict[str, object]:
        """The form kept in `Case.reasons`; `seen` only where there is one."""
        kept: dict[str, object] = {"code": self.code, "points": self.points, "words": list(self.words)}
        return {**kept, "seen": self.seen} if self.seen else kept


@dataclass(frozen=True)
class Priority:
    """`score` is the sum of the points of `reasons`, which come heaviest first."""

    score: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Surroundings:
    """What counts beside the sightings: a suggested earlier publication, a closed case before it, an incident."""

    known_score: float | None = None
    recurring: bool = False
    incident: bool = False


ALONE: Final = Surroundings()


def weigh(sightings: Sequence[Sighting], around: Surroundings = ALONE) -> Priority:
    """The priority of a case with these sightings. Nothing seen: no points."""
    found = [reason for rule in RULES if (reason := rule(sightings)) is not None]
    found += _from_outside(around)
    found.sort(key=lambda reason: (-reason.points, reason.code))
    return Priority(sum(reason.points for reason in found), tuple(found))


def _rumor_style(sightings: Sequence[Sighting]) -> Reason | None:
    best = _most_rumor(sightings)
    if best is None:
        return None
    seen = "" if _first(sightings).spreads else _title(best[1])
    return Reason("rumor_style", _rumor_points(best[0]), _words(best[0]), seen)


def _debunked(sightings: Sequence[Sighting]) -> Reason | None:
    """Somebody has refuted it already: half of the rumor's own points go, never more."""
    if not any(s.debunks for s in sightings):
        return None
    best = _most_rumor(sightings)
    return Reason("debunked", -(_rumor_points(best[0]) // 2)) if best else None


def _debunk(sightings: Sequence[Sighting]) -> Reason | None:
    """A refutation is worth relaying."""
    found = [(s.assessment.debunk, s) for s in sightings if s.assessment is not None and s.debunks]
    if not found:
        return None
    signal, seen = max(found, key=_rank)
    return Reason("debunk", 5, _words(signal), "" if _first(sightings).debunks else _title(seen))


def _emergency(sightings: Sequence[Sighting]) -> Reason | None:
    alerts = [s for s in sightings if s.kind == SightingKind.ALERT]
    flagged = _emergencies(sightings)
    if not flagged:
        return Reason("emergency", EMERGENCY, ("CAP",)) if alerts else None
    own = _first(sightings).emergency
    levels = [(LEVELS[e.level], e.level, _title(s)) for e, s in flagged if e.level in LEVELS]
    if levels:
        points, level, title = max(levels)
        return Reason("emergency_level", points, (level,), "" if own and own.level == level else title)
    emergency, seen = max(flagged, key=_rank)
    return Reason("emergency", EMERGENCY, _words(emergency), "" if own else _title(seen))


def _hazard(sightings: Sequence[Sighting]) -> Reason | None:
    hazards = {e.hazard for e, _ in _emergencies(sightings) if e.hazard}
    if not hazards:
        return None
    worst = max(hazards, key=lambda hazard: (_hazard_points(hazard), hazard))
    return Reason("hazard", _hazard_points(worst), (worst,))


def _authority(sightings: Sequence[Sighting]) -> Reason | None:
    """An official source is never at the bottom; its emergencies and refutations stand higher still."""
    official = [s for s in sightings if s.authority]
    if not official:
        return None
    speaks_up = any(s.debunks or s.emergency or s.kind == SightingKind.ALERT for s in official)
    return Reason("authority", 15 if speaks_up else 8)


def _sources(sightings: Sequence[Sighting]) -> Reason | None:
    count = distinct_sources(sightings)
    return Reason("sources", min(4 * (count - 1), 20), (str(count),)) if count > 1 else None


def _growth(sightings: Sequence[Sighting]) -> Reason | None:
    most = _most_within(sorted(s.seen_at for s in sightings), GROWTH_WINDOW)
    return Reason("growth", min(5 * (most - 2), 20), (str(most),)) if most > 2 else None


def _demand(sightings: Sequence[Sighting]) -> Reason | None:
    tips = demand(sightings)
    return Reason("demand", min(10 + 5 * (tips - 1), 40), (str(tips),)) if tips else None


def _question(sightings: Sequence[Sighting]) -> Reason | None:
    asks = any(s.asks for s in sightings if s.kind not in (SightingKind.TIP, SightingKind.HAND))
    return Reason("question", 10) if asks else None


def _local_region(sightings: Sequence[Sighting]) -> Reason | None:
    codes = sorted({code for s in sightings if s.assessment for code in s.assessment.regions})
    return Reason("local_region", 10, tuple(codes[:WORDS])) if codes else None


def _by_hand(sightings: Sequence[Sighting]) -> Reason | None:
    return Reason("by_hand", 20) if any(s.kind == SightingKind.HAND for s in sightings) else None


def _no_model(sightings: Sequence[Sighting]) -> Reason | None:
    """Says that the order is poorer than usual; moves nothing."""
    judged = [s for s in sightings if s.kind != SightingKind.HAND]
    bare = any(s.assessment is None or s.assessment.model == "rules" for s in judged)
    return Reason("no_model", 0) if bare else None


RULES: Final[tuple[Callable[[Sequence[Sighting]], Reason | None], ...]] = (
    _rumor_style,
    _debunked,
    _debunk,
    _emergency,
    _hazard,
    _authority,
    _sources,
    _growth,
    _demand,
    _question,
    _local_region,
    _by_hand,
    _no_model,
)


def _from_outside(around: Surroundings) -> list[Reason]:
    found = []
    if around.known_score is not None:
        found.append(Reason("known_claim", 10, (f"{around.known_score:.2f}",)))
    if around.recurring:
        found.append(Reason("recurring", 5))
    if around.incident:
        found.append(Reason("incident", 40))
    return found


def distinct_sources(sightings: Iterable[Sighting]) -> int:
    """How many sources carry it; the public and the desk itself are none."""
    return len({s.source for s in sightings if s.kind in (SightingKind.ITEM, SightingKind.ALERT)})


def demand(sightings: Iterable[Sighting]) -> int:
    """How many people of the public asked."""
    return sum(s.kind == SightingKind.TIP for s in sightings)


def _most_rumor(sightings: Sequence[Sighting]) -> tuple[Signal, Sighting] | None:
    found = [(s.assessment.rumor, s) for s in sightings if s.assessment is not None and s.spreads]
    return max(found, key=_rank, default=None)


def _emergencies(sightings: Sequence[Sighting]) -> list[tuple[Emergency, Sighting]]:
    return [(e, s) for s in sightings if (e := s.emergency) is not None]


def _rumor_points(signal: Signal) -> int:
    return 10 + round(30 * min(max(signal.score, 0.0), 1.0))


def _hazard_points(hazard: str) -> int:
    return HAZARDS.get(hazard, OTHER_HAZARD)


def _rank(found: tuple[Signal | Emergency, Sighting]) -> tuple[float, tuple[str, ...], str]:
    signal, seen = found
    return signal.score, _words(signal), _title(seen)


def _first(sightings: Sequence[Sighting]) -> Sighting:
    return min(sightings, key=lambda seen: (seen.seen_at, seen.id))


def _title(seen: Sighting) -> str:
    """What the desk calls the sighting; "" for a text of the public, which has no title."""
    return seen.title[:SEEN]


def _words(signal: Signal | Emergency) -> tuple[str, ...]:
    return tuple(reason.term for reason in signal.because if reason.weight > 0)[:WORDS]


def _most_within(times: list[datetime], window: timedelta) -> int:
    """The largest number of these sorted moments that lie within `window`."""
    most = start = 0
    for end, moment in enumerate(times):
        while moment - times[start] > window:
            start += 1
        most = max(most, end - start + 1)
    return most
