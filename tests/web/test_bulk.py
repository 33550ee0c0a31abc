"""Closing cases on the queue itself: ticked ones, one in two steps, and taken back where one is."""

from __future__ import annotations

import html
import re
from uuid import UUID

from service.house import House
from service.store import cases
from tests.web.conftest import Login
from tests.web.test_prepared import a_case

HERE = "/desk?view=all&kind=rumor"


async def test_ticked_cases_are_closed_and_come_back_with_the_filters_kept(
    house: House, login: Login
) -> None:
    editor = await login("editor")
    for number in range(3):
        await a_case(house, editor.user_id, f"网传第{number}号水库要泄洪")
    queue = html.unescape(await editor.page(HERE + "&tick=all"))
    ticks = re.findall(r'name="case" value="([^"]+)" checked', queue)
    assert len(ticks) == 3
    back = re.findall(r'name="back" value="([^"]+)"', queue)[0]
    form = [("reason", "stale"), ("note", "上周的"), ("back", back), *(("case", one) for one in ticks[:2])]
    answer = await editor.post("/desk/bulk", form)
    where = answer.headers["Location"]
    assert where.startswith("/desk?view=all&kind=rumor&batch=")
    page = html.unescape(await editor.page(where))
    assert "2 项不予处理：旧闻，没有新情况：上周的。" in page
    assert page.count('class="rowtitle"') == 1
    undo = re.findall(r'action="(/desk/bulk/[^"]+/undo)"', page)[0]
    where = (await editor.post(undo, {"back": back})).headers["Location"]
    page = html.unescape(await editor.page(where))
    assert "又放回了 2 项。" in page
    assert page.count('class="rowtitle"') == 3
    assert undo not in page


async def test_one_case_is_closed_by_opening_its_reasons_and_choosing_one(house: House, login: Login) -> None:
    editor = await login("editor")
    case = await a_case(house, editor.user_id, "外地的消息")
    queue = html.unescape(await editor.page("/desk"))
    (button,) = re.findall(r'form="bulk" formnovalidate name="only" value="(elsewhere:[^"]+)"', queue)
    answer = await editor.post("/desk/bulk", {"only": button, "back": ""})
    page = html.unescape(await editor.page(answer.headers["Location"]))
    assert "1 项不予处理：与本市无关。" in page
    assert "与本市无关" in html.unescape(await editor.page(f"/desk/cases/{case}"))
    english = html.unescape(await editor.page(f"/desk/cases/{case}?lang=en"))
    assert "not about our city" in english


async def test_a_case_with_a_level_is_named_before_it_is_closed(house: House, login: Login) -> None:
    editor = await login("editor")
    case = await a_case(house, editor.user_id, "暴雨红色预警")
    async with house.db.write() as session:
        await cases.repaint(session, case, house.ctx.now(), kind="emergency", level="red")
    assert " checked" not in await editor.page("/desk?tick=all")
    answer = await editor.post("/desk/bulk", {"case": f"{case}:1", "reason": "stale", "said": "ordinary"})
    page = html.unescape(await editor.page(answer.headers["Location"]))
    assert "没有一项改动。" in page
    card = page.split('id="done"')[1].split("</section>")[0]
    assert "有预警级别的突发事件" in card
    fields = re.findall(r'<input type="(?:hidden|checkbox)" name="(\w+)" value="([^"]*)"', card)
    assert ("said", "ordinary") in fields
    answer = await editor.post("/desk/bulk", [one for one in fields if one[0] != "csrf"])
    async with house.db.read() as session:
        assert (await cases.load(session, case)).state == "dismissed"
    assert "1 项不予处理" in await editor.page(answer.headers["Location"])


async def test_a_form_made_up_by_somebody_is_refused_and_leads_nowhere_else(
    house: House, login: Login
) -> None:
    editor = await login("editor")
    case = await a_case(house, editor.user_id, "甲")
    assert (await editor.post("/desk/bulk", {"case": "x", "reason": "stale"})).status == 422
    assert (await editor.post("/desk/bulk", {"case": f"{case}:1"})).status == 422
    bad = {"case": f"{case}:1", "reason": "stale", "back": "https://evil.example/?view=//evil.example"}
    where = (await editor.post("/desk/bulk", bad)).headers["Location"]
    assert where.startswith("/desk?")
    unknown = UUID(int=7)
    assert (await editor.post(f"/desk/bulk/{unknown}/undo", {})).status == 404
    assert (await editor.get(f"/desk?batch={unknown}")).status == 200
    assert (await editor.get("/desk?batch=zzz")).status == 200
    issuer = await login("issuer")
    batch = re.findall(r"batch=([0-9a-f-]+)", where)[0]
    assert (await issuer.post(f"/desk/bulk/{batch}/undo", {})).status == 409
    assert "/undo" not in await issuer.page(where)
