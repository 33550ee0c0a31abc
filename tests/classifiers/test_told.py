"""Emergencies told by those who are there are seen, and so is what only sounds like one in the same voice.

`told.tsv` was written before the rules: 100 emergencies and 50 quiet sentences (emergency, hazard, text). In the half
of them that comes first by hash errors were read; the other half is only counted.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from classifiers import hazards, told
from classifiers.assess import Assessor
from classifiers.taxonomy import HAZARDS
from classifiers.text import Text, normalise

Line = tuple[bool, str, str]


def lines() -> list[Line]:
    """Whether it is an emergency, its hazard, the sentence; in the order of their hashes."""
    rows = [line.split("\t") for line in (Path(__file__).parent / "told.tsv").read_text("utf-8").splitlines()]
    rows.sort(key=lambda row: hashlib.sha256(row[2].encode()).hexdigest())
    return [(row[0] == "1", row[1], row[2]) for row in rows]


READ, COUNTED = lines()[:75], lines()[75:]


def right(half: list[Line]) -> tuple[float, float, float]:
    """Shares: emergencies flagged by the rules, hazards right, quiet sentences flagged."""
    found = Assessor(None, None).assess([Text("", text) for _, _, text in half])
    real = [(one.emergency, line) for one, line in zip(found, half, strict=True) if line[0]]
    quiet = [one.emergency.flag for one, line in zip(found, half, strict=True) if not line[0]]
    return (
        sum(one.flag for one, _ in real) / len(real),
        sum(one.hazard == line[1] for one, line in real) / len(real),
        sum(quiet) / len(quiet),
    )


def test_the_sentences_cover_every_hazard() -> None:
    assert {hazard for real, hazard, _ in lines() if real} == set(HAZARDS)
    assert (len(READ), len(COUNTED)) == (75, 75)


@pytest.mark.parametrize("half", [READ, COUNTED], ids=["read", "counted"])
def test_emergencies_told_as_neighbours_speak_are_seen(half: list[Line]) -> None:
    flagged, named, cried = right(half)
    assert flagged >= 0.85
    assert named >= 0.9
    assert cried <= 0.1


@pytest.mark.parametrize(
    "headline",
    [
        "黄山门票降价",
        "车市价格翻了一倍",
        "房价又垮了",
        "景区山水宜人",
        "演员火了",
        "新桥通车",
        "学校食堂上新菜",
    ],
)
def test_headlines_are_nobody_telling(headline: str) -> None:
    assert told.seen(normalise(headline)) == []


def test_harm_and_a_call_for_help_weigh_more_than_what_happened_alone() -> None:
    plain = hazards.judge("后头的山垮下来了")
    harmed = hazards.judge("后头的山垮下来了,埋了两个人")
    calls = hazards.judge("后头的山垮下来了,埋了两个人,快来人")
    assert plain.logit < harmed.logit < calls.logit
    assert plain.hazard == harmed.hazard == calls.hazard == "geological"


def test_one_person_in_need_is_an_emergency_when_told_by_who_is_there() -> None:
    told_by = hazards.judge("我爸骑摩托让小车撞倒了,人躺地上叫不醒,快来人")
    assert told_by.logit > 0
    assert "misfortune" not in told_by.negatives


@pytest.mark.parametrize(
    "sentence",
    [
        "莫在山上烧荒,引着了火收不住",
        "要是屋里有煤气味,先开窗",
        "明天检修,我们村停电半天",
        "那年发大水,水都进屋了",
        "电视里山垮下来了,人都埋了",
    ],
)
def test_advice_plans_memories_and_stories_are_none(sentence: str) -> None:
    assert not Assessor(None, None).assess([Text("", sentence)])[0].emergency.flag


def test_a_figure_of_speech_that_begins_inside_of_a_fire_is_none() -> None:
    assert hazards.judge("大货车着火了").logit > hazards.judge("大货车着火").logit - 0.1


@pytest.mark.parametrize(
    "text", ["香樟街着火了，隔壁婆婆还在屋里出不来", "平安路那边水漫进屋了，老人困在里面"]
)
def test_a_name_does_not_say_that_it_is_over(text: str) -> None:
    assert all(reason.weight > 0 for reason in told.weigh(normalise(text)))
