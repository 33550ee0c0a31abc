"""The directory prepared for matching: one column of numbers a criterion, one row an expert.

Built once for a set of profiles (cutting their words is the dear part) and used for every case until one of them is edited.
Experts are ordered by id, so the order they come in changes nothing. Does not know the time, loads or cases.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from classifiers.taxonomy import AUDIENCES, HAZARDS, TOPICS
from classifiers.text import normalise
from expert_db.disciplines import nearness
from expert_db.kinds import kinds_in
from expert_db.roster import Profile
from expert_db.similarity import TextIndex, readable, terms

Flags = NDArray[np.bool_]
Levels = NDArray[np.float64]

LISTED = 1.0
KIN = 0.25
"""How far a hazard counts that lies only in the same category as one of the expert's own."""


class Directory:
    """Profiles with their columns. `answers` are the texts of past answers by expert, read beside the profile."""

    def __init__(self, profiles: Iterable[Profile], answers: Mapping[UUID, str] | None = None) -> None:
        self.profiles: tuple[Profile, ...] = tuple(sorted(profiles, key=lambda one: one.id))
        past = answers or {}
        self.text = TextIndex([terms(f"{one.text}。{past.get(one.id, '')}") for one in self.profiles])
        self.things = TextIndex([kinds_in(normalise(one.text)) for one in self.profiles])
        self.position = {one.id: number for number, one in enumerate(self.profiles)}
        if len(self.position) != len(self.profiles):
            raise ValueError("one expert stands twice in the directory")
        self.kind = np.array([one.kind for one in self.profiles], dtype="U16")
        self.tier = np.array([one.tier for one in self.profiles], dtype="U16")
        self.limit = np.array([one.load_limit for one in self.profiles], dtype=np.int64)
        self.active = np.array([one.active for one in self.profiles], dtype=np.bool_)

    def __len__(self) -> int:
        return len(self.profiles)

    @cached_property
    def hazards(self) -> Mapping[str, Levels]:
        """By hazard: LISTED, the nearness of a discipline, KIN, or 0."""
        return {code: self._levels("hazard", code) for code in HAZARDS}

    @cached_property
    def topics(self) -> Mapping[str, Levels]:
        """By topic: LISTED, the nearness of a discipline, or 0."""
        return {code: self._levels("topic", code) for code in TOPICS}

    def _levels(self, subject: str, code: str) -> Levels:
        return np.array([_level(one, subject, code) for one in self.profiles], dtype=np.float64)

    @cached_property
    def audiences(self) -> Mapping[str, Flags]:
        """By audience: who speaks to it."""
        return {
            code: np.array([code in one.audiences for one in self.profiles], np.bool_) for code in AUDIENCES
        }

    @cached_property
    def whole_city(self) -> Flags:
        """Who answers for the whole city: no region, or the city's own code."""
        return np.array(
            [not one.regions or any(is_city(code) for code in one.regions) for one in self.profiles], np.bool_
        )

    @cached_property
    def counties(self) -> Mapping[str, Flags]:
        """By county code: who answers for it or for a township of it."""
        codes = sorted({code[:6] for one in self.profiles for code in one.regions if not is_city(code)})
        return {
            code: np.array([any(own[:6] == code for own in one.regions) for one in self.profiles], np.bool_)
            for code in codes
        }

    @cached_property
    def conflicts(self) -> Mapping[str, NDArray[np.int64]]:
        """By conflict term (a code, or words in one spelling): the positions of those who must not judge it."""
        found: dict[str, list[int]] = {}
        for number, one in enumerate(self.profiles):
            for term in one.conflicts:
                found.setdefault(normalise(term).lower(), []).append(number)
        return {term: np.array(numbers, np.int64) for term, numbers in sorted(found.items()) if term}

    @cached_property
    def units(self) -> Mapping[str, NDArray[np.int64]]:
        """By unit name: the positions of its people."""
        found: dict[str, list[int]] = {}
        for number, one in enumerate(self.profiles):
            if one.unit:
                found.setdefault(one.unit, []).append(number)
        return {unit: np.array(numbers, np.int64) for unit, numbers in found.items()}

    def said(
        self, number: int, question: str, words: Sequence[str], things: Sequence[str]
    ) -> tuple[str, ...]:
        """The kinds of things and the words that a question and the expert at a position both name."""
        shared = readable(self.text.shared(words, number), question, self.profiles[number].text)
        return tuple(dict.fromkeys((*self.things.shared(things, number), *shared)))

    def prepare(self) -> Directory:
        """Make all columns now, so that the first case does not wait for them."""
        _ = (
            self.hazards,
            self.topics,
            self.audiences,
            self.whole_city,
            self.counties,
            self.conflicts,
            self.units,
        )
        return self

    def none(self) -> Flags:
        """Nobody."""
        return np.zeros(len(self), np.bool_)


def is_city(code: str) -> bool:
    """Whether a division code means the whole prefecture: 360900, not 360902."""
    return len(code) == 6 and code.endswith("00")


def _level(one: Profile, subject: str, code: str) -> float:
    own = one.hazards if subject == "hazard" else one.topics
    if code in own:
        return LISTED
    near = 0.6 * nearness(one.disciplines, subject, code)
    if near == 0.0 and subject == "hazard":
        category = HAZARDS[code].category
        return KIN if any(HAZARDS[h].category == category for h in own if h in HAZARDS) else 0.0
    return near
