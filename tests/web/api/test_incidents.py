"""Into emergency gear and back over the API: one proposes, another activates."""

from __future__ import annotations

from typing import Any

from tests.web.api.conftest import SignIn
from tests.web.api.test_story import text_of, written

FLOOD: dict[str, Any] = {
    "name": "袁河流域洪水",
    "hazard": "flood",
    "level": "orange",
    "regions": ["360902"],
    "reason": "水文部门发布橙色预警",
}


async def test_two_people_bring_the_desk_into_emergency_gear(program: SignIn) -> None:
    editor, issuer = await program("editor"), await program("issuer")
    made = await editor.post("/incidents", FLOOD, 201)
    path = f"/incidents/{made['id']}"
    alone = await editor.post(f"{path}/activate", {"reason": "水位还在涨"}, 403)
    assert alone["type"] == "second_person"
    assert (await issuer.post(f"{path}/activate", {"reason": "同意"}))["state"] == "active"
    assert (await editor.get(f"{path}/panel")) == {"experts": [], "departments": []}
    drafts = (await editor.post(f"{path}/prepare", status=201))["items"]
    assert {draft["kind"] for draft in drafts} == {"explainer"}
    assert await editor.post(f"{path}/prepare", status=201) == {"items": []}
    assert (await editor.get("/incidents"))["items"][0]["state"] == "active"
    assert (await issuer.post(f"{path}/stand-down", {"reason": "水位回落"}))["state"] == "recovering"
    assert (await issuer.post(f"{path}/close", {"reason": "总结已读"}))["state"] == "closed"
    whole = await editor.get(path)
    assert [act["act"] for act in whole["acts"]] == ["propose", "activate", "prepare", "stand_down", "close"]


async def test_everyday_texts_wait_unless_somebody_says_why_not(program: SignIn) -> None:
    editor, issuer = await program("editor"), await program("issuer")
    piece_id, saved = await written(editor)
    await editor.post(f"/pieces/{piece_id}/submit", text_of(saved))
    await issuer.post(f"/pieces/{piece_id}/approve", text_of(saved), 201)
    incident = await editor.post("/incidents", FLOOD, 201)
    await issuer.post(f"/incidents/{incident['id']}/activate", {"reason": "同意"})
    assert (await issuer.post(f"/pieces/{piece_id}/publish", status=409))["type"] == "held"
    out = await issuer.post(f"/pieces/{piece_id}/publish", {"override": "群众正在囤水，不能等"}, 201)
    assert out["type"] == "publish"


async def test_a_proposal_that_makes_no_sense_names_its_field(program: SignIn) -> None:
    editor = await program("editor")
    wrong = await editor.post("/incidents", FLOOD | {"hazard": "meteor"}, 422)
    assert (wrong["type"], wrong["field"]) == ("bad_incident", "hazard")
