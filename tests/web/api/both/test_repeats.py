"""A POST that is sent twice with one Idempotency-Key acts once, on both databases."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient
from sqlmodel import select

from content.cases import Case
from service.house import House
from service.store.tables import IdempotencyKey, Tip
from tests.conftest import Clock
from tests.web.api.conftest import API, SignIn


async def rows(house: House, table: type[Any]) -> list[Any]:
    async with house.db.read() as session:
        return list((await session.exec(select(table))).all())


async def test_the_same_key_and_body_get_the_same_answer_and_one_case(program: SignIn, house: House) -> None:
    editor = await program("editor")
    body = {"title": "群传水库要放水，沿河村要转移"}
    first = await editor.send("POST", "/cases", body, Idempotency_Key="k-1")
    again = await editor.send("POST", "/cases", body, Idempotency_Key="k-1")
    assert (first.status, again.status) == (201, 201)
    assert await first.json() == await again.json()
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(await rows(house, Case)) == 1


async def test_a_key_for_another_request_is_refused(program: SignIn, house: House) -> None:
    editor = await program("editor")
    await editor.post("/cases", {"title": "群传水库要放水"}, 201, Idempotency_Key="k-1")
    other = await editor.post("/cases", {"title": "群传桥要塌了"}, 422, Idempotency_Key="k-1")
    assert other["type"] == "idempotency_mismatch"
    elsewhere = await editor.post("/pieces", {"kind": "explainer"}, 422, Idempotency_Key="k-1")
    assert elsewhere["type"] == "idempotency_mismatch"
    assert len(await rows(house, Case)) == 1


async def test_two_people_may_use_the_same_key(program: SignIn, house: House) -> None:
    one, other = await program("editor"), await program("issuer")
    for person in (one, other):
        await person.post("/cases", {"title": "群传水库要放水"}, 201, Idempotency_Key="k-1")
    assert len(await rows(house, Case)) == 2


async def test_of_many_at_once_one_acts(program: SignIn, house: House) -> None:
    editor = await program("editor")

    async def send() -> ClientResponse:
        return await editor.send("POST", "/cases", {"title": "群传今晚有余震"}, Idempotency_Key="at-once")

    answers = await asyncio.gather(*(send() for _ in range(8)))
    assert {answer.status for answer in answers} == {201}
    assert len({(await answer.json())["id"] for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer.headers for answer in answers) == 7
    assert len(await rows(house, Case)) == 1


async def test_a_refused_act_leaves_nothing_and_is_judged_anew(program: SignIn, house: House) -> None:
    editor = await program("editor")
    case = await editor.post("/cases", {"title": "群传今晚有余震"}, 201)
    path = f"/cases/{case['id']}/reopen"
    refused = await editor.post(path, {"reason": "还没关"}, 409, Idempotency_Key="k-2")
    assert refused["type"] == "illegal_transition"
    assert await rows(house, IdempotencyKey) == []
    await editor.post(f"/cases/{case['id']}/dismiss", {"reason": "重复"})
    assert (await editor.post(path, {"reason": "还没关"}, Idempotency_Key="k-2"))["state"] == "queued"


async def test_a_key_ends_after_a_day(program: SignIn, house: House, clock: Clock) -> None:
    editor = await program("editor")
    await editor.post("/cases", {"title": "群传今晚有余震"}, 201, Idempotency_Key="k-3")
    async with house.db.write() as session:
        row = (await session.exec(select(IdempotencyKey))).one()
        row.created_at = clock.now.replace(year=clock.now.year - 1)
        session.add(row)
    await editor.post("/cases", {"title": "群传今晚又有余震"}, 201, Idempotency_Key="k-3")
    assert len(await rows(house, Case)) == 2


async def test_the_token_of_a_tip_is_told_again_but_never_stored_in_the_clear(
    anybody: TestClient[Any, Any], house: House
) -> None:
    body, headers = {"text": "听说超市的盐要断货，是真的吗？"}, {"Idempotency-Key": "tip-1"}
    told = [await (await anybody.post(f"{API}/tips", json=body, headers=headers)).json() for _ in range(2)]
    assert told[0] == told[1]
    assert len(await rows(house, Tip)) == 1
    (kept,) = await rows(house, IdempotencyKey)
    assert told[0]["token"] not in str(kept.answer)
    assert kept.key != "tip-1"
