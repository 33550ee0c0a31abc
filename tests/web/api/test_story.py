"""From a rumor heard to a text retracted, over the API alone: every role does its own part."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from service.house import House
from tests.web.api.conftest import Program, SignIn
from tests.writing import REBUTTAL

BODY = REBUTTAL.model_dump(mode="json")


async def written(editor: Program, case_id: str | None = None) -> tuple[str, dict[str, Any]]:
    """A piece with a complete text; its id and what saving it answered."""
    made = await editor.post("/pieces", {"kind": "rebuttal", "case_id": case_id}, 201)
    piece_id = made["piece"]["id"]
    tag = f'"{made["revision"]}-{made["sha256"][:16]}"'
    saved = await editor.send("PUT", f"/pieces/{piece_id}", BODY, If_Match=tag)
    assert saved.status == 200, await saved.text()
    told = await saved.json()
    assert saved.headers["ETag"] == f'"{told["revision"]}-{told["sha256"][:16]}"'
    return piece_id, told


def text_of(saved: dict[str, Any]) -> dict[str, Any]:
    return {"revision": saved["revision"], "sha256": saved["sha256"]}


async def test_a_rumor_is_answered_by_two_people(program: SignIn) -> None:
    editor, issuer = await program("editor"), await program("issuer")
    case = await editor.post("/cases", {"title": REBUTTAL.claim, "kind": "rumor"}, 201)
    claimed = await editor.post(f"/cases/{case['id']}/claim", {"version": case["version"]})
    assert (claimed["state"], claimed["claimed_by"]) == ("accepted", str(editor.user_id))
    piece_id, saved = await written(editor, case["id"])
    assert (await editor.post(f"/pieces/{piece_id}/submit", text_of(saved)))["state"] == "in_review"
    await issuer.post(f"/pieces/{piece_id}/approve", text_of(saved), 201)
    out = await issuer.post(f"/pieces/{piece_id}/publish", status=201)
    assert (out["version"], out["type"], out["sha256"]) == (1, "publish", saved["sha256"])
    page = await editor.get(f"/publications/{out['public_id']}")
    assert page["body"]["claim"] == REBUTTAL.claim
    whole = await editor.get(f"/cases/{case['id']}")
    assert whole["case"]["answered_with"] == out["public_id"]
    still = await editor.post(f"/publications/{out['public_id']}/reviewed", {"until": "2027-03-01"})
    assert still["review_due"].startswith("2027-03-01T01:00:00")
    early = await editor.post(f"/publications/{out['public_id']}/reviewed", {"until": "2026-11-24"}, 422)
    assert early["type"] == "bad_review_date"
    gone = await issuer.post(f"/publications/{out['public_id']}/retract", {"reason": "数据有误"}, 201)
    assert (gone["type"], gone["version"]) == ("retract", 2)
    await editor.post(f"/publications/{out['public_id']}/looked", status=204)
    deliveries = await editor.get("/deliveries")
    assert [d["type"] for d in deliveries["items"]] == ["retract", "publish"]
    one = await editor.get(f"/deliveries/{deliveries['items'][0]['id']}")
    assert one["attempts"] == []


async def test_an_approved_text_is_given_a_moment_and_has_it_taken_back(program: SignIn) -> None:
    editor, issuer = await program("editor"), await program("issuer")
    piece_id, saved = await written(editor)
    await editor.post(f"/pieces/{piece_id}/submit", text_of(saved))
    await issuer.post(f"/pieces/{piece_id}/approve", text_of(saved), 201)
    moment = {**text_of(saved), "at": "2026-11-24T20:30:00+08:00", "embargo": True}
    planned = await issuer.post(f"/pieces/{piece_id}/schedule", moment)
    assert planned["publish_at"].startswith("2026-11-24T12:30:00")
    assert (await issuer.post(f"/pieces/{piece_id}/publish", status=409))["type"] == "embargoed"
    late = {**text_of(saved), "at": "2026-11-23T20:30:00+08:00"}
    assert (await issuer.post(f"/pieces/{piece_id}/schedule", late, 422))["type"] == "unplannable"
    assert (await issuer.post(f"/pieces/{piece_id}/unschedule"))["publish_at"] is None


async def test_nobody_approves_their_own_text(program: SignIn) -> None:
    both = await program("editor", "issuer")
    piece_id, saved = await written(both)
    await both.post(f"/pieces/{piece_id}/submit", text_of(saved))
    refused = await both.post(f"/pieces/{piece_id}/approve", text_of(saved), 403)
    assert refused["type"] == "self_approval"
    assert (await both.post(f"/pieces/{piece_id}/publish", status=409))["type"] == "illegal_transition"


async def test_saving_needs_the_revision_that_was_read(program: SignIn) -> None:
    editor, other = await program("editor"), await program("editor")
    piece_id, _ = await written(editor)
    missing = await editor.send("PUT", f"/pieces/{piece_id}", BODY)
    assert (missing.status, (await missing.json())["type"]) == (428, "precondition_required")
    tag = (await editor.client.get(f"/api/v1/pieces/{piece_id}")).headers["ETag"]
    first = await other.send("PUT", f"/pieces/{piece_id}", BODY | {"todo": "以公告为准。"}, If_Match=tag)
    assert first.status == 200
    late = await editor.send("PUT", f"/pieces/{piece_id}", BODY | {"todo": "别囤水。"}, If_Match=tag)
    assert (late.status, (await late.json())["type"]) == (412, "stale_revision")
    for weak in ("*", f"W/{tag}", '"0-0"'):
        assert (await editor.send("PUT", f"/pieces/{piece_id}", BODY, If_Match=weak)).status == 412
    assert (await editor.get(f"/pieces/{piece_id}"))["body"]["todo"] == "以公告为准。"


async def test_what_changed_and_what_was_said_about_it_can_be_read(program: SignIn) -> None:
    editor, issuer = await program("editor"), await program("issuer")
    piece_id, saved = await written(editor)
    await issuer.post(f"/pieces/{piece_id}/comments", {"note": "请补检测时间"}, 201)
    whole = await editor.get(f"/pieces/{piece_id}")
    assert [act["note"] for act in whole["acts"]] == ["请补检测时间"]
    assert str(editor.user_id) in whole["hands"]
    diff = await editor.get(f"/pieces/{piece_id}/diff?a=1&b={saved['revision']}")
    assert "fact" in {one["field"] for one in diff["items"]}
    answer = await editor.client.get(f"/api/v1/pieces/{piece_id}")
    again = await editor.client.get(
        f"/api/v1/pieces/{piece_id}", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status == 304


EXPERT = {
    "name": "陈水清",
    "unit": "市环境监测站",
    "topics": ["health"],
    "profile": "饮用水检测与水源保护",
    "consent": {"assignments": True},
    "contact": {"phone": "13800002222", "email": "chen@example.org"},
}


@pytest.fixture
async def asked(program: SignIn, house: House) -> tuple[Program, Program, dict[str, Any]]:
    """An editor, an expert, and a question between them."""
    editor = await program("editor")
    made = await editor.post("/experts", EXPERT, 201)
    expert = await program("expert", expert_id=UUID(made["id"]))
    case = await editor.post("/cases", {"title": REBUTTAL.claim, "kind": "rumor"}, 201)
    offer = {"case_id": case["id"], "expert_id": made["id"], "question": "这几天的检测结果如何？"}
    return editor, expert, await editor.post("/assignments", offer, 201)


async def test_an_expert_answers_and_sees_only_their_own(
    asked: tuple[Program, Program, dict[str, Any]], program: SignIn
) -> None:
    editor, expert, assignment = asked
    mine = await expert.get("/assignments")
    assert [one["id"] for one in mine["items"]] == [assignment["id"]]
    path = f"/assignments/{assignment['id']}"
    assert (await expert.post(f"{path}/accept"))["state"] == "accepted"
    opinion = {
        "text": "四十二项指标全部达标，可以放心饮用。",
        "verdict": "false",
        "sources": [{"title": "水质公告"}],
    }
    assert (await expert.post(f"{path}/answer", opinion, 201))["verdict"] == "false"
    assert (await editor.get(path))["assignment"]["state"] == "fulfilled"
    stranger = await program("expert", expert_id=UUID(int=7))
    assert (await stranger.get("/assignments"))["items"] == []
    assert (await stranger.get(path, 404))["type"] == "not_found"
    assert (await stranger.post(f"{path}/accept", status=404))["type"] == "not_found"
    assert (await expert.get(f"/experts/{assignment['expert_id']}"))["name"] == "陈水清"
    assert (await stranger.get(f"/experts/{assignment['expert_id']}", 404))["type"] == "not_found"


async def test_contact_data_is_masked_until_it_is_revealed_on_the_record(
    asked: tuple[Program, Program, dict[str, Any]], program: SignIn
) -> None:
    editor, _, assignment = asked
    expert_id = assignment["expert_id"]
    for path in ("/experts", f"/experts/{expert_id}", f"/cases/{assignment['case_id']}/candidates"):
        assert "13800002222" not in str(await editor.get(path)), path
    assert (await editor.post(f"/experts/{expert_id}/reveal", {"reason": " "}, 422))[
        "type"
    ] == "missing_reason"
    shown = await editor.post(f"/experts/{expert_id}/reveal", {"reason": "电话约访"})
    assert shown == {"phone": "13800002222", "email": "chen@example.org"}
    auditor = await program("auditor")
    (entry,) = (await auditor.get("/audit?act=expert.reveal"))["items"]
    assert (entry["subject_id"], entry["reason"]) == (expert_id, "电话约访")
