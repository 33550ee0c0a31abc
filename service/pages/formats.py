"""Dates, times and numbers as people of a language write them, in the city's time zone. Needs no clock: `now` is handed in."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal, format_percent

_DATE = {"zh": "y年M月d日", "en": "d MMM y"}
_MOMENT = {"zh": "y年M月d日 HH:mm", "en": "d MMM y, HH:mm"}
_NEARLY = 0.99
_SHORT = {"zh": "M月d日 HH:mm", "en": "d MMM, HH:mm"}


class Formats:
    """The formats of one language in one time zone."""

    def __init__(self, locale: str, zone: ZoneInfo) -> None:
        self.locale = locale
        self.zone = zone

    def day(self, value: date | datetime | None) -> str:
        """A calendar day, e.g. 2026年11月24日; a moment counts as the day it is in the city."""
        if value is None:
            return ""
        if isinstance(value, datetime):
            value = value.astimezone(self.zone).date()
        return str(format_date(value, _DATE[self.locale], locale=self.locale))

    def moment(self, value: datetime | None, short: bool = False) -> str:
        """A point in time to the minute; `short` leaves out the year."""
        if value is None:
            return ""
        pattern = (_SHORT if short else _MOMENT)[self.locale]
        return str(format_datetime(value, pattern, tzinfo=self.zone, locale=self.locale))

    def ago(self, value: datetime | None, now: datetime) -> str:
        """How long ago (or how soon), in the largest whole unit."""
        if value is None:
            return ""
        gap: timedelta = value - now
        return str(format_timedelta(gap, add_direction=True, locale=self.locale, threshold=1.2))

    def number(self, value: float) -> str:
        """A number with the separators of the language."""
        return str(format_decimal(value, locale=self.locale))

    def percent(self, value: float) -> str:
        """0.873 → 87%."""
        return str(format_percent(value, locale=self.locale))

    def chance(self, value: float) -> str:
        """A score of a model, which is never certain: 0.873 → 87%, 0.9999 → >99%, 0.00002 → <1%."""
        if value > _NEARLY:
            return f">{self.percent(_NEARLY)}"
        return f"<{self.percent(1 - _NEARLY)}" if value < 1 - _NEARLY else self.percent(value)
