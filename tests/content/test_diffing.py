"""Differences that can be read: what was taken out, what came in, nothing lost between."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from content.diffing import changed_fields, diff, spans
from tests.writing import REBUTTAL

TEXT = st.text(alphabet="水质达标检测。！\n四五六", max_size=120)


@given(TEXT, TEXT)
def test_both_texts_can_be_read_back_from_the_differences(before: str, after: str) -> None:
    found = spans(before, after)
    assert "".join(s.text for s in found if s.kind != "added") == before
    assert "".join(s.text for s in found if s.kind != "removed") == after


def test_a_changed_number_is_shown_and_the_rest_stays() -> None:
    found = spans("出厂水四十二项指标全部达标。照常用水。", "出厂水四十三项指标全部达标。照常用水。")
    assert [(s.kind, s.text) for s in found if s.kind != "same"] == [("removed", "二"), ("added", "三")]


def test_a_rewritten_sentence_is_shown_whole() -> None:
    found = spans("今天三次检测全部合格。", "水厂昨夜停机检修两小时。")
    assert [s.kind for s in found] == ["removed", "added"]


def test_only_fields_that_differ_are_named_in_the_order_of_the_form() -> None:
    after = REBUTTAL.model_copy(
        update={"todo": "烧开再喝。", "title": "水质全部达标", "verdict": "misleading"}
    )
    assert changed_fields(REBUTTAL, after) == ["title", "verdict", "todo"]
    assert [d.field for d in diff(REBUTTAL, after)] == ["title", "verdict", "todo"]


def test_a_long_text_costs_little() -> None:
    before = "".join(f"第{n}条：遇到雷雨先离开高处。" for n in range(1200))
    began = time.perf_counter()
    spans(before, before.replace("第7条", "第七条"))
    assert time.perf_counter() - began < 2
