"""Where the directory has holes: hazards × counties without an expert, without a second one, with nobody on duty now.

Counts people who could be asked at that moment (in the directory, in term, agreed, not on leave); load and conflicts belong to
single cases and do not count here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from expert_db.availability import away, in_term, local, on_duty
from expert_db.consent import granted
from expert_db.directory import is_city
from expert_db.roster import Profile


@dataclass(frozen=True)
class Cell:
    """One hazard in one county."""

    hazard: str
    region: str
    experts: int
    on_duty: int

    @property
    def gap(self) -> str:
        """none_at_all, no_backup, nobody_on_duty, or '' when all is well."""
        if self.experts == 0:
            return "none_at_all"
        if self.experts == 1:
            return "no_backup"
        return "" if self.on_duty else "nobody_on_duty"


def coverage(
    profiles: Iterable[Profile], hazards: Sequence[str], regions: Sequence[str], now: datetime, zone: tzinfo
) -> list[Cell]:
    """A cell for each hazard and county, in the order given. Only hazards that an expert names count, not kin ones."""
    at = local(now, zone)
    there = [one for one in profiles if can_be_asked(one, at)]
    duty = {one.id for one in there if on_duty(one.shifts, at)}
    cells = []
    for hazard in hazards:
        knowing = [one for one in there if hazard in one.hazards]
        for region in regions:
            fit = [one for one in knowing if answers_for(one, region)]
            cells.append(Cell(hazard, region, len(fit), sum(one.id in duty for one in fit)))
    return cells


def can_be_asked(profile: Profile, at: datetime) -> bool:
    """Whether somebody is there at a local moment, apart from load and conflicts."""
    day = at.date()
    return (
        profile.active
        and granted(profile.consent, "assignments", day)
        and in_term(profile.term_start, profile.term_end, day)
        and not away(profile.leaves, day)
    )


def answers_for(profile: Profile, region: str) -> bool:
    """Whether somebody answers for a county: for the whole city, or for it or a township of it."""
    return not profile.regions or any(is_city(own) or own[:6] == region for own in profile.regions)
