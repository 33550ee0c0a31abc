"""Ranking: walls hold, reasons add up, order and repetition change nothing."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expert_db.availability import Leave, read_shifts
from expert_db.directory import Directory
from expert_db.match import rank, rank_all
from expert_db.need import Need
from expert_db.roster import Profile, Record
from expert_db.walls import WALLS, why_not
from tests.expert_db.people import NOW, ZONE, crowd, need, person

NIGHT = NOW + timedelta(hours=14)  # eleven at night in the city


def ranked(people: list[Profile], wanted: Need, records: dict[UUID, Record] | None = None) -> list[Profile]:
    return [one.profile for one in rank(wanted, Directory(people), records or {}, ZONE)]


BEHIND_A_WALL: list[tuple[str, dict[str, object], Record]] = [
    ("inactive", {"active": False}, Record()),
    ("consent", {"consent": {}}, Record()),
    ("consent", {"consent": {"assignments": {"given": False, "on": "2026-01-01"}}}, Record()),
    ("consent", {"consent": {"assignments": {"given": True, "until": "2026-11-23"}}}, Record()),
    ("term", {"term_end": date(2026, 11, 23)}, Record()),
    ("term", {"term_start": date(2026, 11, 25)}, Record()),
    ("away", {"leaves": (Leave(date(2026, 11, 20), date(2026, 11, 24)),)}, Record()),
    ("load", {"load_limit": 2}, Record(open=2)),
    ("conflict", {"conflicts": ("豆腐",)}, Record()),
    ("conflict", {"conflicts": ("food",)}, Record()),
    ("conflict", {"conflicts": ("食品安全",)}, Record()),
    ("conflict", {"conflicts": ("ＴＯＦＵ",)}, Record()),
    ("asked", {}, Record(here="open")),
    ("asked", {}, Record(here="answered")),
    ("unit", {"unit": "示例学院"}, Record()),
]


@pytest.mark.parametrize(("wall", "fields", "record"), BEHIND_A_WALL)
def test_whoever_stands_behind_a_wall_is_no_candidate(
    wall: str, fields: dict[str, object], record: Record
) -> None:
    one = person(1, **fields)
    wanted = need(text="菠菜豆腐 Tofu 食物相克", taken_units=frozenset({"示例学院"}))
    assert ranked([one], wanted, {one.id: record}) == []
    assert why_not(wanted, one, record, ZONE) == (wall,)


def test_a_conflict_late_in_a_long_text_still_counts() -> None:
    one = person(1, conflicts=("示例酱油",))
    assert ranked([one], need(text="食物相克" * 2000 + "涉及示例酱油")) == []


def test_whoever_stands_before_all_walls_is_one() -> None:
    one = person(1, term_start=date(2026, 11, 24), term_end=date(2026, 11, 24), load_limit=1)
    assert ranked([one], need()) == [one]


def test_a_day_is_a_day_of_the_city() -> None:
    one = person(1, leaves=(Leave(date(2026, 11, 25), date(2026, 11, 25)),))
    eleven_at_night, past_midnight = need(when=NIGHT), need(when=NIGHT + timedelta(hours=2))
    assert ranked([one], eleven_at_night) == [one]
    assert ranked([one], past_midnight) == []


def test_somebody_without_a_word_on_the_matter_is_not_suggested() -> None:
    other = person(1, hazards=("fraud",), topics=("finance_fraud",), profile="刷单返利")
    assert ranked([other], need()) == []


def test_the_county_goes_before_the_city_and_the_city_before_another_county() -> None:
    county = person(3, regions=("360902",))
    township = person(4, regions=("360902001",))
    city, elsewhere = person(1), person(2, regions=("360983",))
    assert ranked([elsewhere, city, county, township], need()) == [county, township, city, elsewhere]


def test_a_department_goes_first_for_facts_and_a_person_for_opinions() -> None:
    man, office, team = person(1), person(2, kind="department"), person(3, kind="team")
    people = [man, office, team]
    assert ranked(people, need(kind="opinion"))[0] == man
    assert ranked(people, need(kind="fact"))[0] == office
    assert ranked(people, need(kind="field"))[0] == team


def test_who_is_on_duty_counts_more_in_an_emergency() -> None:
    always = person(2, shifts=read_shifts([{"days": list(range(7)), "from": "00:00", "to": "24:00"}]))
    better_words = person(1, profile="菠菜豆腐食物相克")
    at_night = need(when=NIGHT)
    assert ranked([always, better_words], at_night)[0] == better_words
    scores = {one.profile.id: one.score for one in rank(at_night, Directory([always]), {}, ZONE)}
    urgent = {
        one.profile.id: one.score
        for one in rank(replace(at_night, urgent=True), Directory([always]), {}, ZONE)
    }
    assert urgent[always.id] - scores[always.id] == 9


def test_load_and_record_move_the_order() -> None:
    people = [person(1), person(2), person(3)]
    records = {people[0].id: Record(open=2), people[2].id: Record(answered=8)}
    assert ranked(people, need(), records) == [people[2], people[1], people[0]]


def test_whoever_declined_this_case_comes_last() -> None:
    people = [person(1, profile="菠菜豆腐食物相克"), person(2)]
    assert ranked(people, need(), {people[0].id: Record(declined=1, here="declined")}) == [
        people[1],
        people[0],
    ]


def test_everyday_words_find_the_professional() -> None:
    heart = person(1, hazards=(), topics=(), profile="脑卒中与高血压")
    assert ranked([heart], need(text="中风了扎手指管用吗", hazard=None, topics=())) == [heart]


def test_reasons_name_the_words_and_codes_behind_them() -> None:
    one = person(1, regions=("360902",))
    best = rank(need(), Directory([one]), {}, ZONE)[0]
    data = {reason.code: reason.data for reason in best.reasons}
    assert "相克" in "".join(data["text"])
    assert data["hazard"] == ("food_safety",)
    assert data["region"] == ("360902",)
    assert all(not any(ord(ch) < 32 for ch in word) for words in data.values() for word in words)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), kind=st.sampled_from(["opinion", "fact", "field"]), urgent=st.booleans())
def test_reasons_add_up_and_shuffling_changes_nothing(seed: int, kind: str, urgent: bool) -> None:
    people = crowd(60, seed)
    chance = random.Random(seed)
    records = {
        one.id: Record(open=chance.randint(0, 3), answered=chance.randint(0, 5)) for one in people[::3]
    }
    wanted = need(
        kind=kind, urgent=urgent, text="网传火灾逃生与疫苗接种谣言，涉及示例品牌" if seed % 2 else "洪水"
    )
    first = rank(wanted, Directory(people), records, ZONE, limit=60)
    chance.shuffle(people)
    again = rank(wanted, Directory(people), dict(reversed(records.items())), ZONE, limit=60)
    assert first == again
    for candidate in first:
        assert candidate.score == sum(reason.points for reason in candidate.reasons)
        assert why_not(wanted, candidate.profile, records.get(candidate.expert_id, Record()), ZONE) == ()
    assert [one.score for one in first] == sorted((one.score for one in first), reverse=True)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_walls_one_by_one_agree_with_walls_in_columns(seed: int) -> None:
    people = crowd(25, seed)
    wanted = need(text="示例品牌 火灾逃生", taken_units=frozenset({people[0].unit}))
    records = {people[1].id: Record(open=9), people[2].id: Record(here="open")}
    ranking = rank_all(wanted, Directory(people), records, ZONE)
    for one in people:
        assert ranking.walls_of(one.id) == why_not(wanted, one, records.get(one.id, Record()), ZONE)
    assert set(ranking.walls) == set(WALLS)


def test_an_empty_directory_has_no_candidates() -> None:
    assert rank(need(), Directory([]), {}, ZONE) == []


def test_one_expert_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        Directory([person(1), person(1)])
