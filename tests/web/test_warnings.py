"""Relaying an official warning from the page of its case, and taking it down when its issuer cancels it."""

from __future__ import annotations

from content.permissions import Actor
from service.house import House
from service.store import pieces as rows
from service.usecases import publish
from tests.usecases.newsroom import all_cases
from tests.usecases.test_warnings import TEXT, cap, heard
from tests.web.conftest import Login
from tests.writing import approved


async def test_a_warning_is_relayed_from_its_case_and_taken_down_from_there(
    house: House, login: Login, editor: Actor, issuer: Actor
) -> None:
    person = await login("editor", name="李编辑")
    evidence = await heard(house.ctx, house.db, editor, cap(1, instruction=""))
    [case] = await all_cases(house.db)
    assert "原文转发" in await person.page(f"/desk/cases/{case.id}")
    answer = await person.post(f"/desk/warnings/{evidence}/relay")
    page = answer.headers["Location"].partition("?")[0]
    shown = await person.page(page)
    assert TEXT in shown
    assert "原文没有写明" in shown

    form = {
        "base_revision": "1",
        "warning_cautions": "雨不大",
        "warning_measures": "停止户外活动。",
        "todo": "",
    }
    assert (await person.post(page, form, on=page)).status == 422
    del form["warning_cautions"]
    assert (await person.post(page, form, on=page)).status == 303
    async with house.db.read() as session:
        [piece] = await rows.listing(session)
        revision = await rows.revision(session, piece.id, piece.revision)
    assert revision.body["warning"]["measures"] == "停止户外活动。"
    await approved(house.ctx, house.db, piece, revision, editor, issuer)
    async with house.db.write() as session:
        told = await publish.publish(house.ctx, session, piece.id, issuer)
    assert "开始更正" not in await person.page(f"/desk/publications/{told.public_id}")

    over = await heard(
        house.ctx, house.db, editor, cap(2, "Cancel"), title="宜春市气象台解除暴雨橙色预警信号"
    )
    cases = [f"/desk/cases/{one.id}" for one in await all_cases(house.db)]
    [holder] = [path for path in cases if f"/desk/warnings/{over}/end" in await person.page(path)]
    assert "转发的预警还在网上" in await person.page(holder)
    answer = await person.post(f"/desk/warnings/{over}/end", on=holder)
    assert answer.headers["Location"].startswith(f"/desk/publications/{told.public_id}")
    assert "已于2026年11月24日8时2分解除" in await person.page(f"/desk/publications/{told.public_id}")
