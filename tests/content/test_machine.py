"""What a language model is told, what is taken of its answer, and what it can't do."""

from __future__ import annotations

import json

import pytest

from content.machine import (
    BadDraft,
    Material,
    fields_of,
    findings,
    plain,
    read,
    request,
    still_there,
    with_paragraph,
)
from content.redaction import redact
from tests.writing import REBUTTAL

NAMES = fields_of("rebuttal")


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("请打张女士电话13812345678", ("张", "13812345678")),
        ("联系 +86 138-1234-5678 或 0795-3998600", ("138-1234-5678", "3998600")),
        ("身份证360902199001011234，卡号6222021234567890123", ("360902199001011234", "6222021234567890123")),
        ("加微信 wx_abc123，邮箱 li.si@example.com", ("wx_abc123", "li.si@example.com")),
        ("患者：王小明，住袁州区朝阳路12号3栋502室", ("王小明", "朝阳路12号")),
        ("车牌赣C·12345逃逸", ("12345",)),
        ("详见 https://example.org/?phone=13812345678", ("example.org", "13812345678")),
        ("李师傅说", ("李",)),
    ],
)
def test_what_points_at_a_person_does_not_leave_the_house(text: str, gone: tuple[str, ...]) -> None:
    for part in gone:
        assert part not in redact(text)


@pytest.mark.parametrize(
    "text", ["今天三次检测，四十二项指标全部达标。", "2026年11月24日雨量125毫米", "拨打12345热线"]
)
def test_ordinary_words_and_numbers_stay(text: str) -> None:
    assert redact(text) == text


def test_a_request_is_data_of_bounded_size_with_official_words_first() -> None:
    body = REBUTTAL.model_copy(update={"claim": "张女士13812345678说自来水有毒"})
    materials = [Material("论坛", "转发：自来水有毒 " * 500)] * 30 + [Material("水务局", "全部达标", True)]
    asked = request(NAMES, body, materials, ["检测方法可靠，结果可信。"])
    said = json.loads(asked.user)
    assert len(asked.user) < 12_000
    assert said["materials"][0] == {"source": "水务局", "official": True, "text": "全部达标"}
    assert "13812345678" not in asked.user
    assert set(said["fields"]) == set(NAMES)
    assert asked.sha256() != request(NAMES, REBUTTAL, materials, []).sha256()


def test_an_answer_becomes_paragraphs_of_the_asked_fields_only() -> None:
    answer = '```json\n{"fact": ["水质达标。", "没有停水。"], "title": "水质达标", "verdict": "true", "sources": [{"url": "x"}]}\n```'
    assert read(answer, NAMES) == {"title": ["水质达标"], "fact": ["水质达标。", "没有停水。"]}


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "好的，我来写。",
        "[]",
        '{"fact": 3}',
        '{"verdict": "true"}',
        '{"fact": ["   "]}',
        "{" * 5000,
        '{"fact": ' + "[" * 100_000,
    ],
)
def test_an_answer_that_is_no_draft_is_refused(answer: str) -> None:
    with pytest.raises(BadDraft):
        read(answer, NAMES)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("详见https://evil.example.com/x 官网", "详见 官网"),
        ("**注意** <a href=x>点这里</a>", "注意 点这里"),
        ("[官网](https://evil.example.com)", "官网"),
        ("# 标题", "标题"),
        ("@所有人 快看", "＠所有人 快看"),
        ("- 关火", "关火"),
        ("〈略〉说达标", "说达标"),
    ],
)
def test_only_words_are_taken(line: str, words: str) -> None:
    assert plain(line) == words


def test_a_draft_is_bounded_whatever_comes_back() -> None:
    drafted = read(json.dumps({"fact": ["水" * 900] * 40, "title": "水" * 900}, ensure_ascii=False), NAMES)
    assert len(drafted["fact"]) == 12
    assert {len(part) for part in drafted["fact"]} == {800}
    assert len(drafted["title"][0]) == 120


def test_a_paragraph_goes_to_the_end_of_its_field_and_a_title_replaces_the_title() -> None:
    body = with_paragraph(REBUTTAL, "why", "另有三家机构复检。")
    assert body.why == f"{REBUTTAL.why}\n另有三家机构复检。"
    assert with_paragraph(REBUTTAL, "title", "新标题").title == "新标题"
    assert body.verdict == REBUTTAL.verdict
    assert body.sources == REBUTTAL.sources


def test_the_checks_run_over_a_draft() -> None:
    drafted = {"title": [REBUTTAL.claim], "fact": ["请打13812345678"]}
    codes = {(p.code, p.field) for p in findings("rebuttal", REBUTTAL, drafted, None)}
    assert {("claim_in_title", "title"), ("personal_data", "fact")} <= codes


def test_a_machines_words_are_named_as_long_as_they_stand_there() -> None:
    taken = [("why", "另有三家机构复检。")]
    body = with_paragraph(REBUTTAL, "why", "另有三家机构复检。")
    assert [(p.code, p.field, p.severity) for p in still_there(body, taken)] == [
        ("machine_text", "why", "should")
    ]
    assert still_there(REBUTTAL, taken) == []


def test_nobody_drafts_an_authoritys_warning() -> None:
    assert fields_of("warning") == ()
    assert fields_of("correction", "warning") == ()
    assert fields_of("correction", "explainer") == fields_of("explainer")
