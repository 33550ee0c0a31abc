"""Days and seasons to prepare for (宣传日、时令): when each comes round, and which come next. Pure.

The days are a city's data; this turns its rows into values and reckons dates. A day whose date is announced every year
has its usual date here, and says so. Lunar dates are not reckoned.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from classifiers.taxonomy import AUDIENCES, HAZARDS, TOPICS

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LEAD: Final = 14  # days before the first one


@dataclass(frozen=True)
class Campaign:
    """One day, week or season that comes round every year. Exactly one of `on`, `span` and `nth` says when.

    `on` and `span` hold (month, day); `nth` is month, which one (-1: the last) and weekday (0 is Monday).
    """

    code: str
    name: str
    en: str
    source: str
    on: tuple[int, int] | None = None
    span: tuple[tuple[int, int], tuple[int, int]] | None = None
    nth: tuple[int, int, int] | None = None
    days: int = 1
    announced: bool = False
    season: bool = False
    lead: int = LEAD
    topics: tuple[str, ...] = ()
    hazards: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()

    def of_year(self, year: int) -> Occurrence:
        """When it is in the year in which it begins."""
        if self.on is not None:
            first = last = date(year, *self.on)
        elif self.span is not None:
            (begin, end) = self.span
            first, last = date(year, *begin), date(year + (end < begin), *end)
        else:
            assert self.nth is not None  # `parse` has seen to it
            first = _nth(year, *self.nth)
            last = first + timedelta(days=self.days - 1)
        return Occurrence(self, first, last)


@dataclass(frozen=True)
class Occurrence:
    """A campaign in one year, from the first day to the last."""

    campaign: Campaign
    first: date
    last: date

    @property
    def key(self) -> str:
        """Its name among all years: `disaster_prevention.2027`."""
        return f"{self.campaign.code}.{self.first.year}"

    def standing(self, today: date) -> str:
        """`now` while it lasts, `prepare` within its lead time, `later` before that, `over` afterwards."""
        if self.last < today:
            return "over"
        if self.first <= today:
            return "now"
        return "prepare" if (self.first - today).days <= self.campaign.lead else "later"


def parse(rows: Iterable[Mapping[str, Any]]) -> tuple[Campaign, ...]:
    """The rows of `calendar.toml`. ValueError names the row that is wrong."""
    found: dict[str, Campaign] = {}
    for row in rows:
        code = str(row.get("code", ""))
        try:
            if not code or code in found:
                raise ValueError("a day has a code of its own")
            found[code] = _campaign(row)
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"calendar: {code or '(no code)'}: {error}") from error
    return tuple(found.values())


def coming(campaigns: Sequence[Campaign], today: date, days: int) -> list[Occurrence]:
    """What lasts today or begins within so many days, in the order of beginning."""
    found = [one.of_year(year) for one in campaigns for year in (today.year - 1, today.year, today.year + 1)]
    ahead = today + timedelta(days=days)
    fitting = [one for one in found if one.last >= today and one.first <= ahead]
    return sorted(fitting, key=lambda one: (one.first, one.last, one.campaign.code))


def _campaign(row: Mapping[str, Any]) -> Campaign:
    fields = dict(row)
    if sum(name in fields for name in ("on", "span", "nth")) != 1:
        raise ValueError("exactly one of on, span and nth says when")
    for name, known in (("topics", TOPICS), ("hazards", HAZARDS), ("audiences", AUDIENCES)):
        fields[name] = tuple(fields.get(name, ()))
        if strange := set(fields[name]) - set(known):
            raise ValueError(f"unknown {name}: {', '.join(sorted(strange))}")
    if "on" in fields:
        fields["on"] = _day(fields["on"])
    if "span" in fields:
        begin, end = fields["span"]
        fields["span"] = (_day(begin), _day(end))
    if "nth" in fields:
        month, which, weekday = fields["nth"]
        fields["nth"] = (int(month), int(which), WEEKDAYS.index(weekday))
    made = Campaign(**fields)
    made.of_year(2027)  # a date that does not exist is found now
    return made


def _day(text: str) -> tuple[int, int]:
    month, day = text.split("-")
    return int(month), int(day)


def _nth(year: int, month: int, which: int, weekday: int) -> date:
    if not (1 <= which <= 4 or which == -1):
        raise ValueError("which one is 1 to 4, or -1 for the last")
    if which == -1:
        after = date(year + (month == 12), month % 12 + 1, 1)
        last = after - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))
