"""When campaign days come round: fixed days, the n-th weekday, spans over the new year."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.campaigns import coming, parse

CITY = Path(__file__).resolve().parents[2] / "deploy/cities/yichun/calendar.toml"
ALL = parse(tomllib.loads(CITY.read_text("utf-8"))["day"])
BY_CODE = {one.code: one for one in ALL}


@pytest.mark.parametrize(
    ("code", "year", "first", "last"),
    [
        ("disaster_prevention", 2027, "2027-05-12", "2027-05-12"),
        ("science_day", 2025, "2025-09-20", "2025-09-21"),
        ("science_month", 2026, "2026-09-01", "2026-09-30"),
        ("pupil_safety", 2026, "2026-03-30", "2026-03-30"),
        ("pupil_safety", 2025, "2025-03-31", "2025-03-31"),
        ("first_aid", 2026, "2026-09-12", "2026-09-12"),
        ("fire_day", 2026, "2026-11-09", "2026-11-09"),
        ("forest_fire_season", 2026, "2026-10-01", "2027-04-30"),
    ],
)
def test_a_day_falls_where_its_rule_says(code: str, year: int, first: str, last: str) -> None:
    found = BY_CODE[code].of_year(year)
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)


@given(st.dates(date(2024, 1, 1), date(2040, 12, 31)))
def test_within_a_year_every_campaign_comes_once_or_goes_on(today: date) -> None:
    ahead = coming(ALL, today, 372)  # the third Saturday may be 371 days off
    assert {one.campaign.code for one in ahead} == set(BY_CODE)
    assert len({one.key for one in ahead}) == len(ahead)
    assert all(one.last >= today for one in ahead)
    assert [one.first for one in ahead] == sorted(one.first for one in ahead)


def test_a_season_over_the_new_year_goes_on_in_january() -> None:
    keys = [one.key for one in coming(ALL, date(2027, 1, 10), 1)]
    assert "forest_fire_season.2026" in keys


def test_the_desk_is_asked_to_prepare_within_the_lead_time() -> None:
    day = BY_CODE["disaster_prevention"].of_year(2027)
    told = [day.standing(date(2027, *on)) for on in ((4, 11), (4, 12), (5, 12), (5, 13))]
    assert told == ["later", "prepare", "now", "over"]


@pytest.mark.parametrize(
    "row",
    [
        {"on": "02-30"},
        {"on": "05-12", "span": ["05-01", "05-31"]},
        {},
        {"nth": [9, 5, "sat"]},
        {"on": "05-12", "hazards": ["dragons"]},
        {"on": "05-12", "colour": "red"},
    ],
)
def test_a_row_that_makes_no_sense_is_named(row: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="calendar: some_day"):
        parse([{"code": "some_day", "name": "某日", "en": "Some day", "source": "", **row}])
