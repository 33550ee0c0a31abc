"""A link opens one question on a phone, without a login, and nothing else."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from aiohttp.test_utils import TestClient

from service.house import House
from service.store import assignments as store
from service.usecases import assignments
from tests.conftest import Clock, actor
from tests.usecases.expert_people import case, expert
from tests.web.conftest import Login, Person, token_in

EDITOR = actor("editor", "editor")
SAID = "菠菜焯水后与豆腐同食没有问题，草酸钙不会让人中毒。"
Phone = TestClient[Any, Any]


async def linked(house: House, person: Person) -> tuple[UUID, UUID, str]:
    """A question that an expert was asked, and its link, made on the case page."""
    who = await expert(house.ctx, house.db, EDITOR, "示例甲")
    rumor = await case(house.ctx, house.db)
    async with house.db.write() as session:
        made = await assignments.offer(house.ctx, session, rumor.id, who.id, "菠菜豆腐同吃会中毒吗？", EDITOR)
    page = await person.page(f"/desk/cases/{rumor.id}")
    assert f"/desk/assignments/{made.id}/link" in page
    answer = await person.post(f"/desk/assignments/{made.id}/link")
    found = re.search(r'href="https?://[^/"]+(/a/[\w-]+)"', await answer.text())
    assert found
    return rumor.id, made.id, found.group(1)


async def send(phone: Phone, path: str, act: str, **fields: str) -> Any:
    token = token_in(await (await phone.get(path)).text())
    return await phone.post(f"{path}/{act}", data={"csrf": token, **fields}, allow_redirects=False)


async def test_the_question_is_read_accepted_and_answered_on_a_phone(
    login: Login, house: House, anybody: Phone
) -> None:
    _, assignment_id, path = await linked(house, await login("editor"))
    answer = await anybody.get(path)
    page = await answer.text()
    assert answer.status == 200
    assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "same-origin")
    for text in ("菠菜豆腐同吃会中毒吗？", "食物相克会中毒", "示例日报"):
        assert text in page
    assert 'href="/desk' not in page
    assert 'href="/expert' not in page
    assert (await send(anybody, path, "accept")).status == 303
    early = await send(anybody, path, "answer", text=SAID, verdict="false", source_title="", source_url="")
    assert early.status == 422
    assert SAID in await early.text()
    sent = await send(
        anybody, path, "answer", text=SAID, verdict="false", source_title="国家标准", source_url=""
    )
    assert sent.headers["Location"].startswith("/a/thanks")
    assert (await anybody.get(sent.headers["Location"])).status == 200
    assert (await anybody.get(path)).status == 404
    async with house.db.read() as session:
        assert (await store.load(session, assignment_id)).state == "fulfilled"


async def test_the_expert_can_decline_by_link(login: Login, house: House, anybody: Phone) -> None:
    _, assignment_id, path = await linked(house, await login("editor"))
    assert (await send(anybody, path, "decline", reason="不对口")).status == 303
    async with house.db.read() as session:
        assert (await store.load(session, assignment_id)).state == "declined"


async def test_a_wrong_revoked_or_old_link_is_calmly_not_found(
    login: Login, house: House, anybody: Phone, clock: Clock
) -> None:
    person = await login("editor")
    case_id, assignment_id, path = await linked(house, person)
    assert (await anybody.get(path[:-1] + "_")).status == 404
    revoked = await person.post(f"/desk/assignments/{assignment_id}/unlink")
    assert revoked.headers["Location"].startswith(f"/desk/cases/{case_id}")
    gone = await anybody.get(path)
    assert gone.status == 404
    assert gone.headers["Cache-Control"] == "no-store"
    again = await person.post(f"/desk/assignments/{assignment_id}/link")
    found = re.search(r"(/a/[\w-]+)", await again.text())
    assert found
    assert (await anybody.get(found.group(1))).status == 200
    clock.move(hours=73)
    assert (await anybody.get(found.group(1))).status == 404


async def test_the_link_opens_nothing_else_and_a_foreign_page_cannot_use_it(
    login: Login, house: House, anybody: Phone
) -> None:
    case_id, assignment_id, path = await linked(house, await login("editor"))
    await anybody.get(path)
    for other in (f"/desk/cases/{case_id}", f"/expert/{assignment_id}", "/desk/experts"):
        assert (await anybody.get(other, allow_redirects=False)).status == 303
    assert (await anybody.post(path + "/accept", data={})).status == 403
    async with house.db.read() as session:
        assert (await store.load(session, assignment_id)).state == "offered"


async def test_guessing_is_slowed_down(anybody: Phone) -> None:
    answers = [(await anybody.get(f"/a/guess{n}")).status for n in range(61)]
    assert answers[0] == 404
    assert answers[-1] == 429
