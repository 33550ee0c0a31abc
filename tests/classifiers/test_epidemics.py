"""What is talk about an epidemic, and what is news of an outbreak."""

from __future__ import annotations

import pytest

from classifiers import epidemics, hazards
from classifiers.text import normalise


@pytest.mark.parametrize(
    "sentence",
    [
        "丰城新增3例本土确诊",
        "靖安一学校发生聚集性疫情",
        "樟树疫情",
        "高安发现1名核酸阳性人员",
        "铜鼓县城实行静态管理",
    ],
)
def test_cases_clusters_and_closures_are_news(sentence: str) -> None:
    assert epidemics.routine(normalise(sentence)) == []
    assert hazards.judge(normalise(sentence)).logit > -2


@pytest.mark.parametrize(
    "sentence",
    [
        "宜春召开第十场疫情防控新闻发布会",
        "新冠疫苗加强针怎么预约",
        "志愿者给封控小区送去物资",
        "专家解读病毒溯源研究",
        "怀念没有疫情的春天",
        "某国日增新冠确诊病例，美国部长检测阳性",
    ],
)
def test_talk_about_an_epidemic_is_no_alarm(sentence: str) -> None:
    assert epidemics.routine(normalise(sentence))
    assert hazards.judge(normalise(sentence)).logit < -2


def test_the_first_case_abroad_stays_news() -> None:
    assert epidemics.routine(normalise("日本发现首例埃博拉确诊病例")) == []


def test_a_hazard_that_did_not_follow_is_not_what_happened() -> None:
    verdict = hazards.judge(normalise("地铁触网故障，并未引发火灾爆炸"))
    assert verdict.hazard == "traffic"


def test_food_that_poisons_is_food_safety() -> None:
    assert hazards.judge(normalise("一家三口自制木薯糖水吃中毒了")).hazard == "food_safety"
