"""The calendar through the browser's eyes: what is ahead, a plan that begins the work, the file."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlmodel import select

from content.cases import Case
from content.pieces import Piece
from service.house import House
from tests.conftest import Clock
from tests.web.conftest import Login


async def test_a_campaign_is_planned_with_drafts_and_a_case_of_its_own(
    house: House, login: Login, clock: Clock
) -> None:
    clock.now = datetime(2027, 4, 20, 2, 0, tzinfo=UTC)
    who = await login("editor")
    html = await who.page("/desk/calendar")
    part = html[html.index("全国防灾减灾日") :]
    part = part[: part.index('</li>\n  <li class="rowline">')]
    assert "该准备了" in html[: html.index("全国防灾减灾日")]
    assert "国务院批准，2009 年起每年 5 月 12 日" in part
    names = [bit.split('"')[0] for bit in part.split('name="texts" value="')[1:]]
    assert len(names) > 2
    form = [("texts", names[0]), ("texts", names[1])]
    for _ in range(2):  # the same texts are not opened twice
        answer = await who.post("/desk/calendar/disaster_prevention.2027", form)
        assert answer.status == 303
    async with house.db.read() as s:
        (case,) = (await s.exec(select(Case))).all()
        drafts = (await s.exec(select(Piece).where(Piece.case_id == case.id))).all()
    assert case.title == "全国防灾减灾日（2027年）科普准备"
    assert len(drafts) == 2
    html = await who.page("/desk/calendar")
    assert case.title in html
    assert drafts[0].title in html


async def test_what_nobody_set_is_not_planned(login: Login) -> None:
    who = await login("editor")
    assert (await who.post("/desk/calendar/doomsday.2027", {})).status == 404
    issuer = await login("issuer")
    assert (await issuer.post("/desk/calendar/aids.2026", {})).status == 403


async def test_the_file_has_a_year_ahead_in_both_languages(login: Login) -> None:
    who = await login("editor")
    answer = await who.get("/desk/calendar.ics")
    assert answer.content_type == "text/calendar"
    text = (await answer.text()).replace("\r\n ", "")
    assert "SUMMARY:全国防灾减灾日\r\n" in text
    assert "SUMMARY:全国科普日（日期以公布为准）\r\n" in text
    text = (await (await who.get("/desk/calendar.ics?lang=en")).text()).replace("\r\n ", "")
    assert "SUMMARY:National Disaster Prevention and Reduction Day\r\n" in text
