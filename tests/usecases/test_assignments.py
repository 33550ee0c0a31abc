"""A question to an expert, from offer to answer, on both databases."""

from __future__ import annotations

import asyncio

import pytest

from content.errors import IllegalTransition, NotAllowed
from content.permissions import Actor
from expert_db.errors import NotACandidate, NotYours
from service.context import Context
from service.errors import Conflict, NotFound
from service.store import assignments as store
from service.store.engine import Database
from service.usecases import assignments, experts
from tests.conftest import Clock
from tests.usecases.expert_people import acts, case, expert, import_demo, of

SOURCE = {"title": "食品安全国家标准 GB 2762", "url": "https://std.example/2762", "publisher": "示例标准网"}
SAID = "菠菜中的草酸与豆腐中的钙结合成草酸钙，不会中毒，焯水即可。"


async def test_an_expert_is_suggested_asked_accepts_and_answers(
    ctx: Context, database: Database, editor: Actor
) -> None:
    ids = await import_demo(ctx, database, editor)
    rumor = await case(ctx, database)

    async with database.read() as s:
        suggested = await experts.candidates(ctx, s, rumor.id, editor)
    assert suggested[0].profile.name in ("示例专家·叶青", "示例专家·马丽")
    assert sum(one.points for one in suggested[0].reasons) == suggested[0].score
    assert suggested[0].contact_masked.startswith("100****")

    best = suggested[0]
    async with database.write() as s:
        offered = await assignments.offer(ctx, s, rumor.id, best.expert_id, "菠菜和豆腐能一起吃吗？", editor)
    assert (offered.state, offered.expert_id) == ("offered", ids[best.profile.name])
    assert offered.evidence[0]["source"] == "示例日报"
    assert offered.candidates
    assert {one["expert"] for one in offered.shortlist} >= {str(best.expert_id)}

    async with database.read() as s:
        row = await experts.load(s, best.expert_id, editor)
    me = of(row)
    async with database.write() as s:
        accepted = await assignments.accept(ctx, s, offered.id, me)
    assert accepted.state == "accepted"
    async with database.write() as s:
        given = await assignments.answer(ctx, s, offered.id, SAID, "false", [SOURCE], me)
    assert given.verdict == "false"

    async with database.read() as s:
        mine = await assignments.mine(s, best.expert_id)
        told = await acts(s)
    assert [one.state for one in mine] == ["fulfilled"]
    assert told[-3:] == ["assignment.accept", "assignment.fulfil", "assignment.answer"]


async def test_a_declined_question_goes_to_the_next_in_line(
    ctx: Context, database: Database, editor: Actor, clock: Clock
) -> None:
    first = await expert(ctx, database, editor, "示例甲", profile="食物相克传言辨析，菠菜豆腐")
    second = await expert(ctx, database, editor, "示例乙")
    rumor = await case(ctx, database)
    async with database.write() as s:
        offered = await assignments.offer(ctx, s, rumor.id, first.id, "菠菜豆腐？", editor)
    clock.move(minutes=5)
    async with database.write() as s:
        ended = await assignments.decline(ctx, s, offered.id, "不是我的专业", "示例乙", of(first))
    assert (ended.state, ended.note, ended.suggestion) == ("declined", "不是我的专业", "示例乙")
    async with database.read() as s:
        asked = await store.of_case(s, rumor.id)
    assert [(one.expert_id, one.state) for one in asked] == [(first.id, "declined"), (second.id, "offered")]
    assert asked[1].follows == offered.id
    assert asked[1].question == "菠菜豆腐？"


async def test_silence_goes_to_the_next_in_line_and_ends_when_nobody_is_left(
    ctx: Context, database: Database, editor: Actor, clock: Clock
) -> None:
    people = [await expert(ctx, database, editor, f"示例{n}") for n in "甲乙"]
    rumor = await case(ctx, database)
    async with database.write() as s:
        await assignments.offer(ctx, s, rumor.id, people[0].id, "菠菜豆腐？", editor)
    assert await assignments.expire_due(ctx, database) == 0
    clock.move(hours=24)
    assert await assignments.expire_due(ctx, database) == 1
    assert await assignments.expire_due(ctx, database) == 0
    clock.move(days=10)
    assert await assignments.expire_due(ctx, database) == 1
    async with database.read() as s:
        asked = await store.of_case(s, rumor.id)
    assert [one.state for one in asked] == ["expired", "expired"]
    assert {one.expert_id for one in asked} == {one.id for one in people}


async def test_an_accepted_question_lapses_only_after_its_grace(
    ctx: Context, database: Database, editor: Actor, clock: Clock
) -> None:
    person = await expert(ctx, database, editor, "示例甲")
    rumor = await case(ctx, database)
    async with database.write() as s:
        offered = await assignments.offer(ctx, s, rumor.id, person.id, "菠菜豆腐？", editor)
        await assignments.accept(ctx, s, offered.id, of(person))
    clock.move(hours=73)
    assert await assignments.expire_due(ctx, database) == 0
    async with database.write() as s:
        await assignments.answer(ctx, s, offered.id, SAID, "false", [SOURCE], of(person))
    clock.move(days=30)
    assert await assignments.expire_due(ctx, database) == 0


@pytest.mark.parametrize(
    ("fields", "wall"),
    [
        ({"conflicts": ["豆腐"]}, "conflict"),
        ({"conflicts": ["food_safety"]}, "conflict"),
        ({"away": [{"from": "2026-11-24", "to": "2026-11-24"}]}, "away"),
        ({"term_end": "2026-11-23"}, "term"),
        ({"consent": {}}, "consent"),
        ({"load_limit": 0}, "load"),
    ],
)
async def test_nobody_behind_a_wall_is_suggested_or_asked(
    ctx: Context, db: Database, editor: Actor, fields: dict[str, object], wall: str
) -> None:
    person = await expert(ctx, db, editor, "示例甲", **fields)
    rumor = await case(ctx, db)
    async with db.read() as s:
        assert await experts.candidates(ctx, s, rumor.id, editor) == []
    with pytest.raises(NotACandidate) as refused:
        async with db.write() as s:
            await assignments.offer(ctx, s, rumor.id, person.id, "菠菜豆腐？", editor)
    assert refused.value.details["walls"] == [wall]


async def test_the_same_expert_is_not_asked_twice_about_one_case(
    ctx: Context, db: Database, editor: Actor
) -> None:
    person = await expert(ctx, db, editor, "示例甲")
    rumor = await case(ctx, db)
    async with db.write() as s:
        await assignments.offer(ctx, s, rumor.id, person.id, "菠菜豆腐？", editor)
    with pytest.raises(NotACandidate):
        async with db.write() as s:
            await assignments.offer(ctx, s, rumor.id, person.id, "菠菜豆腐？", editor)


async def test_twenty_offers_at_once_do_not_pass_the_load_limit(
    ctx: Context, database: Database, editor: Actor
) -> None:
    person = await expert(ctx, database, editor, "示例甲", load_limit=3)
    cases = [await case(ctx, database, title=f"网传第{n}种食物相克") for n in range(20)]

    async def ask(number: int) -> bool:
        try:
            async with database.write() as s:
                await assignments.offer(ctx, s, cases[number].id, person.id, "真的吗？", editor)
        except NotACandidate:
            return False
        return True

    assert sum(await asyncio.gather(*(ask(n) for n in range(20)))) == 3


async def test_two_clicks_at_once_accept_once(ctx: Context, database: Database, editor: Actor) -> None:
    person = await expert(ctx, database, editor, "示例甲")
    rumor = await case(ctx, database)
    async with database.write() as s:
        offered = await assignments.offer(ctx, s, rumor.id, person.id, "菠菜豆腐？", editor)

    async def click() -> str:
        try:
            async with database.write() as s:
                return (await assignments.accept(ctx, s, offered.id, of(person))).state
        except (Conflict, IllegalTransition) as error:
            return error.type

    outcomes = await asyncio.gather(*(click() for _ in range(8)))
    assert outcomes.count("accepted") == 1


async def test_an_assignment_is_not_there_for_anybody_else(ctx: Context, db: Database, editor: Actor) -> None:
    person, other = [await expert(ctx, db, editor, f"示例{n}") for n in "甲乙"]
    rumor = await case(ctx, db)
    async with db.write() as s:
        offered = await assignments.offer(ctx, s, rumor.id, person.id, "菠菜豆腐？", editor)
    with pytest.raises(NotFound):
        async with db.read() as s:
            await assignments.page_for(s, offered.id, of(other))
    for act in (
        lambda s: assignments.accept(ctx, s, offered.id, of(other)),
        lambda s: assignments.decline(ctx, s, offered.id, "忙", "", of(other)),
        lambda s: assignments.answer(ctx, s, offered.id, SAID, "false", [SOURCE], of(other)),
    ):
        with pytest.raises(NotYours):
            async with db.write() as s:
                await act(s)
    with pytest.raises(NotAllowed):
        async with db.write() as s:
            await assignments.withdraw(ctx, s, offered.id, "弄错了", of(person))


async def test_a_withdrawn_question_ends_with_its_reason(ctx: Context, db: Database, editor: Actor) -> None:
    person = await expert(ctx, db, editor, "示例甲")
    rumor = await case(ctx, db)
    async with db.write() as s:
        offered = await assignments.offer(ctx, s, rumor.id, person.id, "菠菜豆腐？", editor)
        assert await assignments.withdraw_all(ctx, s, rumor.id, "已有权威辟谣", editor) == 1
    with pytest.raises(IllegalTransition):
        async with db.write() as s:
            await assignments.accept(ctx, s, offered.id, of(person))
    async with db.read() as s:
        assert (await store.load(s, offered.id)).note == "已有权威辟谣"


async def test_a_closed_case_is_asked_about_no_more(
    ctx: Context, db: Database, editor: Actor, clock: Clock
) -> None:
    people = [await expert(ctx, db, editor, f"示例{n}") for n in "甲乙"]
    rumor = await case(ctx, db)
    async with db.write() as s:
        await assignments.offer(ctx, s, rumor.id, people[0].id, "菠菜豆腐？", editor)
        rumor.state = "dismissed"
        s.add(rumor)
    clock.move(days=2)
    assert await assignments.expire_due(ctx, db) == 1
    async with db.read() as s:
        assert len(await store.of_case(s, rumor.id)) == 1
    with pytest.raises(IllegalTransition):
        async with db.write() as s:
            await assignments.offer(ctx, s, rumor.id, people[1].id, "菠菜豆腐？", editor)
