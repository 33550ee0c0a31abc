"""kill -9 of the real process at each named point, while a rumor becomes a published rebuttal.

Afterwards everything that was acknowledged is there, no state is outside its machine, the audit chain holds, and the
rebuttal is published once.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from content.case_states import CaseState
from content.cases import Case, CaseLink, Evidence
from content.delivery import Attempt, Delivery
from content.piece_states import PieceState
from content.pieces import Approval, Piece, Revision
from content.publications import Publication
from expert_db.assignments import Answer, Assignment
from service.crash import POINTS
from service.store.tables import Item, PendingItem
from service.usecases.audit import verify
from tests.story.crash_world import World, newsroom

pytestmark = pytest.mark.processes
TEXT = {
    "title": "银耳当天泡当天吃，隔夜久泡才有风险",
    "claim": "隔夜的银耳有剧毒，吃了当场中毒身亡",
    "verdict": "misleading",
    "fact": "没有“几十人中毒”的情况，各医院均未收治此类病人。银耳泡发后冷藏、当天吃完是安全的。",
    "why": "危险来自长时间室温泡发时椰毒假单胞菌产生的米酵菌酸，而不是“隔夜”本身；它加热不能去除。",
    "todo": "泡发不超过四小时，吃多少泡多少；发黏、有异味的整份扔掉。",
    "source_title": "预防米酵菌酸中毒提示",
    "source_url": "https://example.org/notice",
    "source_publisher": "示例市疾控中心",
    "source_excerpt": "",
}


async def first(world: World, row: type[Any], *conditions: Any) -> Any:
    """The first row that is so, read fresh."""
    async with world.database.read() as session:
        return (await session.exec(select(row).where(*conditions))).first()


async def tell_the_story(world: World) -> Publication:
    """From the feed to the public, as four people do it."""
    item = await world.until("item", lambda: first(world, Item, Item.guid == "rumor"))
    evidence = await world.until("evidence", lambda: first(world, Evidence, Evidence.item_id == item.id))
    link = await world.until("case", lambda: first(world, CaseLink, CaseLink.evidence_id == evidence.id))
    case = f"/desk/cases/{link.case_id}"
    mine = Case.id == link.case_id
    accepted = lambda: first(world, Case, mine, Case.state != CaseState.QUEUED)  # noqa: E731
    await world.act("claim", "bianji", f"{case}/claim", accepted)

    asked = lambda: first(world, Assignment, Assignment.case_id == link.case_id)  # noqa: E731
    question = {"expert": str(world.ids["expert"]), "question": "隔夜的银耳会致命吗？", "kind": "opinion"}
    task = await world.act("offer", "bianji", f"{case}/offer", asked, **question)
    taken = lambda: first(world, Assignment, Assignment.state != "offered")  # noqa: E731
    await world.act("accept", "zhuanjia", f"/expert/{task.id}/accept", taken)
    said = {"text": "与“隔夜”无关，关键是室温久泡；有中毒风险但并无大规模病例。" * 2, "verdict": "misleading"}
    answered = lambda: first(world, Answer)  # noqa: E731
    source = {"source_title": "米酵菌酸研究", "source_url": "https://example.org/paper"}
    await world.act("answer", "zhuanjia", f"/expert/{task.id}/answer", answered, **said, **source)

    begun = lambda: first(world, Piece, Piece.case_id == link.case_id)  # noqa: E731
    piece = await world.act("piece", "bianji", "/desk/pieces", begun, case=str(link.case_id), kind="rebuttal")
    page = f"/desk/pieces/{piece.id}"

    async def in_state(*states: str) -> Any:
        return await first(world, Piece, Piece.id == piece.id, col(Piece.state).in_(states))

    beyond = (PieceState.IN_REVIEW, PieceState.APPROVED, PieceState.PUBLISHED)
    fields = {**TEXT, "base_revision": str(piece.revision), "submit": "1"}
    await world.act("submit", "bianji", page, lambda: in_state(*beyond), **fields)
    piece = await in_state(*beyond)
    text = await first(world, Revision, Revision.piece_id == piece.id, Revision.number == piece.revision)
    seen = {"revision": str(text.number), "sha256": text.sha256}
    await world.act("approve", "qianfa", f"{page}/approve", lambda: in_state(*beyond[1:]), **seen)
    told = lambda: first(world, Publication, Publication.piece_id == piece.id)  # noqa: E731
    published: Publication = await world.act("publish", "qianfa", f"{page}/publish", told)
    return published


async def on_the_site(world: World, public_id: str) -> bool:
    """Whether the public can read it."""
    try:
        return TEXT["title"] in await world.people["bianji"].page(f"/p/{public_id}")
    except (AssertionError, OSError):
        return False


async def all_sent(world: World) -> bool:
    """Whether every delivery has arrived."""
    async with world.database.read() as session:
        states = (await session.exec(select(Delivery.state))).all()
    return bool(states) and set(states) == {"sent"}


async def check_nothing_is_lost_or_twice(world: World, publication: Publication) -> None:
    async with world.database.read() as session:
        assert (await verify(world.ctx, session)).good
        items = (await session.exec(select(Item.guid))).all()
        seen = (await session.exec(select(Evidence.item_id))).all()
        owed = (await session.exec(select(PendingItem))).all()
        cases = (await session.exec(select(Case))).all()
        approvals = (await session.exec(select(Approval))).all()
        publications = (await session.exec(select(Publication))).all()
        deliveries = (await session.exec(select(Delivery))).all()
        attempts = (await session.exec(select(Attempt))).all()
    assert Counter(items) == Counter(["rumor", "news"])
    assert len(seen) == len(set(seen)) == 2
    assert owed == []
    assert all(case.state in set(CaseState) for case in cases)
    assert [publication.id for publication in publications] == [publication.id]
    assert publications[0].approval_id in {approval.id for approval in approvals}
    assert {attempt.delivery_id for attempt in attempts} == {delivery.id for delivery in deliveries}
    hook = next(delivery for delivery in deliveries if delivery.channel_name == "接收方")
    assert set(world.sink.keys()) == {str(hook.id)}  # a repeat after an unknown outcome has the same id
    feed = await world.people["bianji"].page("/feed.json")
    assert feed.count(TEXT["title"]) >= 1
    assert feed.count(f"/p/{publication.public_id}") >= 1


# Keys are changed with the service stopped: `tests/usecases/test_key_rotation.py` kills it there. The story has no channel
# that works in steps: `tests/channels/test_wechat.py` stops it there, `tests/kills` kills workers with one in the mix.
ELSEWHERE = ("keys.", "deliver.after_step")


@pytest.mark.parametrize("point", [point for point in POINTS if not point.startswith(ELSEWHERE)])
async def test_killed_there_and_started_again_the_story_ends_well(point: str, tmp_path: Path) -> None:
    async with newsroom(tmp_path) as world:
        await world.start(crash_at=f"{point}:1")
        publication = await tell_the_story(world)
        await world.until("delivered", lambda: all_sent(world))
        await world.until("on the site", lambda: on_the_site(world, publication.public_id))
        assert world.crashes == 1, f"{point} was never reached"
        await check_nothing_is_lost_or_twice(world, publication)
        code, seconds = world.process.terminate()
        assert (code, seconds < 20) == (0, True)
