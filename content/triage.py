"""Decide for each new sighting which case it belongs to. Every sighting opens a case or joins one; none is dropped.

    list[Sighting], ties (what it resembles), Homes (where earlier sightings live now)
    | plan → Plan(placements, openings)

Does not load, store, compare texts or draw ids: ties are given, and a case takes the id of the sighting that opens it,
so triaging the same sighting twice cannot open two cases. Never merges two cases and never reopens a closed one: that is
an editor's decision. What is new about a closed case goes to a case that follows it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final
from uuid import UUID

from content.asking import Asked, is_bare, same_matter
from content.case_states import CaseState
from content.cases import CaseKind
from content.sightings import STRENGTH, Sighting, SightingKind, stronger


class TieKind(StrEnum):
    """Why two sightings belong together, the surest first."""

    REVISION = "revision"  # the same story of the same source, changed
    URL = "url"  # the same canonical address; where somebody asks, the same matter as well
    COPY = "copy"  # nearly the same text
    CLAIM = "claim"  # the same claim in other words
    EVENT = "event"  # the same event


SUREST: Final = {kind: place for place, kind in enumerate(TieKind)}
OPEN: Final = frozenset({CaseState.QUEUED, CaseState.ACCEPTED})
CLAIMS: Final = frozenset({CaseKind.RUMOR, CaseKind.QUESTION, CaseKind.DEBUNK})
CROWD: Final = (
    200  # a case with so many sightings takes no more by event alone: chains of events run together
)
NEWEST: Final = 20  # sightings of one address that a new one is compared with


@dataclass(frozen=True)
class Tie:
    """`other` is an earlier sighting, or for a claim the case that is about it."""

    other: UUID
    kind: TieKind
    score: float = 1.0


@dataclass(frozen=True)
class Home:
    """A case as triage sees it. `successor` is an open case that follows it, if there is one."""

    case: UUID
    kind: str
    state: str
    size: int = 1
    successor: UUID | None = None


@dataclass(frozen=True)
class AtAddress:
    """The case of an earlier sighting that had an address, and what it said or asked."""

    case: UUID
    said: Asked


@dataclass(frozen=True)
class Homes:
    """Where earlier sightings live now, by their id, canonical address (the earliest first) and story; and the
    successors named there.
    """

    sightings: Mapping[UUID, UUID] = field(default_factory=dict)
    urls: Mapping[str, tuple[AtAddress, ...]] = field(default_factory=dict)
    stories: Mapping[str, UUID] = field(default_factory=dict)
    cases: Mapping[UUID, Home] = field(default_factory=dict)


@dataclass(frozen=True)
class Placement:
    """A sighting and the case it belongs to. `because` is None when it opens the case."""

    sighting: UUID
    case: UUID
    because: TieKind | None = None
    score: float = 1.0


@dataclass(frozen=True)
class Opening:
    """A new case; `follows` is the closed case that it goes on from."""

    case: UUID
    follows: UUID | None = None


@dataclass(frozen=True)
class Plan:
    """One placement a sighting, in the order they were seen."""

    placements: tuple[Placement, ...]
    openings: tuple[Opening, ...]


def plan(sightings: Sequence[Sighting], ties: Mapping[UUID, Sequence[Tie]], homes: Homes) -> Plan:
    """Place all sightings; those of the same batch may join one another. The order given does not matter."""
    desk = _Desk(homes)
    for sighting in sorted(sightings, key=lambda s: (s.seen_at, s.revision, s.id)):
        desk.place(sighting, ties.get(sighting.id, ()))
    return Plan(tuple(desk.placements), tuple(desk.openings))


class _Desk:
    """The cases as they stand while a batch is being placed."""

    def __init__(self, homes: Homes) -> None:
        self.sightings = dict(homes.sightings)
        self.urls = dict(homes.urls)
        self.stories = dict(homes.stories)
        self.cases = dict(homes.cases)
        self.placements: list[Placement] = []
        self.openings: list[Opening] = []

    def place(self, sighting: Sighting, ties: Sequence[Tie]) -> None:
        """Join the case of the surest tie that allows it, else open one."""
        follows = None
        for tie, home in self._candidates(sighting, ties):
            if allows(sighting, home, tie.kind):
                return self._join(sighting, home, tie)
            if goes_on(sighting, home, tie.kind):
                if home.successor is not None:
                    return self._join(sighting, self.cases[home.successor], tie)
                follows = follows or home.case
        return self._open(sighting, follows)

    def _candidates(self, sighting: Sighting, ties: Sequence[Tie]) -> list[tuple[Tie, Home]]:
        if _asks_nothing_else(sighting):
            ties = ()  # all who write 这是真的吗 write the same, whatever page they saw
        found = [(tie, tie.other) for tie in ties if tie.kind == TieKind.CLAIM and tie.other in self.cases]
        found += [(tie, self.sightings[tie.other]) for tie in ties if self._is_sighting(tie)]
        if sighting.story is not None and sighting.story in self.stories:
            found.append((Tie(sighting.id, TieKind.REVISION), self.stories[sighting.story]))
        if (there := self._at_address(sighting)) is not None:
            found.append((Tie(sighting.id, TieKind.URL), there))
        found.sort(key=lambda pair: (SUREST[pair[0].kind], -pair[0].score, pair[1]))
        return [(tie, self.cases[case]) for tie, case in found]

    def _at_address(self, sighting: Sighting) -> UUID | None:
        """The case at this address that is about the same matter: a story's before a question's, the newest first."""
        if sighting.url is None or sighting.url not in self.urls:
            return None
        asked = _asked(sighting)
        lately = self.urls[sighting.url][-NEWEST:][::-1]
        stories_first = sorted(lately, key=lambda at: at.said.question)
        return next((at.case for at in stories_first if same_matter(asked, at.said)), None)

    def _is_sighting(self, tie: Tie) -> bool:
        return tie.kind != TieKind.CLAIM and tie.other in self.sightings

    def _join(self, sighting: Sighting, home: Home, tie: Tie) -> None:
        self._settle(sighting, replace(home, kind=stronger(home.kind, sighting.leaning), size=home.size + 1))
        self.placements.append(Placement(sighting.id, home.case, tie.kind, tie.score))

    def _open(self, sighting: Sighting, follows: UUID | None) -> None:
        case = sighting.id
        self._settle(sighting, Home(case, sighting.leaning, CaseState.QUEUED))
        if follows is not None:
            self.cases[follows] = replace(self.cases[follows], successor=case)
        self.placements.append(Placement(sighting.id, case))
        self.openings.append(Opening(case, follows))

    def _settle(self, sighting: Sighting, home: Home) -> None:
        self.cases[home.case] = home
        self.sightings[sighting.id] = home.case
        if sighting.url is not None:
            before = self.urls.get(sighting.url, ())
            self.urls[sighting.url] = (*before[-NEWEST:], AtAddress(home.case, _asked(sighting)))
        if sighting.story is not None:
            self.stories[sighting.story] = home.case


def _asked(sighting: Sighting) -> Asked:
    return Asked(f"{sighting.title} {sighting.text}", sighting.kind == SightingKind.TIP)


def _asks_nothing_else(sighting: Sighting) -> bool:
    return sighting.kind == SightingKind.TIP and sighting.url is not None and is_bare(sighting.text)


def allows(sighting: Sighting, home: Home, tie: TieKind) -> bool:
    """Whether this tie is enough to join this very case."""
    if not _fits(sighting, home, tie):
        return False
    return home.state in OPEN or not _says_more(sighting, home, tie)


def goes_on(sighting: Sighting, home: Home, tie: TieKind) -> bool:
    """Whether the sighting belongs to the matter of a case that can't take it: closed, or too large."""
    if tie == TieKind.EVENT and home.size >= CROWD:
        return _kin(sighting.leaning, home.kind)
    return home.state not in OPEN and _fits(sighting, home, tie)


def _fits(sighting: Sighting, home: Home, tie: TieKind) -> bool:
    if tie == TieKind.CLAIM:
        return sighting.leaning in CLAIMS and home.kind in CLAIMS
    if tie == TieKind.EVENT:
        return home.size < CROWD and _kin(sighting.leaning, home.kind)
    return True


def _kin(one: str, other: str) -> bool:
    """A rumor about a flood is a claim of its own, not part of the flood; plain news goes with either."""
    return CaseKind.NEWS in (one, other) or (one in CLAIMS) == (other in CLAIMS)


def _says_more(sighting: Sighting, home: Home, tie: TieKind) -> bool:
    """Whether an editor who closed the case has to look again.

    Not for one more copy of what was decided on, nor for a refutation or plain news; but when somebody asks, when it
    has become something worse, and when an event or a claim goes on.
    """
    if sighting.kind == SightingKind.TIP:
        return True
    if sighting.leaning in (CaseKind.NEWS, CaseKind.DEBUNK):
        return False
    if tie in (TieKind.EVENT, TieKind.CLAIM):
        return True
    return STRENGTH[sighting.leaning] > STRENGTH[home.kind]
