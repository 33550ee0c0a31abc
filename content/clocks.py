"""Clocks (时限): what must have happened how long after what. The times are data; this only does the sums. Pure.

Statutory ones come from the rules on answering the public after emergencies (authoritative information within five
hours; press conference within 24 hours for especially serious and serious events, 48 hours otherwise). House clocks are
the desk's own promises. Says nothing about whose fault a missed clock is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from content.errors import ContentError

LONGEST: Final = 60 * 24 * 30  # minutes
SOON: Final = 0.25  # of its whole time: less than this left, and the clock warns


class BadClock(ContentError):
    """A clock runs from one minute to thirty days."""

    type = "bad_clock"
    status = 422


class Standing(StrEnum):
    WAITING = "waiting"  # what starts it has not happened
    RUNNING = "running"
    SOON = "soon"  # nearly over: tell somebody
    OVERDUE = "overdue"
    MET = "met"
    MISSED = "missed"


@dataclass(frozen=True)
class Clock:
    """`since` and `until` name moments; `levels` limits it to these levels (empty: all, "" is no level).

    `on` is what it runs on: an incident, a case of its own, or a correction. `kinds` limits a case's clock to these kinds.
    """

    code: str
    minutes: int
    since: str
    until: str
    statutory: bool = False
    levels: tuple[str, ...] = ()
    on: str = "incident"
    kinds: tuple[str, ...] = ()

    def holds(self, on: str, level: str | None, kind: str = "") -> bool:
        """Whether it runs on such a thing."""
        if self.on != on or (self.levels and (level or "") not in self.levels):
            return False
        return not self.kinds or kind in self.kinds


@dataclass(frozen=True)
class Reading:
    """One clock at one moment. `left` is negative when the time is over; None before the start and after the end."""

    clock: Clock
    standing: Standing
    due: datetime | None = None
    done: datetime | None = None
    left: timedelta | None = None


def due(clock: Clock, start: datetime) -> datetime:
    """When its time is over."""
    return start + timedelta(minutes=clock.minutes)


def read(clock: Clock, moments: Mapping[str, datetime | None], now: datetime) -> Reading:
    """How the clock stands, from the moments that have happened."""
    start, done = moments.get(clock.since), moments.get(clock.until)
    if start is None:
        return Reading(clock, Standing.WAITING)
    end = due(clock, start)
    if done is not None:
        return Reading(clock, Standing.MET if done <= end else Standing.MISSED, end, done)
    left = end - now
    if left < timedelta(0):
        return Reading(clock, Standing.OVERDUE, end, None, left)
    soon = left <= timedelta(minutes=clock.minutes) * SOON
    return Reading(clock, Standing.SOON if soon else Standing.RUNNING, end, None, left)


def read_all(
    clocks: Sequence[Clock],
    level: str | None,
    moments: Mapping[str, datetime | None],
    now: datetime,
    *,
    on: str = "incident",
    kind: str = "",
) -> list[Reading]:
    """All clocks that hold for such a thing, the most urgent first."""
    return ordered(read(clock, moments, now) for clock in clocks if clock.holds(on, level, kind))


def ordered(readings: Iterable[Reading]) -> list[Reading]:
    """The most urgent first: what is over, then what has least time left, then what does not run."""
    return sorted(readings, key=lambda one: (one.left is None, one.left or timedelta(0), one.clock.code))


def running(readings: Iterable[Reading]) -> list[Reading]:
    """Those that wait for somebody now, the most urgent first."""
    return [one for one in ordered(readings) if one.left is not None]


@dataclass(frozen=True)
class Tally:
    """How often a clock was met and missed. One that is over while nobody has done it is missed; one that runs is neither."""

    clock: Clock
    met: int
    missed: int


def tally(clocks: Sequence[Clock], readings: Iterable[Reading]) -> tuple[Tally, ...]:
    """The sums of each clock that was met or missed at all, in the order of the table."""
    met: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for one in readings:
        met[one.clock.code] += one.standing == Standing.MET
        missed[one.clock.code] += one.standing in (Standing.MISSED, Standing.OVERDUE)
    sums = (Tally(one, met[one.code], missed[one.code]) for one in clocks)
    return tuple(one for one in sums if one.met or one.missed)


def changed(clocks: Sequence[Clock], minutes: Mapping[str, int]) -> tuple[Clock, ...]:
    """The clocks with an administrator's minutes; BadClock when they make no sense."""
    known = {clock.code for clock in clocks}
    for code, value in minutes.items():
        if code not in known or not 1 <= value <= LONGEST:
            raise BadClock(field=code)
    return tuple(replace(clock, minutes=minutes.get(clock.code, clock.minutes)) for clock in clocks)
