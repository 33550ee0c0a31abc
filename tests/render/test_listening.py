"""The page for the ear: the fact first, words for numbers, short breaths, and never the rumor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from content.pieces import PieceKind
from content.render.listening import BREATH, passages
from content.render.told import Told, told
from tests.render.situations import (
    ALL,
    HOUSE,
    STORM,
    WATER,
    a_corrected_rebuttal,
    a_rebuttal,
    a_retraction,
    a_warning,
    publication,
)


def heard(one: Told) -> str:
    return "".join(sentence.said for passage in passages(one, HOUSE) for sentence in passage)


def test_the_fact_is_heard_first_with_its_numbers_in_words_and_the_rumor_never() -> None:
    words = heard(a_rebuttal())
    assert words.startswith("自来水厂每天检测水质，用水安全有保障。袁州区三座水厂")
    assert "四十二项" in words
    assert "幺二三四五" in words
    assert "二零一九年" in words
    assert "喝了会得癌" not in words
    assert words.endswith("以上内容由宜春市科学技术协会发布。")


def test_what_is_shown_is_what_was_written() -> None:
    shown = [s.shown for passage in passages(a_rebuttal(), HOUSE) for s in passage]
    assert "发现水有异味，先打开水龙头放一分钟，再拨打12345。" in shown
    assert WATER.why.splitlines()[0] in shown


def test_a_correction_says_at_once_what_was_wrong() -> None:
    assert "更正说明：首次发布时把四十二项检测写成了二十四项。" in heard(a_corrected_rebuttal())


def test_a_warning_is_heard_in_its_issuers_words() -> None:
    words = heard(a_warning())
    assert "宜丰县气象台二零二六年十一月二十四日十三时四十分发布暴雨橙色预警。" in words
    assert "影响范围：宜丰县北部山区。" in words
    assert words.endswith("转播。")


def test_a_warning_whose_time_is_over_says_so_first() -> None:
    warning = (STORM.warning or {}) | {"expires": "2026-11-24T09:00:00+00:00"}
    row = publication(STORM.model_copy(update={"warning": warning}), PieceKind.WARNING)
    in_force = told(row, datetime(2026, 11, 24, 8, 59, tzinfo=UTC))
    over = told(row, datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    assert "有效期已经结束" not in heard(in_force)
    assert heard(over).startswith("这条预警的有效期已经结束")


def test_nothing_is_heard_of_what_was_withdrawn() -> None:
    assert passages(a_retraction(), HOUSE) == []


def test_an_address_is_shown_and_not_said() -> None:
    one = a_rebuttal()
    linked = replace(one, body=one.body.model_copy(update={"todo": "https://water.example.org/a?b=1"}))
    [last] = [p for p in passages(linked, HOUSE) if "example" in p[0].shown]
    assert last[0].said == ""


@pytest.mark.parametrize("situation", ALL, ids=lambda one: one.__name__)
def test_no_breath_is_longer_than_a_reader_has(situation: Callable[[], Told]) -> None:
    for passage in passages(situation(), HOUSE):
        assert all(0 < len(sentence.shown) <= BREATH for sentence in passage)


@given(some.text(alphabet="水电，。！？；”、 一2.%:\n长", max_size=300))
def test_nothing_that_can_be_said_is_lost(text: str) -> None:
    one = a_rebuttal()
    full = replace(one, body=one.body.model_copy(update={"why": text}))

    def bare(words: str) -> str:
        return "".join(sign for sign in words if sign.isalnum())

    shown = "".join(sentence.shown for passage in passages(full, HOUSE) for sentence in passage)
    assert bare(text) in bare(shown)
