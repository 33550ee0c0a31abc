"""Beginning a piece from a prepared text, as an editor does it in the browser."""

from __future__ import annotations

import html
from uuid import UUID

from content import prepared
from content.permissions import Actor, Role
from service.house import House
from service.usecases import cases, pieces
from tests.web.conftest import Login


async def a_case(house: House, who: UUID, title: str) -> UUID:
    """A rumor that somebody typed in."""
    by = Actor(who, "editor", frozenset({Role.EDITOR}))
    async with house.db.write() as session:
        case = await cases.open_by_hand(house.ctx, session, title, "rumor", "", by)
    return case.id


async def test_a_case_page_offers_the_fitting_text_and_a_draft_begins_with_it(
    house: House, login: Login
) -> None:
    editor = await login("editor")
    case = await a_case(house, editor.user_id, "专家内部消息今晚有大地震，都去广场睡")
    page = html.unescape(await editor.page(f"/desk/cases/{case}"))
    wanted = prepared.get("earthquake-forecast")
    assert wanted is not None
    assert wanted.body.title in page
    assert page.count('name="prepared" value=') <= 3

    answer = await editor.post("/desk/pieces", {"case": str(case), "prepared": wanted.id})
    assert answer.status == 303
    piece = UUID(answer.headers["Location"].rsplit("/", 1)[1])
    async with house.db.read() as session:
        found = await pieces.page(house.ctx, session, piece)
    assert found.piece.case_id == case
    assert found.piece.kind == wanted.kind
    assert (found.body.title, found.body.fact) == (wanted.body.title, wanted.body.fact)
    assert [s.publisher for s in found.body.sources] == [s.publisher for s in wanted.body.sources]
    assert [problem.code for problem in found.problems if problem.severity == "must"] == []


async def test_a_case_like_nothing_prepared_offers_nothing(house: House, login: Login) -> None:
    editor = await login("editor")
    case = await a_case(house, editor.user_id, "市图书馆周末举办读书分享会")
    assert 'name="prepared"' not in await editor.page(f"/desk/cases/{case}")


async def test_the_list_of_pieces_shows_the_stock_and_finds_in_it(login: Login) -> None:
    editor = await login("editor")
    shown = await editor.page("/desk/pieces")
    assert all(f'value="{text.id}"' in shown for text in prepared.all_texts())
    found = html.unescape(await editor.page("/desk/pieces?prepared=毒蘑菇能不能吃"))
    assert 'value="poisoning-mushroom"' in found
    assert 'value="earthquake-forecast"' not in found


async def test_somebody_who_may_not_write_is_offered_no_prepared_text(login: Login) -> None:
    auditor = await login("auditor")
    answer = await auditor.get("/desk/pieces")
    assert 'value="earthquake-forecast"' not in await answer.text()


async def test_a_text_that_is_not_there_begins_nothing(house: House, login: Login) -> None:
    editor = await login("editor")
    answer = await editor.post("/desk/pieces", {"prepared": "no-such-text"})
    assert answer.status in (400, 422)
    async with house.db.read() as session:
        assert await pieces.listing(session) == []
