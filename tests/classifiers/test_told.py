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


# Told in other words than any pattern's: a field's words and signs of distress are enough.
FREELY = {
    "保安室报告，负二楼水泵房灌满了水，电工还在下面没上来": "flood",
    "外头抖得站不稳，吊灯荡来荡去，娃儿吓得哭，往楼下跑的时候有人摔断了手": "earthquake",
    "掘进队下去换班，顶板一响，对讲机里就没动静了，少了两个": "mine",
    "拉砂的大货没闸了，冲进早点摊，摊子底下压的有人": "traffic",
    "棋牌室二楼往外冒黑烟，防盗网焊死的，有人在喊": "fire",
    "一屋子人围着炭盆睡的，早上叫不醒，嘴唇发紫": "poisoning",
    "公安局的人打视频叫我爷爷把存折里的转到安全账户，我拦不住他": "fraud",
    "养鸭的老表说鸭子一晚上死了两百多只，隔壁塘也是": "animal_epidemic",
}
CALMLY = [
    "蒸笼盖一掀，满屋白汽，眼镜都看不清了，哈哈",
    "外婆讲那年发大水，全村人挤在祠堂楼上，哭成一片",
    "刚才砰的一声，是暖水瓶爆了，没伤着人",
    "跑了三公里，腿都软了，明天还要跑",
    "电脑又死机了，重启一下就好，稿子还在",
    "他在外头打工，过年没回家，老人家念叨了一天",
    "心态炸了，背了两天的单词全忘了怎么办",
]


@pytest.mark.parametrize("text", FREELY)
def test_words_of_a_field_and_distress_are_enough(text: str) -> None:
    found = Assessor(None, None).assess([Text("", text)])[0].emergency
    assert (found.flag, found.hazard) == (True, FREELY[text])


@pytest.mark.parametrize("text", CALMLY)
def test_the_same_words_without_danger_stay_quiet(text: str) -> None:
    assert not Assessor(None, None).assess([Text("", text)])[0].emergency.flag


def test_harm_told_beside_a_hazard_of_the_lexicon_counts() -> None:
    verdict = hazards.judge(normalise("井下冒水了,我老公那个班还有六个没上来,电话打不通"))
    assert (verdict.hazard, verdict.in_need) == ("mine", True)


def test_who_only_asks_what_to_do_is_not_in_need() -> None:
    assert not hazards.judge(normalise("误食两斤全麦面包怎么办")).in_need
    assert hazards.judge(normalise("孩子误食了老鼠药,现在怎么办")).in_need
