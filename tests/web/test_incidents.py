"""Incidents through the browser's eyes: proposed by one, activated by another, held texts, stood down."""

from __future__ import annotations

import re
from typing import Any

from content.permissions import Actor
from service.house import House
from service.store import incidents
from tests.web.conftest import Login, Person
from tests.writing import approved, written

FORM = [
    ("name", "靖安洪水"),
    ("hazard", "flood"),
    ("level", "red"),
    ("regions", "360925"),
    ("reason", "市防指电话通知。"),
]


async def propose(who: Person, *more: tuple[str, str]) -> str:
    """The address of a new proposal."""
    answer = await who.post("/desk/incidents", [*FORM, *more])
    assert answer.status == 303, await answer.text()
    return answer.headers["Location"].split("?")[0]


async def active_names(house: House) -> list[str]:
    async with house.db.read() as session:
        return [one.name for one in await incidents.active(session)]


async def test_one_proposes_another_activates_and_stands_down(house: House, login: Login) -> None:
    first, second = await login("editor"), await login("issuer")
    page = await propose(first)
    html = await first.page(page)
    assert "需要另一人启动" in html
    assert f'action="{page}/activate"' not in html
    refused = await first.post(f"{page}/activate", {"reason": "水涨得快"})
    assert refused.status == 403
    assert "需要另一人启动" in await refused.text()
    assert await active_names(house) == []

    assert f'action="{page}/activate"' in await second.page(page)
    await second.post(f"{page}/activate", {"reason": "县里已启动响应"})
    assert await active_names(house) == ["靖安洪水"]
    assert "应急中" in await first.page("/desk/incidents")
    html = await first.page(page)
    assert "县里已启动响应" in html

    await first.post(f"{page}/stand-down", {"reason": "水位回落"})
    assert await active_names(house) == []
    assert "恢复中" in await first.page(page)
    answer = await first.get(f"{page}/report.csv")
    sheet = await answer.text(encoding="utf-8-sig")
    assert answer.content_type == "text/csv"
    assert sheet.index("propose") < sheet.index("activate") < sheet.index("stand_down")


async def test_the_report_is_a_page_with_clocks_and_every_step(house: House, login: Login) -> None:
    first, second = await login("editor"), await login("issuer")
    page = await propose(first)
    await second.post(f"{page}/activate", {"reason": "县里已启动响应"})
    html = await first.page(f"{page}/report")
    for words in (
        "总结报告：靖安洪水",
        "提议应急",
        "启动应急",
        "县里已启动响应",
        "正在核实的声明",
        "没有人来问",
        "事件还没有结束",
    ):
        assert words in html
    assert html.index("提议应急") < html.index("启动应急</th>")
    assert f"{page}/report.csv" in html


async def test_a_held_text_is_listed_and_goes_out_with_a_reason(house: House, login: Login) -> None:
    first, second = await login("editor"), await login("issuer")
    by, other = (
        Actor(who.user_id, "人", frozenset(roles))
        for who, roles in ((first, {"editor"}), (second, {"issuer"}))
    )
    piece, revision = await written(house.ctx, house.db, by)
    await approved(house.ctx, house.db, piece, revision, by, other)
    page = await propose(first)
    await second.post(f"{page}/activate", {"reason": "县里已启动响应"})
    html = await second.page("/desk/incidents")
    assert "应急期间暂缓的稿件" in html
    assert piece.title in html
    await second.post(f"/desk/pieces/{piece.id}/publish", {"override": "停水谣言正在传播"})
    assert "应急期间暂缓的稿件" not in await second.page("/desk/incidents")


async def test_a_stale_page_activates_nothing(house: House, login: Login) -> None:
    first, second = await login("editor"), await login("issuer")
    page = await propose(first)
    answer = await second.post(f"{page}/activate", {"reason": "好", "version": "7"})
    assert answer.status == 409
    assert await active_names(house) == []


async def test_an_exercise_says_so_everywhere(login: Login) -> None:
    first = await login("editor")
    page = await propose(first, ("exercise", "1"))
    for path in ("/desk/incidents", page):
        html = await first.page(path)
        assert "【演练】靖安洪水" in html
        assert re.search(r'class="badge warn">演练<', html)


async def test_what_makes_no_sense_is_refused_in_words(login: Login) -> None:
    first = await login("editor")
    bad: list[Any] = [*FORM[:2], *FORM[3:], ("hazard", "panic_buying")]
    answer = await first.post(
        "/desk/incidents", [("level", "red"), *bad[:1], ("hazard", "panic_buying"), *FORM[3:]]
    )
    assert answer.status == 422
    assert "应急事件填写得不完整" in await answer.text()


async def test_other_roles_see_no_incident(login: Login) -> None:
    for role in ("expert", "sysadmin", "auditor"):
        who = await login(role)
        answer = await who.get("/desk/incidents")
        assert answer.status in (403, 404)
