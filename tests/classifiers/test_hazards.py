"""The written rules for emergencies, lexicons and official warnings."""

from __future__ import annotations

import time

import pytest

from classifiers import hazards, lexicon, warnings
from classifiers.lexicon import Entry, Lexicon
from classifiers.taxonomy import CATEGORIES, HAZARDS, LEVELS, TOPICS
from classifiers.text import normalise


def test_the_longest_term_hides_the_ones_inside_it() -> None:
    words = Lexicon([("爆炸", Entry("hazmat_explosion", 2)), ("信息爆炸", Entry("figurative", -6))])
    assert [hit.term for hit in words.find("信息爆炸的时代发生爆炸")] == ["信息爆炸", "爆炸"]


def test_a_one_character_term_is_refused() -> None:
    with pytest.raises(ValueError, match="two characters"):
        Lexicon([("水", Entry("flood", 1))])


def test_every_lexicon_uses_known_kinds() -> None:
    cues = {"casualty", "rescue", "event", "warning", "closure", "place"}
    others = {"figurative", "fiction", "drill", "policy", "advice", "history", "crime", "war", "sport"}
    kinds = {entry.kind for entry in lexicon.load("emergency")._entries.values()}
    assert kinds <= set(HAZARDS) | cues | others | {"finance", "product", "plain"}
    assert {entry.kind for entry in lexicon.load("topics")._entries.values()} <= set(TOPICS)
    assert len(kinds & set(HAZARDS)) == len(HAZARDS)


@pytest.mark.parametrize(
    ("sentence", "hazard"),
    [
        ("袁州区一居民楼凌晨起火，2人遇难", "fire"),
        ("潦河水位暴涨，靖安紧急转移群众", "flood"),
        ("丰城：一煤矿发生透水事故", "mine"),
        ("樟树市新增3例本土确诊", "infectious_disease"),
        ("石家庄暴雨", "rainstorm"),
        ("台风海葵登陆福建", "typhoon"),
    ],
)
def test_what_happened_is_an_emergency_with_its_hazard(sentence: str, hazard: str) -> None:
    verdict = hazards.judge(normalise(sentence))
    assert verdict.logit > 0
    assert verdict.hazard == hazard
    assert verdict.category == HAZARDS[hazard].category


@pytest.mark.parametrize(
    "sentence",
    [
        "地震逃生指南，请收好",
        "实验小学举行地震应急演练",
        "电影《矿井》讲述透水事故救援",
        "汶川地震十八周年",
        "这个明星塌房了",
        "信息爆炸的时代如何专注",
        "《地质灾害防治条例》公开征求意见",
        "空气炸锅做鸡翅太香了",
    ],
)
def test_advice_drills_fiction_history_policy_and_figures_of_speech_are_not(sentence: str) -> None:
    assert hazards.judge(normalise(sentence)).logit < 0


def test_the_reasons_add_up_to_the_evidence() -> None:
    verdict = hazards.judge("河东街道山体滑坡,4人被埋,救援正在进行")
    assert verdict.logit == pytest.approx(hazards._BASE + sum(reason.weight for reason in verdict.because))


WARNINGS = {
    "宜春市气象台2026年6月3日08时发布暴雨橙色预警信号": ("宜春市气象台", "orange", "暴雨", "issue"),
    "靖安县气象台继续发布高温红色预警": ("靖安县气象台", "red", "高温", "update"),
    "铜鼓县气象局解除雷电黄色预警信号": ("铜鼓县气象局", "yellow", "雷电", "cancel"),
    "水利部和中国气象局联合发布橙色山洪灾害气象预警": (None, None, "山洪灾害气象", "issue"),
    "万载县自然资源局发布地质灾害气象风险Ⅲ级预警": ("万载县自然资源局", "yellow", "地质灾害", "issue"),
    "中央气象台将台风预警升级为台风红色预警": ("中央气象台", "red", "台风", "update"),
    "大雾（黄色）预警": (None, "yellow", "大雾", "issue"),
}


@pytest.mark.parametrize(("sentence", "parts"), WARNINGS.items())
def test_an_official_warning_is_read(sentence: str, parts: tuple[str | None, str, str, str]) -> None:
    found = warnings.read(normalise(sentence))
    assert found is not None
    issuer, level, kind, action = parts
    assert found.kind.startswith(kind[:2])
    assert found.action == action
    if level:
        assert found.level == level
    if issuer:
        assert found.issuer == issuer


@pytest.mark.parametrize(
    "sentence",
    [
        "一图读懂预警信号",
        "健康预警：少吃盐",
        "今天下暴雨",
        "红色旅游",
        "靖安县开展防汛演练，模拟暴雨红色预警",
        "暴雨橙色预警和红色预警有什么区别",
    ],
)
def test_what_only_says_warning_is_none(sentence: str) -> None:
    assert warnings.read(normalise(sentence)) is None


def test_every_kind_of_warning_has_a_hazard() -> None:
    assert set(warnings.KINDS.values()) <= set(HAZARDS)
    assert {hazard.category for hazard in HAZARDS.values()} <= set(CATEGORIES)
    assert set(warnings._LEVELS.values()) == set(LEVELS)


@pytest.mark.parametrize("piece", ["网传", "1人", "新增", "吃", "?", "启动", "台风台", "暴雨预警", "气象台"])
def test_the_patterns_are_linear(piece: str) -> None:
    from classifiers import stance

    text = normalise(piece * 8_000)[:8_000]
    started = time.process_time()
    hazards.judge(text)
    stance.debunks(text)
    stance.reads_like_rumor(text)
    assert time.process_time() - started < 1.5


@pytest.mark.parametrize(
    "text", ["车开到桥中间熄火了，水没过车门了，人还在车里", "对面楼着火了，里面有人喊救命"]
)
def test_a_figure_of_speech_that_only_begins_inside_another_word_is_none(text: str) -> None:
    verdict = hazards.judge(normalise(text))
    assert "figurative" not in verdict.negatives
    assert verdict.logit > 0
