"""The days that figures are about: the last so many, or a month of the calendar, in the city's own days.

Both ends belong to it. A moment belongs to the day that it falls on in the city's zone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from content.errors import ContentError

_MONTH: Final = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
DAILY: Final = 92
"""Up to so many days a chart shows each; more are taken by the week."""
WEEK: Final = 7


class BadPeriod(ContentError):
    """A month is written like 2026-10, and one that has not begun has no figures."""

    type = "bad_period"
    status = 422


@dataclass(frozen=True)
class Period:
    """From the first day to the last."""

    first: date
    last: date

    def begins(self, zone: tzinfo) -> datetime:
        """The first moment."""
        return datetime.combine(self.first, time(), tzinfo=zone)

    def ends(self, zone: tzinfo) -> datetime:
        """The moment after the last."""
        return datetime.combine(self.last + timedelta(days=1), time(), tzinfo=zone)

    def steps(self) -> Iterator[tuple[date, date]]:
        """The days, or the weeks where there are too many days to draw: first and last of each."""
        count = (self.last - self.first).days + 1
        step = 1 if count <= DAILY else WEEK
        for ahead in range(0, count, step):
            start = self.first + timedelta(days=ahead)
            yield start, min(start + timedelta(days=step - 1), self.last)


def last_days(today: date, days: int) -> Period:
    """Today and the days before it, `days` in all."""
    return Period(today - timedelta(days=days - 1), today)


def month(written: str, today: date) -> Period:
    """The month written as 2026-10; the present one ends today. Raises BadPeriod."""
    found = _MONTH.fullmatch(written)
    if not found:
        raise BadPeriod(written=written[:20])
    first = date(int(found[1]), int(found[2]), 1)
    if first > today:
        raise BadPeriod(written=written)
    after = (first + timedelta(days=32)).replace(day=1)
    return Period(first, min(after - timedelta(days=1), today))


def month_before(today: date) -> str:
    """The last month that is over, as it is written."""
    return (today.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
