"""Whether somebody can be asked at a moment: on leave, in term, on call. Local calendar, so the city's zone is an argument.

Does not read a clock and knows no public holidays: leave is entered as dates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from typing import Any, Final


@dataclass(frozen=True)
class Shift:
    """Hours of some weekdays (0 Monday to 6 Sunday), local time. `end` at or before `start` runs past midnight."""

    days: frozenset[int]
    start: time
    end: time

    def covers(self, local: datetime) -> bool:
        """Whether the moment lies in it; `local` carries the city's time."""
        now, day = local.time(), local.weekday()
        if self.start < self.end:
            return day in self.days and self.start <= now < self.end
        began_today = day in self.days and now >= self.start
        began_yesterday = (day - 1) % 7 in self.days and now < self.end
        return began_today or began_yesterday


@dataclass(frozen=True)
class Leave:
    """Days away, both ends included."""

    first: date
    last: date

    def covers(self, day: date) -> bool:
        """Whether somebody is away on that day."""
        return self.first <= day <= self.last


WORKING_HOURS: Final = (Shift(frozenset(range(5)), time(9), time(17, 30)),)


def local(moment: datetime, zone: tzinfo) -> datetime:
    """The moment on the city's wall clock. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return moment.astimezone(zone)


def away(leaves: Iterable[Leave], day: date) -> bool:
    """Whether any leave covers the day."""
    return any(leave.covers(day) for leave in leaves)


def in_term(start: date | None, end: date | None, day: date) -> bool:
    """Whether the appointment (聘期) holds on the day; an open end never ends."""
    return (start is None or start <= day) and (end is None or day <= end)


def on_duty(shifts: tuple[Shift, ...], at: datetime) -> bool:
    """Whether a shift covers the local moment; somebody without shifts keeps working hours."""
    return any(shift.covers(at) for shift in shifts or WORKING_HOURS)


def read_shifts(raw: Iterable[Mapping[str, Any]]) -> tuple[Shift, ...]:
    """Shifts from their JSON `{"days":[0..6],"from":"08:00","to":"18:00"}`. ValueError says what is wrong."""
    return tuple(_shift(one) for one in raw)


def _shift(raw: Mapping[str, Any]) -> Shift:
    days = frozenset(int(day) for day in raw.get("days", ()))
    if not days or not days <= set(range(7)):
        raise ValueError("days are 0 (Monday) to 6 (Sunday), at least one")
    return Shift(days, _clock(raw.get("from")), _clock(raw.get("to")))


def _clock(raw: object) -> time:
    # 24:00 is how duty rosters write midnight.
    return time(0) if raw == "24:00" else time.fromisoformat(str(raw))


def read_leaves(raw: Iterable[Mapping[str, str]]) -> tuple[Leave, ...]:
    """Leaves from their JSON `{"from":"2026-11-24","to":"2026-11-30"}`. ValueError when the end lies before the start."""
    leaves = tuple(Leave(date.fromisoformat(one["from"]), date.fromisoformat(one["to"])) for one in raw)
    if any(leave.last < leave.first for leave in leaves):
        raise ValueError("a leave ends before it begins")
    return leaves
