"""Rank experts for one question.

    Need, Directory, Records
    | walls     who cannot be asked                     (walls.py)
    | columns   whole points a reason, one row an expert
    | rank      the best first, with the reasons that add up to their score

Does not load, save, notify or assign anybody. Same input, same ranking, same reasons; the order of the directory changes
nothing; equal scores are ordered by id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from functools import cached_property
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from classifiers.taxonomy import HAZARDS
from classifiers.text import normalise
from expert_db import disciplines
from expert_db.directory import LISTED, Directory, Flags, is_city
from expert_db.kinds import asked_of
from expert_db.need import WORDS_LIMIT, Need
from expert_db.roster import NOBODY, Profile, Record
from expert_db.similarity import question_terms
from expert_db.walls import WALLS, Moment, walls
from expert_db.weights import WEIGHTS, Weights

Points = NDArray[np.int64]

SUBJECT = ("text", "hazard", "topic")
"""Reasons that say somebody knows the matter: without any of these nobody is suggested."""


@dataclass(frozen=True)
class Reason:
    """One part of a score. `data` holds the words or codes behind it; the page makes a sentence of it."""

    code: str
    points: int
    data: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As kept with an assignment."""
        return {"code": self.code, "points": self.points, "data": list(self.data)}


@dataclass(frozen=True)
class Candidate:
    """Somebody who can be asked. `score` is the sum of the reasons' points."""

    profile: Profile
    score: int
    reasons: tuple[Reason, ...]
    open: int = 0  # questions already with them
    on_duty: bool = False
    contact_masked: str = field(default="", compare=False)

    @property
    def expert_id(self) -> UUID:
        """Whose id it is."""
        return self.profile.id


@dataclass(frozen=True)
class Ranking:
    """All experts seen from one need: points a reason, totals, and who is behind a wall."""

    need: Need
    directory: Directory
    columns: Mapping[str, Points]
    total: Points
    walls: Mapping[str, Flags]
    words: tuple[str, ...]
    things: tuple[str, ...]
    on_duty: Flags
    records: Mapping[UUID, Record]

    @cached_property
    def walled(self) -> Flags:
        """Who stands behind any wall."""
        walled: Flags = np.logical_or.reduce([self.directory.none(), *self.walls.values()])
        return walled

    def walls_of(self, expert_id: UUID) -> tuple[str, ...]:
        """The walls that one expert stands behind. Raises KeyError for somebody who is not in the directory."""
        number = self.directory.position[expert_id]
        return tuple(code for code in WALLS if self.walls[code][number])

    def fit(self) -> frozenset[UUID]:
        """Everybody who can be asked, whether or not they know the matter."""
        return frozenset(self.directory.profiles[int(n)].id for n in np.flatnonzero(~self.walled))

    def of(self, expert_id: UUID) -> Candidate:
        """The candidate by id, walled or not. Raises KeyError for somebody who is not in the directory."""
        return self.candidate(self.directory.position[expert_id])

    def order(self) -> NDArray[np.int64]:
        """Positions of those who can be asked and know the matter, best first, equal ones by id."""
        fit = np.flatnonzero(~self.walled & self._knows())
        return fit[np.argsort(-self.total[fit], kind="stable")]

    def best(self, limit: int) -> list[Candidate]:
        """The `limit` best candidates, best first. Nobody behind a wall, nobody without a word on the matter."""
        return [self.candidate(int(number)) for number in self.order()[:limit]]

    def _knows(self) -> Flags:
        known = self.directory.none()
        for code in SUBJECT:
            known |= self.columns[code] > 0
        return known

    def candidate(self, number: int) -> Candidate:
        """The candidate at a position of the directory, with reasons."""
        profile = self.directory.profiles[number]
        reasons = tuple(
            Reason(code, int(points[number]), self._data(code, number, profile))
            for code, points in self.columns.items()
            if points[number]
        )
        record = self.records.get(profile.id, NOBODY)
        return Candidate(profile, int(self.total[number]), reasons, record.open, bool(self.on_duty[number]))

    def _data(self, code: str, number: int, profile: Profile) -> tuple[str, ...]:
        need = self.need
        match code:
            case "text":
                return self.directory.said(number, need.text, self.words, self.things)
            case "hazard":
                return _because("hazard", profile.hazards, (need.hazard or "",), profile)
            case "topic":
                return _because("topic", profile.topics, need.topics, profile)
            case "region":
                return tuple(r for r in profile.regions if r[:6] in need.regions) or profile.regions[:3]
            case "audience":
                return tuple(a for a in need.audiences if a in profile.audiences)
            case "kind":
                return (need.kind, profile.kind)
            case "load":
                return (str(self.records.get(profile.id, NOBODY).open), str(profile.load_limit))
            case "record":
                record = self.records[profile.id]
                return (str(record.answered), str(record.declined), str(record.expired))
            case _:
                return ()


def _because(
    subject: str, own: tuple[str, ...], wanted: tuple[str, ...], profile: Profile
) -> tuple[str, ...]:
    """The codes both name; else the disciplines that answer for it; else the expert's own codes of the same category."""
    both = tuple(code for code in wanted if code in own)
    if both:
        return both
    near = tuple(
        code for code in profile.disciplines for w in wanted if disciplines.nearness((code,), subject, w)
    )
    if near or subject != "hazard":
        return tuple(dict.fromkeys(near))
    category = HAZARDS[wanted[0]].category
    return tuple(code for code in own if code in HAZARDS and HAZARDS[code].category == category)


def rank_all(
    need: Need,
    directory: Directory,
    records: Mapping[UUID, Record],
    zone: tzinfo,
    weights: Weights = WEIGHTS,
    moment: Moment | None = None,
) -> Ranking:
    """Points of everybody for one need. `moment` saves work when many needs share one `when`."""
    at = moment or Moment(directory, need, zone)
    words = tuple(question_terms(need.text[:WORDS_LIMIT]))
    things = asked_of(normalise(need.text[:WORDS_LIMIT]))
    columns = _columns(need, directory, records, at, (words, things), weights)
    total: Points = np.sum(np.stack(list(columns.values())), axis=0, dtype=np.int64)
    return Ranking(
        need,
        directory,
        columns,
        total,
        walls(need, directory, at, records),
        words,
        things,
        at.on_duty,
        records,
    )


def rank(
    need: Need,
    directory: Directory,
    records: Mapping[UUID, Record],
    zone: tzinfo,
    limit: int = 8,
    weights: Weights = WEIGHTS,
) -> list[Candidate]:
    """`Ranking.best` in one call."""
    return rank_all(need, directory, records, zone, weights).best(limit)


def _columns(
    need: Need,
    directory: Directory,
    records: Mapping[UUID, Record],
    at: Moment,
    asked: tuple[tuple[str, ...], tuple[str, ...]],
    weights: Weights,
) -> dict[str, Points]:
    words, things = asked
    cosine = directory.text.cosine(words) + weights.text_things * directory.things.cosine(things)
    return {
        "text": _whole(weights.text * np.minimum(1.0, cosine / weights.text_full)),
        "hazard": _hazard(need, directory, weights),
        "topic": _topic(need, directory, weights),
        "region": _region(need, directory, weights),
        "audience": _audience(need, directory, weights),
        "kind": _kind(need, directory, weights),
        "on_duty": np.where(at.on_duty, weights.on_duty_urgent if need.urgent else weights.on_duty, 0),
        **_history(directory, records, weights),
    }


def _whole(values: NDArray[np.float64]) -> Points:
    return np.rint(values).astype(np.int64)


def _hazard(need: Need, directory: Directory, weights: Weights) -> Points:
    levels = directory.hazards.get(need.hazard or "")
    return _whole(weights.hazard * levels) if levels is not None else np.zeros(len(directory), np.int64)


def _topic(need: Need, directory: Directory, weights: Weights) -> Points:
    known = [directory.topics[code] for code in need.topics if code in directory.topics and code != "other"]
    if not known:
        return np.zeros(len(directory), np.int64)
    levels = np.stack(known)
    listed = (levels >= LISTED).sum(axis=0)
    return _whole(weights.topic * levels.max(axis=0) + weights.topic_more * np.clip(listed - 1, 0, 1))


def _region(need: Need, directory: Directory, weights: Weights) -> Points:
    counties = [code[:6] for code in need.regions if not is_city(code)]
    if not counties:
        return np.where(directory.whole_city, weights.region_city, 0)
    exact = directory.none()
    for code in counties:
        exact = exact | directory.counties.get(code, directory.none())
    return np.where(
        exact, weights.region, np.where(directory.whole_city, weights.region_city, weights.region_other)
    )


def _audience(need: Need, directory: Directory, weights: Weights) -> Points:
    wanted = [directory.audiences[code] for code in need.audiences if code in directory.audiences]
    hit = np.logical_or.reduce(wanted) if wanted else directory.none()
    return np.where(hit, weights.audience, 0)


def _kind(need: Need, directory: Directory, weights: Weights) -> Points:
    points = np.zeros(len(directory), np.int64)
    for (asked, kind), worth in weights.kind.items():
        if asked == need.kind:
            points[directory.kind == str(kind)] = worth
    return points


def _history(directory: Directory, records: Mapping[UUID, Record], weights: Weights) -> dict[str, Points]:
    load, kept, here = (np.zeros(len(directory), np.int64) for _ in range(3))
    for expert, record in records.items():
        number = directory.position.get(expert)
        if number is None:
            continue
        limit = max(1, int(directory.limit[number]))
        load[number] = round(weights.load * min(1.0, record.open / limit))
        kept[number] = _kept(record, weights)
        if record.here in ("declined", "expired"):
            here[number] = weights.declined_here
    return {"load": load, "record": kept, "declined_here": here}


def _kept(record: Record, weights: Weights) -> int:
    # Two imagined neutral cases keep one early refusal from weighing like a habit.
    asked = record.answered + record.declined + record.expired
    # A lapse says less of goodwill than an honest no, so it counts double.
    balance = record.answered - record.declined - 2 * record.expired
    return round(weights.record * max(-1.0, balance / (asked + 2)))
