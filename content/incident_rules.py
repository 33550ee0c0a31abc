"""Who may call an incident, what belongs to it, and which relayed warning proposes or ends one. Pure.

Does not say how bad an event is: the level is the authority's. A proposal changes nothing until two people agree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from classifiers.taxonomy import HAZARDS, LEVELS
from content.cases import CaseKind
from content.errors import ContentError
from content.incident_states import INCIDENT, IncidentEvent, IncidentState
from content.incidents import Incident
from content.permissions import Actor
from content.sightings import Sighting, SightingKind

PROPOSING: Final = ("red", "orange")
REASON: Final = 1000
# Hazards of which one brings the other: a case about one belongs to an incident of the other.
KIN: Final = (
    frozenset({"flood", "rainstorm", "geological", "typhoon", "thunderstorm_hail"}),
    frozenset({"infectious_disease", "drug_vaccine"}),
    frozenset({"food_safety", "poisoning"}),
    frozenset({"hazmat_explosion", "fire", "environmental_pollution"}),
    frozenset({"cold_wave", "utility_outage"}),
    frozenset({"heat", "drought", "forest_fire"}),
)
RAISED: Final = frozenset({CaseKind.RUMOR, CaseKind.EMERGENCY, CaseKind.QUESTION, CaseKind.DEBUNK})


class SecondPerson(ContentError):
    """Nobody puts the desk into emergency gear alone: a second person activates (需要另一人启动)."""

    type = "second_person"
    status = 403


class BadIncident(ContentError):
    """The incident does not make sense."""

    type = "bad_incident"
    status = 422


class Held(ContentError):
    """An incident is active: everyday texts wait, unless you say why this one must go out now (应急期间暂缓)."""

    type = "held"


@dataclass(frozen=True)
class Proposal:
    """What a warning says of an incident."""

    name: str
    hazard: str
    level: str | None
    regions: tuple[str, ...]


def checked(name: str, hazard: str, level: str | None, regions: Collection[str]) -> Proposal:
    """These values as a proposal, or BadIncident that names the field."""
    if not 0 < len(name.strip()) <= 110:
        raise BadIncident(field="name")
    if hazard not in HAZARDS:
        raise BadIncident(field="hazard")
    if level is not None and level not in LEVELS:
        raise BadIncident(field="level")
    if HAZARDS[hazard].category == "social_security" and level is not None:
        raise BadIncident("events of social security have no level in the law", field="level")
    if not regions or not all(code.isascii() and code.isdigit() for code in regions):
        raise BadIncident(field="regions")
    return Proposal(name.strip(), hazard, level, tuple(dict.fromkeys(regions)))


def because(reason: str) -> str:
    """A reason that somebody gave, or BadIncident."""
    if not 0 < len(reason.strip()) <= REASON:
        raise BadIncident("say why in at most 1,000 characters", field="reason")
    return reason.strip()


def endorse(incident: Incident, by: Actor) -> None:
    """A person stands behind what a warning proposed."""
    if incident.state != IncidentState.STANDBY or incident.proposed_by is not None or by.id is None:
        raise BadIncident("this proposal has its first person", field="state")


def activate(incident: Incident, by: Actor) -> IncidentState:
    """The state after a second person says yes. From standby or, on a relapse, from recovering."""
    again = incident.state == IncidentState.RECOVERING
    after = INCIDENT.next(incident.state, IncidentEvent.REACTIVATE if again else IncidentEvent.ACTIVATE)
    if by.id is None or incident.proposed_by is None or by.id == incident.proposed_by:
        raise SecondPerson()
    return after


def proposal_of(sighting: Sighting, city: str, severity: str = "") -> Proposal | None:
    """The incident that an official red or orange warning for the city proposes, or None.

    `city` is its six-digit code; `severity` the CAP word, asked only when the text names no colour.
    """
    emergency, assessment = sighting.emergency, sighting.assessment
    if not sighting.authority or emergency is None or assessment is None or emergency.hazard not in HAZARDS:
        return None
    if emergency.warning is None and sighting.kind != SightingKind.ALERT:
        return None
    level = emergency.level or {"Extreme": "red", "Severe": "orange"}.get(severity)
    regions = tuple(code for code in assessment.regions if overlap((code,), (city,)))
    if level not in PROPOSING or not regions or HAZARDS[emergency.hazard].category == "social_security":
        return None
    return Proposal(sighting.title.strip()[:110] or emergency.hazard, emergency.hazard, level, regions)


def cancels(sighting: Sighting) -> bool:
    """Whether an official source takes a warning back in words (解除)."""
    found = sighting.assessment.emergency.warning if sighting.assessment else None
    return sighting.authority and found is not None and found.action == "cancel"


def belongs(incident: Incident, kind: str, hazard: str | None, regions: Collection[str]) -> bool:
    """Whether a case belongs to a real incident: its hazard or a kin of it, and its place or no place named."""
    if incident.exercise or kind not in RAISED or hazard is None or hazard not in kin(incident.hazard):
        return False
    return not regions or overlap(regions, incident.regions)


def home(
    active: Sequence[Incident], present: UUID | None, kind: str, hazard: str | None, regions: Collection[str]
) -> UUID | None:
    """The active incident a case belongs to: the one it has, else the earliest that it fits, else None."""
    if any(one.id == present for one in active):
        return present
    fitting = [one for one in active if belongs(one, kind, hazard, regions)]
    return min(fitting, key=lambda one: (one.rank, one.id)).id if fitting else None


def kin(hazard: str) -> frozenset[str]:
    """The hazard and those that come with it."""
    return frozenset({hazard}).union(*(group for group in KIN if hazard in group))


def overlap(some: Iterable[str], others: Iterable[str]) -> bool:
    """Whether a place of one list lies in a place of the other (GB/T 2260: a code without its zeros is a prefix)."""
    ours, theirs = [_stem(code) for code in some], [_stem(code) for code in others]
    return any(a.startswith(b) or b.startswith(a) for a in ours for b in theirs)


def holds(active: Sequence[Incident], *, incident: bool, exercise: bool, corrects: bool, kind: str) -> bool:
    """Whether a text waits: an everyday first publication while a real incident is active.

    Corrections, statements that something is being looked into and exercises never wait.
    """
    everyday = not (incident or exercise or corrects or kind == "holding")
    return everyday and any(not one.exercise for one in active)


def _stem(code: str) -> str:
    stem = code[:6]
    while stem.endswith("00"):
        stem = stem[:-2]
    return stem + code[6:]
