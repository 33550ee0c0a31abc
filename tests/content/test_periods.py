"""Periods in the city's own days, both ends included."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content import periods
from content.periods import BadPeriod, Period

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 24)


def test_the_last_days_end_today() -> None:
    found = periods.last_days(TODAY, 7)
    assert found == Period(date(2026, 11, 18), TODAY)
    assert found.begins(ZONE) == datetime(2026, 11, 17, 16, tzinfo=UTC)
    assert found.ends(ZONE) == datetime(2026, 11, 24, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "last"), [("2026-02", 28), ("2024-02", 29), ("2026-10", 31), ("2026-11", 24)]
)
def test_a_month_has_all_its_days_and_the_present_one_ends_today(written: str, last: int) -> None:
    assert periods.month(written, TODAY).last.day == last


@pytest.mark.parametrize(
    "written", ["", "2026-13", "2026-1", "2026-12", "1999-01", "２０２６-10", "2026-10 "]
)
def test_what_is_no_month_or_has_not_begun_is_refused(written: str) -> None:
    with pytest.raises(BadPeriod):
        periods.month(written, TODAY)


def test_the_month_before_january_is_december() -> None:
    assert periods.month_before(date(2026, 1, 31)) == "2025-12"


@given(st.integers(1, 500))
def test_the_steps_of_a_chart_cover_every_day_once(days: int) -> None:
    period = periods.last_days(TODAY, days)
    steps = list(period.steps())
    assert steps[0][0] == period.first
    assert steps[-1][1] == period.last
    assert sum((last - first).days + 1 for first, last in steps) == days
    assert len(steps) <= 92
