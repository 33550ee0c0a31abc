"""Time limits through the browser's eyes: on the queue, the case, the board, and the administrator's page."""

from __future__ import annotations

from content.permissions import Actor
from service.house import House
from service.usecases import alarms, cases, clocks, publish
from tests.conftest import Clock
from tests.web.conftest import Login
from tests.writing import published


async def test_a_running_clock_is_shown_in_words_on_queue_case_and_board(
    house: House, login: Login, clock: Clock
) -> None:
    by = Actor(house.ctx.new_id(), "编辑", frozenset({"editor"}))
    async with house.db.write() as s:
        case = await cases.open_by_hand(house.ctx, s, "网传停水三天", "rumor", "快囤水！", by)
    clock.move(minutes=100)
    await alarms.look(house.ctx, house.db, None)
    who = await login("editor")
    for path in ("/desk", f"/desk/cases/{case.id}", "/desk/clocks"):
        html = await who.page(path)
        assert "快到时限" in html, path
        assert "还剩 20 分钟" in html, path
    assert "1 项快到或已过时限" in await who.page("/desk")
    html = await who.page("/desk/clocks")
    action = html.split('action="/desk/clocks/')[1].split('"')[0]
    answer = await who.post(f"/desk/clocks/{action}", {})
    assert answer.status == 303
    assert "有人知道了" in await who.page("/desk/clocks")
    assert "快到或已过时限" not in await who.page("/desk")
    clock.move(minutes=30)
    who = await login("editor", name="第二位")
    assert "已超时" in await who.page("/desk")
    assert "已超 10 分钟" in await who.page("/desk/clocks")


async def test_a_correction_under_way_shows_how_long_it_may_still_take(
    house: House, login: Login, clock: Clock, editor: Actor, issuer: Actor
) -> None:
    said = await published(house.ctx, house.db, editor, issuer)
    async with house.db.write() as s:
        await publish.start_correction(house.ctx, s, said.public_id, editor)
    clock.move(minutes=95)
    who = await login("editor")
    for path in ("/desk/pieces", "/desk/clocks"):
        html = await who.page(path)
        assert "还剩 25 分钟" in html
        assert "发出更正" in html


async def test_the_administrator_sets_minutes_and_a_wrong_one_is_said(house: House, login: Login) -> None:
    who = await login("sysadmin")
    html = await who.page("/admin/clocks")
    assert "从启动应急到首次对外发布；原值 30 分钟" in html
    answer = await who.post("/admin/clocks", {"holding": "20", "publication": "180"})
    assert answer.status == 303
    async with house.db.read() as s:
        minutes = {one.code: one.minutes for one in await clocks.table(house.ctx, s)}
    assert (minutes["holding"], minutes["publication"]) == (20, 180)
    for bad in ("0", "半小时", "99999999"):
        answer = await who.post("/admin/clocks", {"holding": bad})
        assert answer.status == 422
        assert "时限要在一分钟到三十天之间" in await answer.text()
    await who.post("/admin/clocks", {"holding": ""})
    async with house.db.read() as s:
        minutes = {one.code: one.minutes for one in await clocks.table(house.ctx, s)}
    assert minutes["holding"] == 30


async def test_editors_do_not_set_minutes(login: Login) -> None:
    who = await login("editor")
    answer = await who.get("/admin/clocks")
    assert answer.status in (403, 404)
