"""What the desk is told about a score: few reasons, each once, in words; and the diagram of how honest scores are."""

from __future__ import annotations

from classifiers import diagram
from classifiers.reasons import MOST, phrases, strongest


def terms(*found: tuple[str, float]) -> list[str]:
    return [reason.term for reason in strongest(found)]


def test_one_thing_is_said_once_and_counts_whole() -> None:
    found = strongest([("地震", 5.8), ("级地震", 4.9), ("3.8级地震", 2.9), ("海域", 1.4)])
    assert [(reason.term, reason.weight) for reason in found] == [("3.8级地震", 13.6), ("海域", 1.4)]


def test_what_hardly_counts_is_left_out() -> None:
    assert terms(("遇难", 5.6), ("通报", 3.1), ("威海", 0.2), ("冷库", 0.1)) == ["遇难", "通报"]


def test_a_masked_number_is_no_reason_unless_it_is_the_only_one() -> None:
    assert terms(("00", 1.7), ("火灾", 0.8)) == ["火灾"]
    assert terms(("00", 1.7)) == ["00"]


def test_words_that_tell_nothing_are_told_only_where_nothing_else_speaks() -> None:
    assert terms(("法国", 3.0), ("失火", 1.5), ("已经", 1.4), ("如何", 1.2)) == ["失火"]
    assert terms(("的人嘴", 2.0), ("多地可", 1.9), ("海南岛", 1.8), ("热射病", 0.9)) == ["热射病"]
    assert terms(("新加坡", 0.9), ("就能", 0.5)) == ["新加坡", "就能"]
    assert terms(("南昌起义", 1.0), ("真相来了", 0.9)) == ["南昌起义", "真相来了"]


def test_nothing_is_told_where_nothing_speaks_for_it() -> None:
    assert terms(("讲座", -2.0), ("的", 3.0), ("图书馆", 0.04)) == []
    assert len(terms(*((chr(0x4E00 + n) * 2, 1.0) for n in range(20)))) == MOST


def test_single_characters_side_by_side_are_read_together() -> None:
    words = ["网", "传", "停水", "三", "天", "，", "快", "去", "囤", "水", "吧", "家人", "们"]
    found = phrases(words)
    assert found == ["网传", "停水", "三天", "，", "快去囤", "水吧", "家人", "们"]
    assert "".join(found) == "".join(words)


def test_the_diagram_shows_what_was_said_and_what_was() -> None:
    (over,) = diagram.lines([(0.9, 0.5, 12)])
    assert over.count("█") == 15
    assert "said 0.90" in over
    assert "was 0.50  (n=12)" in over
    assert over.index("│") > over.rindex("█")
    (edge,) = diagram.lines([(1.0, 1.0, 3)])
    assert edge.count("│") == 1


def test_a_place_is_told_only_where_nothing_else_speaks() -> None:
    assert terms(("暴雨", 3.0), ("汕头", 1.4), ("江西", 1.2)) == ["暴雨"]
    assert terms(("汕头", 1.4)) == ["汕头"]
