"""What happened is seen where no word of the lexicon says it."""

from __future__ import annotations

import pytest

from classifiers import hazards, scenes
from classifiers.taxonomy import HAZARDS
from classifiers.text import normalise


@pytest.mark.parametrize(
    ("sentence", "hazard"),
    [
        ("后山半夜塌下来，两户人家没跑出来", "geological"),
        ("上坟点着了枯草，风一吹上了山", "forest_fire"),
        ("厂里液氨漏了，工人捂着口鼻往外跑", "hazmat_explosion"),
        ("三轮车掉进河里，七人落水", "traffic"),
        ("主水管爆了，城南大半天没水用", "utility_outage"),
        ("喝完喜宴的汤四十多人肚子痛住院", "food_safety"),
        ("清淤的污水井里三人先后晕倒", "poisoning"),
        ("养殖户的鸭死了两千只", "animal_epidemic"),
        ("几十名孩子同时发烧请假", "infectious_disease"),
        ("医院系统被黑客锁住，挂号改手写", "cyber"),
    ],
)
def test_a_thing_and_what_befell_it_name_a_hazard(sentence: str, hazard: str) -> None:
    assert hazards.judge(normalise(sentence)).hazard == hazard


@pytest.mark.parametrize(
    "sentence", ["今天的晚饭真好吃", "夫妻吵架后院起火", "弟弟的天塌了", "车厘子降价了", "新楼盘开盘"]
)
def test_ordinary_things_are_no_scene(sentence: str) -> None:
    assert scenes.seen(normalise(sentence)) == []


@pytest.mark.parametrize(
    ("sentence", "cause"),
    [
        ("暴雪压塌停车棚，多车被砸", "cold_wave"),
        ("煤矿井下起火，11人被困", "mine"),
        ("6.1级地震中多间民房倒塌", "earthquake"),
        ("台风过境吹倒围墙，全镇停电", "typhoon"),
    ],
)
def test_a_named_cause_stands_for_what_followed(sentence: str, cause: str) -> None:
    assert hazards.judge(normalise(sentence)).hazard == cause


def test_several_people_in_words_count_like_figures() -> None:
    words, figures = hazards.judge("客车翻了,十一人送医"), hazards.judge("客车翻了,11人送医")
    assert words.logit == figures.logit > hazards.judge("客车翻了").logit


def test_every_scene_is_a_hazard_of_the_taxonomy() -> None:
    assert {hazard for hazard, _ in scenes.SCENES.rows} <= set(HAZARDS)
