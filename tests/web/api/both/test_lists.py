"""Lists end, hold everything once, and are the same on both databases."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from content.permissions import Actor
from expert_db.assignments import Assignment
from service.house import House
from service.store.tables import Item
from tests.conftest import Clock
from tests.web.api.conftest import Program, SignIn
from tests.writing import EXPLAINER, REBUTTAL, published


async def everything(person: Program, path: str) -> list[str]:
    """The ids of a list, two at a time."""
    seen: list[str] = []
    cursor, joint = "", "&" if "?" in path else "?"
    for _ in range(9):
        page = await person.get(f"{path}{joint}limit=2&cursor={cursor}")
        seen += [str(one.get("public_id") or one.get("case", one)["id"]) for one in page["items"]]
        if not (cursor := page["next"] or ""):
            return seen
    raise AssertionError(f"{path} does not end")


async def test_lists_end_and_hold_everything_once(program: SignIn) -> None:
    editor = await program("editor")
    for number in range(5):
        await editor.post("/sources", {"url": f"https://example.org/{number}.xml"}, 201)
        await editor.post("/cases", {"title": f"第{number}条群传消息，请核实"}, 201)
        await editor.post("/pieces", {"kind": "explainer"}, 201)
        await editor.post("/experts", {"name": f"专家{number}", "unit": "市科协"}, 201)
    for path in ("/sources", "/cases?view=all", "/pieces", "/experts"):
        seen = await everything(editor, path)
        assert len(seen) == len(set(seen)) == 5, path


async def test_publications_are_listed_by_their_newest_version(
    program: SignIn, house: House, editor: Actor, issuer: Actor
) -> None:
    person = await program("editor", "issuer")
    made = [await published(house.ctx, house.db, editor, issuer) for _ in range(3)]
    other = await published(house.ctx, house.db, editor, issuer, EXPLAINER, "explainer")
    await person.post(f"/publications/{made[0].public_id}/retract", {"reason": "数据有误"}, 201)
    expected = [made[0], other, made[2], made[1]]
    assert await everything(person, "/publications") == [one.public_id for one in expected]
    assert await everything(person, "/publications?type=retract") == [made[0].public_id]
    assert await everything(person, "/publications?kind=explainer") == [other.public_id]
    assert await everything(person, f"/publications?verdict={REBUTTAL.verdict}") == [
        made[2].public_id,
        made[1].public_id,
    ]
    deliveries = await person.get("/deliveries?limit=200")
    assert len(await everything(person, "/deliveries")) == len(deliveries["items"]) == 5


async def test_items_and_assignments_seen_at_one_moment_are_each_listed_once(
    program: SignIn, house: House, clock: Clock
) -> None:
    person = await program("editor")
    expert = (await person.post("/experts", {"name": "陈水清", "unit": "市水务局"}, 201))["id"]
    case = (await person.post("/cases", {"title": "群传自来水有毒"}, 201))["id"]
    source = (await person.post("/sources", {"url": "https://example.org/feed.xml"}, 201))["id"]
    async with house.db.write() as session:
        for number in range(5):
            session.add(item(house, UUID(source), number, clock.now))
            session.add(question(house, UUID(case), UUID(expert), clock.now))
    for path in (
        "/items",
        f"/items?source={source}",
        "/assignments",
        f"/assignments?case={case}&state=offered",
    ):
        seen = await everything(person, path)
        assert len(seen) == len(set(seen)) == 5, path
    whole = await person.get(f"/items/{(await everything(person, '/items'))[0]}")
    assert whole["assessment"] is None


def item(house: House, source: UUID, number: int, at: datetime) -> Item:
    return Item(
        id=house.ctx.new_id(), source_id=source, guid=f"{number}", title="通报", content_hash="0", seen_at=at
    )


def question(house: House, case: UUID, expert: UUID, at: datetime) -> Assignment:
    return Assignment(
        id=house.ctx.new_id(),
        case_id=case,
        expert_id=expert,
        question="检测结果如何？",
        offered_by=house.ctx.new_id(),
        offered_at=at,
        respond_by=at,
        due_at=at,
        created_at=at,
        updated_at=at,
    )


async def test_the_log_is_read_page_by_page(program: SignIn) -> None:
    auditor = await program("auditor")
    first = await auditor.get("/audit?limit=1")
    second = await auditor.get(f"/audit?limit=1&cursor={first['next']}")
    assert second["items"][0]["hash"] == first["items"][0]["previous"]
