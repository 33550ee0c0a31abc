"""What anybody may ask: publications, what is known about a text, and tips."""

from __future__ import annotations

from typing import Any

from aiohttp.test_utils import TestClient

from content.permissions import Actor
from service.house import House
from service.usecases import publish
from service.web.api import publications as listed
from tests.web.api.conftest import API
from tests.writing import EXPLAINER, REBUTTAL, published


async def get(client: TestClient[Any, Any], path: str, status: int = 200) -> Any:
    answer = await client.get(API + path)
    assert answer.status == status, await answer.text()
    return await answer.json()


async def test_publications_come_newest_first_page_by_page(
    anybody: TestClient[Any, Any], house: House, editor: Actor, issuer: Actor
) -> None:
    made = [
        await published(
            house.ctx,
            house.db,
            editor,
            issuer,
            REBUTTAL.model_copy(update={"title": f"第{n}次通报，水质达标"}),
        )
        for n in range(5)
    ]
    seen: list[str] = []
    cursor = ""
    while True:
        page = await get(anybody, f"/publications?limit=2&cursor={cursor}")
        seen += [item["public_id"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = page["next"]
    assert seen == [one.public_id for one in reversed(made)]


async def test_filters_find_what_fits_even_behind_many_that_do_not(
    anybody: TestClient[Any, Any], house: House, editor: Actor, issuer: Actor, monkeypatch: Any
) -> None:
    wanted = await published(house.ctx, house.db, editor, issuer, EXPLAINER, "explainer")
    for _ in range(3):
        await published(house.ctx, house.db, editor, issuer)
    monkeypatch.setattr(listed, "SCANNED", 2)
    first = await get(anybody, "/publications?kind=explainer&limit=5")
    assert first["items"] == []
    second = await get(anybody, f"/publications?kind=explainer&limit=5&cursor={first['next']}")
    assert [item["public_id"] for item in second["items"]] == [wanted.public_id]
    assert (await get(anybody, "/publications?verdict=true"))["items"] == []
    assert len((await get(anybody, "/publications?verdict=false&region=360902&topic=health"))["items"]) <= 2


async def test_a_page_tells_its_versions_and_a_withdrawn_one_its_reason_only(
    anybody: TestClient[Any, Any], house: House, editor: Actor, issuer: Actor
) -> None:
    out = await published(house.ctx, house.db, editor, issuer)
    before = await get(anybody, f"/publications/{out.public_id}")
    assert before["body"]["fact"].startswith("今天三次检测")
    async with house.db.write() as session:
        await publish.retract(house.ctx, session, out.public_id, "引用的数据不是当日的", issuer)
    after = await get(anybody, f"/publications/{out.public_id}")
    assert after["body"] is None
    assert after["verdict"] is None
    assert after["reason"] == "引用的数据不是当日的"
    assert [v["type"] for v in after["versions"]] == ["publish", "retract"]


async def test_an_exercise_is_not_there(
    anybody: TestClient[Any, Any], house: House, editor: Actor, issuer: Actor
) -> None:
    out = await published(house.ctx, house.db, editor, issuer, exercise=True)
    assert (await get(anybody, "/publications"))["items"] == []
    assert (await get(anybody, f"/publications/{out.public_id}", 404))["type"] == "not_found"


async def test_who_has_the_newest_version_is_told_that_nothing_changed(
    anybody: TestClient[Any, Any], house: House, editor: Actor, issuer: Actor
) -> None:
    out = await published(house.ctx, house.db, editor, issuer)
    first = await anybody.get(f"{API}/publications/{out.public_id}")
    again = await anybody.get(
        f"{API}/publications/{out.public_id}", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert (again.status, await again.read()) == (304, b"")


async def test_a_known_claim_is_answered_and_an_unknown_one_is_not_called_true(
    anybody: TestClient[Any, Any], house: House, editor: Actor, issuer: Actor
) -> None:
    out = await published(house.ctx, house.db, editor, issuer)
    known = await get(anybody, "/check?text=上游工厂泄漏，全市自来水有毒，明天起停水三天")
    assert known["known"] is True
    assert known["same"]["public_id"] == out.public_id
    unknown = await get(anybody, "/check?text=市图书馆周末延长开放到晚上九点")
    assert (unknown["known"], unknown["unknown_means_true"], unknown["same"]) == (False, False, None)


async def test_a_tip_is_taken_without_a_session_and_followed_by_its_token(
    anybody: TestClient[Any, Any],
) -> None:
    sent = {"text": "群里说今晚停电一整夜，是真的吗？", "region": "360902", "contact": "13800001111"}
    answer = await anybody.post(f"{API}/tips", json=sent)
    assert answer.status == 201
    told = await answer.json()
    status = await get(anybody, f"/tips/{told['token']}")
    assert (status["state"], status["text"]) == ("received", sent["text"])
    assert "13800001111" not in str(status)
    assert (await get(anybody, "/tips/" + "x" * 32, 404))["type"] == "not_found"


async def test_wrong_fields_are_named(anybody: TestClient[Any, Any]) -> None:
    answer = await anybody.post(f"{API}/tips", json={"text": "问", "region": "宜春", "mood": "worried"})
    assert answer.status == 422
    problem = await answer.json()
    assert problem["type"] == "invalid"
    assert {field["field"] for field in problem["fields"]} == {"text", "region", "mood"}
