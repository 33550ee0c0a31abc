"""What several opinions say together, what an answer needs, and the times of both gears."""

from __future__ import annotations

from datetime import timedelta

import pytest

from content.errors import IllegalTransition
from content.permissions import Actor
from expert_db.errors import BadAnswer, MissingReason, NotACandidate
from service.context import Context
from service.store import assignments as store
from service.store.engine import Database
from service.usecases import assignments, matching
from tests.conftest import Clock
from tests.usecases.expert_people import acts, case, expert, of

SOURCE = {"title": "食品安全国家标准 GB 2762", "url": "https://std.example/2762", "publisher": "示例标准网"}
SAID = "菠菜中的草酸与豆腐中的钙结合成草酸钙，不会中毒，焯水即可。"


async def test_health_and_food_need_a_second_opinion_from_another_unit(
    ctx: Context, db: Database, editor: Actor
) -> None:
    first = await expert(ctx, db, editor, "示例甲", unit="示例学院")
    colleague = await expert(ctx, db, editor, "示例乙", unit="示例学院")
    other = await expert(ctx, db, editor, "示例丙", unit="示例医院")
    rumor = await case(ctx, db)
    async with db.write() as s:
        one = await assignments.offer(ctx, s, rumor.id, first.id, "菠菜豆腐？", editor)
        assert (await assignments.standing(s, rumor.id)).required == 2
    with pytest.raises(NotACandidate) as refused:
        async with db.write() as s:
            await assignments.offer(ctx, s, rumor.id, colleague.id, "菠菜豆腐？", editor)
    assert refused.value.details["walls"] == ["unit"]
    async with db.write() as s:
        two = await assignments.offer(ctx, s, rumor.id, other.id, "菠菜豆腐？", editor)
        await assignments.answer(ctx, s, one.id, SAID, "false", [SOURCE], of(first))

    async with db.read() as s:
        seen_by_second = await assignments.page_for(s, two.id, of(other))
        seen_by_desk = await assignments.page_for(s, two.id, editor)
    assert (seen_by_second.answers, seen_by_second.others) == ((), ())
    assert [answer.text for answer in seen_by_desk.others] == [SAID]


async def test_where_two_experts_differ_the_editor_decides_on_the_record(
    ctx: Context, db: Database, editor: Actor
) -> None:
    people = [await expert(ctx, db, editor, f"示例{n}") for n in "甲乙"]
    rumor = await case(ctx, db)
    async with db.write() as s:
        for person, verdict in zip(people, ("false", "misleading"), strict=True):
            offered = await assignments.offer(ctx, s, rumor.id, person.id, "菠菜豆腐？", editor)
            await assignments.answer(ctx, s, offered.id, SAID, verdict, [SOURCE], of(person))
        assert (await assignments.standing(s, rumor.id)).state == "differ"
    with pytest.raises(MissingReason):
        async with db.write() as s:
            await assignments.decide(ctx, s, rumor.id, "misleading", " ", editor)
    async with db.write() as s:
        await assignments.decide(ctx, s, rumor.id, "misleading", "大量食用确会影响钙吸收", editor)
        now = await assignments.standing(s, rumor.id)
        assert (now.state, now.verdict) == ("decided", "misleading")
        assert (await acts(s))[-1] == "opinion.decide"


async def test_nobody_decides_where_experts_agree(ctx: Context, db: Database, editor: Actor) -> None:
    rumor = await case(ctx, db)
    with pytest.raises(IllegalTransition):
        async with db.write() as s:
            await assignments.decide(ctx, s, rumor.id, "false", "我觉得", editor)


@pytest.mark.parametrize(
    ("text", "verdict", "sources", "field"),
    [
        ("太短", "false", [SOURCE], "text"),
        (SAID, None, [SOURCE], "verdict"),
        (SAID, "maybe", [SOURCE], "verdict"),
        (SAID, "false", [], "sources"),
        (SAID, "false", [{"title": "x", "url": "javascript:alert(1)"}], "sources"),
        (SAID, "false", [{"title": " "}], "sources"),
    ],
)
async def test_an_answer_without_what_it_needs_changes_nothing(
    ctx: Context,
    db: Database,
    editor: Actor,
    text: str,
    verdict: str,
    sources: list[dict[str, str]],
    field: str,
) -> None:
    person = await expert(ctx, db, editor, "示例甲")
    rumor = await case(ctx, db)
    async with db.write() as s:
        offered = await assignments.offer(ctx, s, rumor.id, person.id, "菠菜豆腐？", editor)
    with pytest.raises(BadAnswer) as refused:
        async with db.write() as s:
            await assignments.answer(ctx, s, offered.id, text, verdict, sources, of(person))
    assert refused.value.details["field"] == field
    async with db.read() as s:
        assert (await store.load(s, offered.id)).state == "offered"
        assert await store.answers(s, rumor.id) == []


async def test_the_emergency_gear_has_its_own_deadlines(ctx: Context, db: Database, editor: Actor) -> None:
    person = await expert(ctx, db, editor, "示例甲")
    urgent = await case(ctx, db, incident_id=person.id)
    async with db.write() as s:
        offered = await assignments.offer(ctx, s, urgent.id, person.id, "菠菜豆腐？", editor)
    assert offered.gear == "incident"
    assert offered.respond_by - offered.offered_at == timedelta(minutes=30)


async def test_an_open_question_is_reminded_of_once_a_stage(
    ctx: Context, db: Database, editor: Actor, clock: Clock
) -> None:
    person = await expert(ctx, db, editor, "示例甲")
    rumor = await case(ctx, db)
    async with db.write() as s:
        offered = await assignments.offer(ctx, s, rumor.id, person.id, "菠菜豆腐？", editor)
    assert await assignments.remind_due(ctx, db) == 0
    clock.move(hours=21)
    assert [await assignments.remind_due(ctx, db) for _ in range(2)] == [1, 0]
    async with db.write() as s:
        await assignments.accept(ctx, s, offered.id, of(person))
    assert await assignments.remind_due(ctx, db) == 0
    clock.move(hours=48)
    assert [await assignments.remind_due(ctx, db) for _ in range(2)] == [1, 0]


async def test_many_cases_are_given_to_experts_together_under_their_limits(
    ctx: Context, db: Database, editor: Actor
) -> None:
    people = [await expert(ctx, db, editor, f"示例{n}", load_limit=1) for n in "甲乙"]
    cases = [await case(ctx, db, title=f"网传第{n}种食物相克") for n in range(3)]
    async with db.write() as s:
        asked = await assignments.offer(ctx, s, cases[0].id, people[0].id, "真的吗？", editor)
        await assignments.decline(ctx, s, asked.id, "忙", "", of(people[0]))
        again = [one for one in await store.of_case(s, cases[0].id) if one.state == "offered"]
        await assignments.withdraw(ctx, s, again[0].id, "合并处理", editor)
        panel = await matching.joint(ctx, s, [one.id for one in cases], editor)
    chosen = [one.expert_id for one in panel.chosen if one]
    assert sorted(chosen) == sorted(one.id for one in people)
    assert panel.chosen[0] is None or panel.chosen[0].expert_id == people[1].id
