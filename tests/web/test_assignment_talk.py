"""Asking back, handing over and reporting from the field, as people do it on their pages."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest

from content.cases import Case
from expert_db.experts import Expert
from service.house import House
from service.store import assignments as store
from tests.conftest import actor
from tests.usecases.expert_people import case, expert
from tests.web.conftest import Login, Person

EDITOR = actor("editor", "editor")
SAID = "带着大喇叭和展板到村里讲了半小时，大家主要问焯水要多久。"


async def asked(
    house: House, desk: Person, asks: str = "opinion", **fields: Any
) -> tuple[Case, Expert, UUID]:
    """A question put on the case page."""
    who = await expert(house.ctx, house.db, EDITOR, "示例甲", **fields)
    rumor = await case(house.ctx, house.db)
    page = await desk.page(f"/desk/cases/{rumor.id}?ask={asks}")
    assert f'<input type="hidden" name="kind" value="{asks}">' in page
    form = {"expert": str(who.id), "kind": asks, "question": "菠菜豆腐同吃会中毒吗？"}
    assert (await desk.post(f"/desk/cases/{rumor.id}/offer", form)).status == 303
    async with house.db.read() as session:
        made = (await store.of_case(session, rumor.id))[0]
    assert made.kind == asks
    return rumor, who, made.id


def subject(page: str, act: str) -> str:
    found = re.search(act + r'">.*?name="subject" value="([^"]+)"', page, re.S)
    assert found
    return found.group(1)


async def test_a_question_back_is_seen_on_the_desk_and_its_reply_by_the_expert(
    login: Login, house: House
) -> None:
    desk = await login("editor")
    rumor, who, assignment = await asked(house, desk)
    person = await login("expert", expert_id=who.id)
    mine = f"/expert/{assignment}"
    answer = await person.post(mine + "/ask", {"text": "是生吃还是焯水以后？", "ask": "1"}, on=mine)
    assert answer.status == 303
    for page in (f"/desk/cases/{rumor.id}", "/desk/assignments"):
        shown = await desk.page(page)
        assert "是生吃还是焯水以后？" in shown
    assert "有 1 件等您答复或确认" in shown
    fields = {"subject": subject(shown, "/reply"), "text": "焯水以后。", "from": "list"}
    answer = await desk.post(f"/desk/assignments/{assignment}/reply", fields, on="/desk/assignments")
    assert answer.headers["Location"].startswith("/desk/assignments?done=")
    assert "编辑答复：焯水以后。" in await person.page(mine)


async def test_what_is_typed_is_kept_when_a_colleague_is_not_found(login: Login, house: House) -> None:
    _, who, assignment = await asked(house, await login("editor"))
    person = await login("expert", expert_id=who.id)
    fields = {"colleague": "示例丁", "unit": "", "reason": "他专门研究草酸"}
    answer = await person.post(f"/expert/{assignment}/propose", fields, on=f"/expert/{assignment}")
    page = await answer.text()
    assert answer.status == 422
    assert page.count("他专门研究草酸") == 1
    assert "没有这个姓名" in page


async def test_a_colleague_is_proposed_and_confirmed_or_kept_out_by_a_wall(
    login: Login, house: House
) -> None:
    desk = await login("editor")
    rumor, who, assignment = await asked(house, desk)
    person = await login("expert", expert_id=who.id)
    colleague = await expert(house.ctx, house.db, EDITOR, "示例丁", conflicts=["豆腐"])
    fields = {"colleague": "示例丁", "unit": "", "reason": "他专门研究草酸"}
    assert (
        await person.post(f"/expert/{assignment}/propose", fields, on=f"/expert/{assignment}")
    ).status == 303
    page = await desk.page(f"/desk/cases/{rumor.id}")
    assert "建议转交给示例丁" in page
    confirm = {"subject": subject(page, "/confirm")}
    walled = await desk.post(f"/desk/assignments/{assignment}/confirm", confirm)
    assert walled.status == 409
    async with house.db.write() as session:
        row = await session.get(Expert, colleague.id)
        assert row
        row.conflicts, row.version = [], row.version + 1
        session.add(row)
    assert (await desk.post(f"/desk/assignments/{assignment}/confirm", confirm)).status == 303
    page = await desk.page(f"/desk/cases/{rumor.id}")
    assert "已转交" in page
    async with house.db.read() as session:
        states = {one.expert_id: one.state for one in await store.of_case(session, rumor.id)}
    assert states == {who.id: "handed_over", colleague.id: "offered"}


async def test_a_team_reports_where_it_was_and_how_many_it_reached(login: Login, house: House) -> None:
    desk = await login("editor")
    rumor, who, assignment = await asked(house, desk, "field", kind="team")
    person, mine = await login("expert", expert_id=who.id), f"/expert/{assignment}"
    assert (await person.post(mine + "/accept", on=mine)).status == 303
    page = await person.page(mine)
    assert 'name="reached"' in page
    assert 'name="verdict"' not in page
    assert 'name="source_title"' not in page
    for wrong in ({"reached": "很多", "place": "某村"}, {"reached": "80", "place": ""}):
        answer = await person.post(mine + "/answer", {"text": SAID, **wrong}, on=mine)
        assert answer.status == 422
        assert SAID in await answer.text()
    answer = await person.post(
        mine + "/answer", {"text": SAID, "reached": "80", "place": "慈化镇某村"}, on=mine
    )
    assert answer.status == 303
    assert "到达 80 人 · 慈化镇某村" in await desk.page(f"/desk/cases/{rumor.id}")


@pytest.mark.parametrize(("kind", "who"), [("fact", "department"), ("field", "team"), ("opinion", "person")])
async def test_the_right_kind_comes_first_for_each_kind_of_question(
    login: Login, house: House, kind: str, who: str
) -> None:
    for one in ("person", "department", "team"):
        await expert(house.ctx, house.db, EDITOR, f"示例{one}", kind=one)
    rumor = await case(house.ctx, house.db)
    page = await (await login("editor")).page(f"/desk/cases/{rumor.id}?ask={kind}")
    assert f"示例{who}" in page.split('<li class="candidate">')[1]


async def test_who_passes_over_the_first_can_say_why(login: Login, house: House) -> None:
    for name in "甲乙":
        await expert(house.ctx, house.db, EDITOR, f"示例{name}")
    rumor = await case(house.ctx, house.db)
    desk = await login("editor")
    page = await desk.page(f"/desk/cases/{rumor.id}")
    chosen = re.findall(r'name="expert" value="([^"]+)"', page)
    assert page.count('name="why_not_first"') == len(chosen) - 1
    form = {"expert": chosen[1], "kind": "opinion", "question": "真的吗？", "why_not_first": "not_reachable"}
    assert (await desk.post(f"/desk/cases/{rumor.id}/offer", form)).status == 303
    async with house.db.read() as session:
        made = (await store.of_case(session, rumor.id))[0]
    assert made.why_not_first == "not_reachable"
    assert made.shortlist[0]["expert"] == chosen[0]
