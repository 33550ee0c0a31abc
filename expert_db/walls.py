"""Why somebody cannot be asked, whatever the score: the hard walls, each with a code.

    inactive   out of the directory           consent   has not agreed to be asked
    term       appointment not in force       away      on leave
    load       at the limit of open questions conflict  must not judge this (unit, brand, hazard or topic)
    asked      already has this question      unit      a colleague already gives an opinion that must be independent

Does not rank. A wall falls when its cause does; nobody is walled for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Final
from uuid import UUID

import numpy as np

from classifiers.taxonomy import HAZARDS, TOPICS
from classifiers.text import normalise
from expert_db.availability import away, in_term, local, on_duty
from expert_db.consent import granted
from expert_db.directory import Directory, Flags
from expert_db.need import Need
from expert_db.roster import Profile, Record

WALLS: Final = ("inactive", "consent", "term", "away", "load", "conflict", "asked", "unit")


class Moment:
    """A directory at one moment of the city's calendar: who is there, and who is on duty."""

    def __init__(self, directory: Directory, need_when: Need, zone: tzinfo) -> None:
        at = local(need_when.when, zone)
        today = at.date()
        people = directory.profiles
        self.inactive = ~directory.active
        self.consent = np.array([not granted(one.consent, "assignments", today) for one in people], np.bool_)
        self.term = np.array([not in_term(one.term_start, one.term_end, today) for one in people], np.bool_)
        self.away = np.array([away(one.leaves, today) for one in people], np.bool_)
        # Many people share a roster; asking each distinct one once is enough.
        distinct = {one.shifts: on_duty(one.shifts, at) for one in people}
        self.on_duty = np.array([distinct[one.shifts] for one in people], np.bool_)


def walls(
    need: Need, directory: Directory, moment: Moment, records: Mapping[UUID, Record]
) -> dict[str, Flags]:
    """By wall: who stands behind it, in the directory's order."""
    return {
        "inactive": moment.inactive,
        "consent": moment.consent,
        "term": moment.term,
        "away": moment.away,
        "load": _loads(directory, records) >= directory.limit,
        "conflict": _conflicted(need, directory),
        "asked": _asked(directory, records),
        "unit": _taken(need, directory),
    }


def why_not(need: Need, profile: Profile, record: Record, zone: tzinfo) -> tuple[str, ...]:
    """The walls that this one person stands behind, in the order of WALLS; empty when they can be asked."""
    directory = Directory([profile])
    found = walls(need, directory, Moment(directory, need, zone), {profile.id: record})
    return tuple(code for code in WALLS if bool(found[code][0]))


def _loads(
    directory: Directory, records: Mapping[UUID, Record]
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    loads = np.zeros(len(directory), np.int64)
    for expert, record in records.items():
        if expert in directory.position:
            loads[directory.position[expert]] = record.open
    return loads


def _asked(directory: Directory, records: Mapping[UUID, Record]) -> Flags:
    flags = directory.none()
    for expert, record in records.items():
        if record.here in ("open", "answered") and expert in directory.position:
            flags[directory.position[expert]] = True
    return flags


def _conflicted(need: Need, directory: Directory) -> Flags:
    """A conflict term binds when it is the case's hazard or topic (code or Chinese name), or stands in its text."""
    flags = directory.none()
    subjects = {code.lower() for code in (need.hazard, *need.topics) if code}
    subjects |= {HAZARDS[c].zh for c in subjects & set(HAZARDS)} | {
        TOPICS[c].zh for c in subjects & set(TOPICS)
    }
    text = normalise(need.text).lower()
    for term, numbers in directory.conflicts.items():
        if term in subjects or term in text:
            flags[numbers] = True
    return flags


def _taken(need: Need, directory: Directory) -> Flags:
    flags = directory.none()
    for unit in need.taken_units & set(directory.units):
        flags[directory.units[unit]] = True
    return flags
