"""The administrator sets how long experts have, and nobody else does."""

from __future__ import annotations

from datetime import timedelta

from service.house import House
from service.usecases import assignment_terms
from tests.web.conftest import Login

PAGE = "/admin/terms"


async def test_minutes_are_set_kept_and_given_back(login: Login, house: House) -> None:
    boss = await login("sysadmin")
    assert "原值 1440 分钟" in await boss.page(PAGE)
    answer = await boss.post(PAGE, {"everyday.opinion.respond": "600", "incident.fact.answer": ""}, on=PAGE)
    assert answer.status == 303, await answer.text()
    async with house.db.read() as session:
        table = await assignment_terms.terms(session)
    assert table["everyday"]["opinion"].respond == timedelta(hours=10)
    assert table["incident"]["fact"].answer == timedelta(hours=1)
    assert 'value="600"' in await boss.page(PAGE)
    assert (await boss.post(PAGE, {}, on=PAGE)).status == 303
    async with house.db.read() as session:
        table = await assignment_terms.terms(session)
    assert table["everyday"]["opinion"].respond == timedelta(hours=24)


async def test_what_makes_no_sense_is_refused(login: Login) -> None:
    boss = await login("sysadmin")
    for wrong in (
        {"everyday.opinion.respond": "很快"},
        {"everyday.opinion.answer": "5"},
        {"incident.fact.remind": "0"},
    ):
        assert (await boss.post(PAGE, wrong, on=PAGE)).status == 422
    assert (await (await login("editor")).get(PAGE)).status == 403
