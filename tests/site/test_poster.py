"""The poster and its typesetting: Chinese line rules, one size, readable without a Chinese font too."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from content.render.told import Told, told
from service.site import poster as posters
from service.site.poster import HEIGHT, WIDTH, poster
from service.site.typeset import NOT_FIRST, NOT_LAST, lines
from tests.render.situations import ALL, HOUSE, WATER, a_rebuttal, publication

TEXT = st.text(alphabet="事实第一、再转发。“”（）《》，！？42％ abc", min_size=1, max_size=120)


def width(text: str) -> float:
    """As in print: a Latin sign is half as wide."""
    return sum(1 if sign.isascii() else 2 for sign in text)


@given(TEXT, st.integers(min_value=12, max_value=40))
@example("““““““ 2", 12)
@example("2“““““ 2", 12)
@example("“““““” ”", 12)
@example("事“ “ “ “ 实", 12)
def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(text: str, room: int) -> None:
    made = lines(text, room, width, 1_000)
    for before, line in pairwise(made):
        assert line[0] not in NOT_FIRST or before[-1] in NOT_LAST or len(before) == 1
        # A line of nothing but marks has no better place to break.
        assert before[-1] not in NOT_LAST or set(before) <= {*NOT_LAST, *NOT_FIRST, " "}


@given(TEXT, st.integers(min_value=12, max_value=40))
def test_nothing_is_lost_between_lines(text: str, room: int) -> None:
    made = lines(text, room, width, 1_000)
    assert "".join("".join(made).split()) == "".join(text.split())


def test_a_line_is_as_wide_as_the_room_but_for_hanging_marks() -> None:
    made = lines("自来水厂每天检测水质，用水安全有保障，不用囤水。" * 3, 20, width, 99)
    assert all(width(line.rstrip(NOT_FIRST)) <= 20 for line in made)


def test_what_does_not_fit_ends_in_an_ellipsis() -> None:
    made = lines("水质全部合格。" * 30, 20, width, 3)
    assert len(made) == 3
    assert made[-1].endswith("…")


def test_a_latin_word_stays_whole() -> None:
    assert lines("请拨打热线12345或者12320咨询", 12, width, 9)[0].endswith(("热线", "12345"))


@pytest.mark.parametrize("make", ALL)
def test_a_poster_is_a_picture_of_one_size_and_small(make: Callable[[], Told]) -> None:
    made = poster(make(), HOUSE)
    assert Image.open(io.BytesIO(made)).size == (WIDTH, HEIGHT)
    assert len(made) < 120_000
    assert poster(make(), HOUSE) == made


def test_a_very_long_text_stays_above_the_foot() -> None:
    body = WATER.model_copy(
        update={"title": "水质合格" * 30, "fact": "检测全部合格。" * 200, "todo": "不用囤水。" * 200}
    )
    picture = Image.open(io.BytesIO(poster(told(publication(body)), HOUSE))).convert("L")
    between = picture.crop((80, 1130, 700, 1215))
    assert not any(between.histogram()[:200]), "text runs into the foot"


def test_a_machine_without_chinese_letters_still_makes_a_poster(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(bold: bool) -> Path | None:
        return None

    monkeypatch.setattr(posters, "font_file", none)
    assert Image.open(io.BytesIO(poster(a_rebuttal(), HOUSE))).size == (WIDTH, HEIGHT)
