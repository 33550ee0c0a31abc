"""Expert rows as frozen profiles: what matching may know of somebody. No contact data ever comes in here.

Does not load and does not rank.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from classifiers.taxonomy import HAZARDS, TOPICS
from expert_db import disciplines
from expert_db.availability import Leave, Shift, read_leaves, read_shifts
from expert_db.experts import Expert, ExpertKind


@dataclass(frozen=True)
class Profile:
    """One expert, department or team."""

    id: UUID
    name: str
    kind: str = ExpertKind.PERSON
    title: str = ""
    unit: str = ""
    disciplines: tuple[str, ...] = ()
    hazards: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()  # division codes; empty: the whole city
    tier: str = "city"
    audiences: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    profile: str = ""
    publications: str = ""
    shifts: tuple[Shift, ...] = ()
    leaves: tuple[Leave, ...] = ()
    load_limit: int = 3
    conflicts: tuple[str, ...] = ()
    term_start: date | None = None
    term_end: date | None = None
    consent: Mapping[str, Any] = field(default_factory=dict)
    active: bool = True

    @property
    def text(self) -> str:
        """What text matching reads: own words first, then the names of what is coded."""
        coded = [
            *(disciplines.names().get(code, "") for code in self.disciplines),
            *(HAZARDS[code].zh for code in self.hazards if code in HAZARDS),
            *(TOPICS[code].zh for code in self.topics if code in TOPICS),
        ]
        return "。".join(filter(None, (self.profile, self.publications, self.title, self.unit, *coded)))


@dataclass(frozen=True)
class Record:
    """How somebody stands now. `here` is what became of earlier questions about this very case."""

    open: int = 0  # offered or accepted, not ended
    answered: int = 0
    declined: int = 0
    expired: int = 0
    here: str = ""  # '' | open | answered | declined | expired
    answers: str = field(default="", repr=False)


NOBODY = Record()


def profile_of(row: Expert) -> Profile:
    """The profile of a row. A row that was damaged by hand (bad dates) raises ValueError."""
    return Profile(
        id=row.id,
        name=row.name,
        kind=row.kind,
        title=row.title,
        unit=row.unit,
        disciplines=tuple(row.disciplines),
        hazards=tuple(row.hazards),
        topics=tuple(row.topics),
        regions=tuple(row.regions),
        tier=row.tier,
        audiences=tuple(row.audiences),
        skills=tuple(row.skills),
        languages=tuple(row.languages),
        profile=row.profile,
        publications=row.publications,
        shifts=read_shifts(row.on_call),
        leaves=read_leaves(row.away),
        load_limit=row.load_limit,
        conflicts=tuple(row.conflicts),
        term_start=row.term_start,
        term_end=row.term_end,
        consent=dict(row.consent),
        active=row.active,
    )
