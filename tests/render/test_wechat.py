"""An article of the official account: inside every limit, with mark, correction, sources and signature whole."""

from __future__ import annotations

from dataclasses import replace

import pytest

from content.body import PieceBody, SourceRef
from content.messages import Message
from content.render.wechat import AUTHOR, BODY, DIGEST, TITLE, official, short
from tests.render.test_chat import message
from tests.writing import EXPLAINER, REBUTTAL

LONG = REBUTTAL.model_copy(
    update={"title": "饮用水水质达标" * 15, "why": "<达标>\n" * 1600, "fact": "全部达标。" * 700}
)
HOSTILE = REBUTTAL.model_copy(
    update={
        "fact": "<script>alert(1)</script><img src=x onerror=alert(1)>达标",
        "sources": (SourceRef(title="<a href='javascript:x'>公告</a>", url="https://example.org/?a=1&b=2"),),
    }
)


@pytest.mark.parametrize("body", [REBUTTAL, EXPLAINER, LONG, HOSTILE])
def test_every_field_keeps_its_limit(body: PieceBody) -> None:
    made = official(message(body))
    assert 0 < len(made.title) <= TITLE == 32
    assert len(made.author) <= AUTHOR == 16
    assert len(made.digest) <= DIGEST == 128
    assert len(made.content) <= BODY < 20_000
    assert len(made.content.encode()) < 1_000_000
    assert len(made.content_source_url.encode()) <= 1024


def test_no_link_no_picture_no_script_is_in_the_body() -> None:
    made = official(message(HOSTILE))
    for forbidden in ("<script", "<img", "<a "):
        assert forbidden not in made.content
    assert "https://example.org/?a=1&amp;b=2" in made.content


def test_of_what_is_too_long_the_longest_part_loses_its_end_and_what_to_do_stays() -> None:
    made = official(message(LONG))
    assert "阅读原文" in made.content
    assert "每日水质公告" in made.content
    assert REBUTTAL.todo.split("；")[0] in made.content
    assert made.content.count("<p>") == made.content.count("</p>")


def test_the_mark_is_never_cut_and_a_correction_is_said_first() -> None:
    corrected = message(LONG, type="correct", reason="应为四十三项。")
    assert official(corrected).title.startswith("【更正】")
    withdrawn = official(message(LONG, type="retract", reason="检测报告被撤回。"))
    assert withdrawn.title.startswith("【撤回】")
    assert "检测报告被撤回" in withdrawn.content
    assert "每日水质公告" not in withdrawn.content


def test_each_delivery_has_an_address_of_its_own_for_the_same_page() -> None:
    one: Message = message()
    two = replace(one, key="0f9c3c1e-0000-4000-8000-000000000000")
    assert official(two).content_source_url.endswith("#0f9c3c1e0000")
    assert (
        official(one).content_source_url.partition("#")[0]
        == official(two).content_source_url.partition("#")[0]
    )
    assert short("0f9c3c1e-0000-4000") == "0f9c3c1e0000"
