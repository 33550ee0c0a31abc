"""Clocks: exact sums, the law's times by level, and every standing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.clocks import BadClock, Clock, Standing, changed, due, read, read_all

START = datetime(2026, 6, 20, 2, 0, tzinfo=UTC)
FIVE_HOURS = Clock("authoritative", 300, "sighted", "told", True, ("red", "orange"))


def standing(after: float, done: float | None = None) -> Standing:
    moments = {"sighted": START, "told": None if done is None else START + timedelta(minutes=done)}
    return read(FIVE_HOURS, moments, START + timedelta(minutes=after)).standing


def test_a_clock_runs_warns_is_over_is_met_or_missed() -> None:
    assert read(FIVE_HOURS, {}, START).standing == Standing.WAITING
    assert standing(0) == Standing.RUNNING
    assert standing(224) == Standing.RUNNING
    assert standing(225) == Standing.SOON
    assert standing(300) == Standing.SOON
    assert standing(300.1) == Standing.OVERDUE
    assert standing(900, done=300) == Standing.MET
    assert standing(900, done=301) == Standing.MISSED


def test_a_clock_holds_for_its_levels_only_and_no_level_has_its_own() -> None:
    other = Clock("press", 2880, "sighted", "press", True, ("yellow", "blue", ""))
    both = [FIVE_HOURS, other]
    for level, code in (("red", "authoritative"), ("yellow", "press"), (None, "press")):
        assert [one.clock.code for one in read_all(both, level, {"sighted": START}, START)] == [code]


@given(st.integers(1, 43_200), st.integers(-1000, 100_000))
def test_what_is_left_and_the_due_time_always_agree(minutes: int, after: int) -> None:
    clock, now = Clock("c", minutes, "a", "b"), START + timedelta(minutes=after)
    found = read(clock, {"a": START}, now)
    assert found.left is not None
    assert now + found.left == found.due == due(clock, START)
    assert (found.standing == Standing.OVERDUE) == (after > minutes)


def test_minutes_that_make_no_sense_are_refused() -> None:
    assert changed([FIVE_HOURS], {"authoritative": 240})[0].minutes == 240
    for bad in ({"authoritative": 0}, {"authoritative": 43_201}, {"nonsense": 5}):
        with pytest.raises(BadClock):
            changed([FIVE_HOURS], bad)
