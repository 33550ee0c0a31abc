"""Robots and text messages: within every limit with mark, verdict and link whole; nobody pinged, nothing turned into a link."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from content.body import PieceBody
from content.messages import Message, sample
from content.render import chat
from content.render.told import House
from tests.render.situations import a_warning
from tests.writing import REBUTTAL

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HOUSE = House("示例市科学技术协会", "清源", "https://kepu.example.org", ZoneInfo("Asia/Shanghai"))
WORDS = st.text(alphabet='水质达标检测四十三项。，！\n *_#>[]()<@all&\\"🙂a1', max_size=900)


def message(body: PieceBody = REBUTTAL, **more: Any) -> Message:
    made = sample("k", HOUSE, NOW)
    told = replace(made.told, body=body, kind="rebuttal", exercise=False, public_id="abc234def567", **more)
    return replace(made, told=told)


BODIES = st.builds(
    lambda title, fact, todo, claim: REBUTTAL.model_copy(
        update={"title": (title or "水质达标")[:120], "fact": fact * 5, "todo": todo * 3, "claim": claim[:500]}
    ),
    WORDS, WORDS, WORDS, WORDS,
)  # fmt: skip
TYPES = st.sampled_from(["publish", "correct", "retract"])


@given(BODIES, TYPES, WORDS)
def test_whatever_is_written_fits_with_link_and_verdict_whole(
    body: PieceBody, type: str, reason: str
) -> None:
    told = message(body, type=type, reason=reason[:2000])
    link = f"https://kepu.example.org/p/{told.id}"
    verdict = "" if type == "retract" else "结论：谣言"
    shown = {
        "wecom": (chat.wecom(told), 4096),
        "dingtalk": (chat.dingtalk(told, "清源"), 15_000),
        "feishu": (json.dumps(chat.feishu(told), ensure_ascii=False), 20_000),
    }
    for kind, (text, limit) in shown.items():
        assert len(text.encode()) <= limit, kind
        assert link in text, kind
        assert verdict in text, kind
    short = chat.sms(told)
    assert len(short) <= 201
    assert short.endswith(f" {link}?c=s")
    assert short.startswith("【示例市科学技术协会】")


@given(BODIES)
def test_the_request_to_a_robot_fits_its_services_limit(body: PieceBody) -> None:
    told = message(body)
    dingtalk = {"msgtype": "markdown", "markdown": {"title": told.told.headline, "text": chat.dingtalk(told)}}
    assert len(json.dumps(dingtalk, ensure_ascii=False).encode()) <= 20_000
    feishu = {"timestamp": "1700000000", "sign": "x" * 44, "card": chat.feishu(told)}
    assert len(json.dumps(feishu, ensure_ascii=False).encode()) <= 20 * 1024


def test_nobody_is_mentioned_and_nothing_becomes_a_link_of_its_own() -> None:
    body = REBUTTAL.model_copy(
        update={"fact": '@所有人 @all <at user_id="all">x</at> <@all> [点我](https://evil.example)'}
    )
    for text in (chat.wecom(message(body)), chat.dingtalk(message(body))):
        assert "@所有人" not in text
        assert "@all" not in text
        assert "<at" not in text
        assert "](https://evil" not in text
        assert text.count("](") == 1
    assert "<at" not in json.dumps(chat.feishu(message(body)), ensure_ascii=False)


def test_marks_stand_before_everything_and_an_exercise_says_so_everywhere() -> None:
    drill = replace(message(), told=replace(message().told, exercise=True))
    for rendition in chat.renditions(drill):
        assert "【演练】" in rendition.text, rendition.kind
        assert rendition.size <= rendition.limit
    withdrawn = chat.wecom(message(type="retract", reason="检测报告被撤回。"))
    assert withdrawn.startswith("**【撤回】")
    assert "检测报告被撤回" in withdrawn
    assert REBUTTAL.fact not in withdrawn
    corrected = chat.wecom(message(type="correct", reason="应为四十三项。"))
    assert corrected.startswith("**【更正】")
    assert "更正说明：应为四十三项。" in corrected


def test_the_rumor_itself_is_not_repeated() -> None:
    for rendition in chat.renditions(message()):
        assert REBUTTAL.claim not in rendition.text


def test_a_keyword_that_the_robot_wants_is_there_once() -> None:
    assert chat.dingtalk(message(), "清源通知").count("清源通知") == 1
    assert chat.dingtalk(message(), "水质").count("水质") == chat.dingtalk(message()).count("水质")


def test_text_messages_are_counted_as_carriers_count_them() -> None:
    assert [chat.sms_parts("水" * n) for n in (1, 70, 71, 134, 135, 201)] == [1, 1, 2, 2, 3, 3]
    assert len(chat.sms(message(), most=1)) <= 70


def test_a_relayed_warning_says_who_warns_of_what_where_and_what_to_do_everywhere() -> None:
    told = a_warning()
    relayed = Message("k", told, HOUSE)
    warning = told.body.warning or {}
    shown = [r.text + r.html for r in chat.renditions(relayed)] + [str(chat.feishu(relayed))]
    for text in shown:
        for element in ("issuer", "issued_at", "level", "area", "cautions", "measures"):
            assert warning[element] in text.replace("\n", ""), element
