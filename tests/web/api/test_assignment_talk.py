"""Programs ask back, reply, hand over and report from the field."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from tests.web.api.conftest import Program, SignIn

EXPERT = {
    "name": "陈水清",
    "unit": "市环境监测站",
    "topics": ["health"],
    "profile": "饮用水检测与水源保护",
    "consent": {"assignments": True},
}


@pytest.fixture
async def asked(program: SignIn) -> tuple[Program, Program, dict[str, Any]]:
    """An editor, a team that was asked to go to a village, and the question between them."""
    editor = await program("editor")
    made = await editor.post("/experts", {**EXPERT, "kind": "team"}, 201)
    team = await program("expert", expert_id=UUID(made["id"]))
    case = await editor.post("/cases", {"title": "网传自来水不能喝", "kind": "rumor"}, 201)
    offer = {"case_id": case["id"], "expert_id": made["id"], "question": "请到村里讲一讲", "kind": "field"}
    return editor, team, await editor.post("/assignments", offer, 201)


async def test_a_question_back_and_its_reply(asked: tuple[Program, Program, dict[str, Any]]) -> None:
    editor, team, made = asked
    path = f"/assignments/{made['id']}"
    question = await team.post(f"{path}/ask-back", {"text": "去哪几个村？"}, 201)
    assert question["state"] == "waiting"
    assert (await team.post(f"{path}/ask-back", {"text": "在吗？"}, 409))["type"] == "asked_enough"
    paused = await editor.get(path)
    assert paused["assignment"]["due_at"] > made["due_at"]
    reply = {"text": "慈化镇三个村。"}
    assert (await team.post(f"/ask-backs/{question['id']}/reply", reply, 403))["type"] == "forbidden"
    assert (await editor.post(f"/ask-backs/{question['id']}/reply", reply))["reply"] == "慈化镇三个村。"
    shown = await team.get(path)
    assert [one["state"] for one in shown["asked_back"]] == ["replied"]
    assert shown["notices"] == []
    assert sorted(one["kind"] for one in (await editor.get(path))["notices"]) == ["offer", "reply"]


async def test_a_hand_over_is_proposed_refused_and_confirmed(
    asked: tuple[Program, Program, dict[str, Any]],
) -> None:
    editor, team, made = asked
    path = f"/assignments/{made['id']}"
    other = await editor.post("/experts", {**EXPERT, "name": "王小溪", "kind": "team"}, 201)
    colleague = {"name": "王小溪", "reason": "他们离得近"}
    missing = await team.post(f"{path}/hand-over", {**colleague, "name": "王大江"}, 422)
    assert missing["type"] == "not_in_directory"
    first = await team.post(f"{path}/hand-over", colleague, 201)
    refused = await editor.post(f"/hand-overs/{first['id']}/refuse", {"note": "请你们去"})
    assert (refused["state"], refused["note"]) == ("refused", "请你们去")
    second = await team.post(f"{path}/hand-over", colleague, 201)
    new = await editor.post(f"/hand-overs/{second['id']}/confirm")
    assert (new["expert_id"], new["follows"], new["state"]) == (other["id"], made["id"], "offered")
    assert (await editor.get(path))["assignment"]["state"] == "handed_over"
    assert (await team.post(f"{path}/accept", status=409))["type"] == "illegal_transition"


async def test_a_field_report_says_where_and_how_many(
    asked: tuple[Program, Program, dict[str, Any]],
) -> None:
    editor, team, made = asked
    path = f"/assignments/{made['id']}"
    said = {"text": "入户讲解，发了明白纸，大家都听懂了。"}
    assert (await team.post(f"{path}/answer", said, 422))["type"] == "bad_answer"
    given = await team.post(f"{path}/answer", {**said, "reached": 120, "place": "慈化镇某村"}, 201)
    assert (given["reached"], given["place"]) == (120, "慈化镇某村")
    assert (await editor.get(path))["answers"][0]["reached"] == 120
