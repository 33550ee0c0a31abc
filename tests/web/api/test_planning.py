"""Clocks and calendar over the API."""

from __future__ import annotations

from tests.web.api.conftest import SignIn
from tests.web.api.test_incidents import FLOOD


async def test_a_running_clock_has_its_time_left(program: SignIn) -> None:
    editor, issuer = await program("editor"), await program("issuer")
    made = await editor.post("/incidents", FLOOD, 201)
    await issuer.post(f"/incidents/{made['id']}/activate", {"reason": "同意"})
    rows = (await editor.get("/clocks"))["items"]
    assert [row["left_seconds"] for row in rows] == sorted(row["left_seconds"] for row in rows)
    (holding,) = [row for row in rows if row["clock"] == "holding"]
    assert (holding["subject"], holding["id"]) == ("incident", made["id"])
    assert (holding["standing"], holding["left_seconds"]) == ("running", 1800)
    expert = await program("expert")
    await expert.get("/clocks", 403)


async def test_the_calendar_tells_what_is_ahead(program: SignIn) -> None:
    editor = await program("editor")
    near = (await editor.get("/calendar?days=10"))["items"]
    far = (await editor.get("/calendar?days=366"))["items"]
    assert len(near) < len(far)
    (day,) = [row for row in far if row["code"] == "disaster_prevention"]
    assert (day["first"][5:], day["standing"], day["case_id"]) == ("05-12", "later", None)
    await editor.get("/calendar?days=1000", 422)
