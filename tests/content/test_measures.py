"""The figures of a period: only what happened counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from content.measures import Demand, Track, demand, measure, most_read, percentile

START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def after(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def test_each_step_has_its_median_and_ninetieth_percentile() -> None:
    tracks = [
        Track(str(n), after(10 * n), START, after(n), sent={"site": after(10 * n + 1)}) for n in range(1, 11)
    ]
    found = {(d.since, d.until, d.channel): (d.count, d.median, d.p90) for d in measure(tracks).durations}
    assert found["seen", "claimed", ""] == (10, 330.0, 540.0)
    assert found["seen", "published", ""] == (10, 3300.0, 5400.0)
    assert found["claimed", "published", ""] == (10, 2970.0, 4860.0)
    assert found["published", "sent", "site"] == (10, 60.0, 60.0)


def test_a_step_that_did_not_happen_is_not_counted() -> None:
    figures = measure([Track("a", after(5)), Track("b", after(5), first_seen=after(6))])
    assert figures.pages == 2
    assert figures.durations == ()


def test_corrections_and_retractions_are_counted_by_page_and_in_all() -> None:
    figures = measure(
        [Track("a", START, corrections=2), Track("b", START, retracted=True), Track("c", START)]
    )
    assert (figures.corrected, figures.corrections, figures.retracted) == (1, 2, 1)


def test_coverage_counts_a_page_once_in_each_county() -> None:
    pages = [
        Track("a", START, regions=("360902", "360902001", "360981"), audiences=("elderly",), hazard="flood"),
        Track("b", START, regions=("360902", "3609")),
    ]
    figures = measure(pages)
    assert figures.counties == {"360902": 2, "360981": 1}
    assert figures.audiences == {"elderly": 1}
    assert figures.hazards == {"flood": 1}


def test_a_percentile_is_a_value_that_occurred() -> None:
    assert percentile([5.0], 0.9) == 5.0
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.9)


def test_the_experts_part_and_the_whole_way_to_a_channel_are_steps_too() -> None:
    track = Track(
        "a",
        after(60),
        START,
        after(5),
        asked_at=after(10),
        answered_at=after(40),
        approved_at=after(55),
        sent={"sms": after(62)},
    )
    found = {(d.since, d.until, d.channel): d.median for d in measure([track]).durations}
    assert found["seen", "asked", ""] == 600.0
    assert found["asked", "answered", ""] == 1800.0
    assert found["seen", "approved", ""] == 3300.0
    assert found["seen", "sent", "sms"] == 3720.0


def test_demand_is_what_was_asked_what_is_answered_and_how_long_it_took() -> None:
    assert demand([]) == Demand(0, 0)
    assert demand([(START, None)]) == Demand(1, 0)
    assert demand([(START, after(30)), (START, after(10)), (START, None)]) == Demand(3, 2, 1200.0, 1800.0)


def test_the_pages_opened_most_often_come_first_and_unopened_ones_not_at_all() -> None:
    few = Track("few", START, reads={"": 3, "sms": 1})
    many = Track("many", START, reads={"wecom": 9})
    assert most_read([Track("none", START), few, many], 5) == (many, few)
