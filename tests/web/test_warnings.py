"""Relaying an official warning from the page of its case, and taking it down when its issuer cancels it."""

from __future__ import annotations

from content.permissions import Actor
from service.house import House
from service.store import pieces as rows
from service.usecases import alarms, publish
from tests.conftest import Clock
from tests.usecases.newsroom import all_cases
from tests.usecases.test_warnings import TEXT, cap, heard, out, relayed
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


async def test_who_opens_the_desk_sees_that_a_relayed_warning_is_over_and_closes_it(
    house: House, login: Login, editor: Actor, issuer: Actor, clock: Clock
) -> None:
    piece, _ = await relayed(house.ctx, house.db, editor, await heard(house.ctx, house.db, editor, cap(1)))
    told = await out(house.ctx, house.db, piece, editor, issuer)
    person = await login("editor", name="李编辑")
    page, text = f"/desk/publications/{told.public_id}", f"/desk/pieces/{piece.id}"
    assert "撤下，告知各渠道" not in await person.page(page)
    assert (await person.post(f"{page}/end", {"reason": "不想要了"}, on=page)).status == 409
    clock.move(hours=6)
    person = await login("editor", name="赵编辑")  # the first has been idle too long
    await alarms.look(house.ctx, house.db, None)
    for shown in (await person.page("/desk"), await person.page("/desk/clocks"), await person.page(text)):
        assert "转发的预警已过有效期" in shown
    assert f"{page}#ended" in await person.page(text)
    shown = await person.page(page)
    assert "这条预警的有效期已于2026年11月24日14时30分结束。" in shown
    answer = await person.post(f"{page}/end", {"reason": "这条预警已经过期，以新消息为准。"}, on=page)
    assert answer.status == 303
    assert "这条预警已经过期，以新消息为准。" in await person.page(page)
    await alarms.look(house.ctx, house.db, None)
    assert "转发的预警已过有效期" not in await person.page("/desk")
