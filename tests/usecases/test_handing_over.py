"""An expert proposes a colleague; the desk confirms or refuses; nobody behind a wall is put in."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest

from content.errors import IllegalTransition, NotAllowed
from content.permissions import Actor
from expert_db.assignments import Assignment
from expert_db.errors import MissingReason, NotACandidate, NotInDirectory, NotYours, ProposedAlready
from expert_db.hand_overs import HandOver
from service.context import Context
from service.errors import Conflict
from service.store import assignments as store
from service.store.engine import Database
from service.usecases import assignment_links, assignments, handing_over
from tests.usecases.expert_people import acts, case, expert, of

WHY = "他专门研究草酸"


async def offered(ctx: Context, db: Database, editor: Actor, **fields: Any) -> tuple[Any, Any, Assignment]:
    person = await expert(ctx, db, editor, "示例甲", unit="示例大学")
    colleague = await expert(ctx, db, editor, "示例乙", **{"unit": "示例大学", **fields})
    rumor = await case(ctx, db)
    async with db.write() as s:
        made = await assignments.offer(ctx, s, rumor.id, person.id, "菠菜豆腐？", editor)
    return person, colleague, made


async def propose(ctx: Context, db: Database, made: Assignment, by: Actor, *who: str) -> HandOver:
    name, unit = who or ("示例乙", "")
    async with db.write() as s:
        return await handing_over.propose(ctx, s, made.id, name, unit, WHY, by)


async def confirm(ctx: Context, db: Database, proposal: UUID, editor: Actor) -> Assignment:
    async with db.write() as s:
        return await handing_over.confirm(ctx, s, proposal, editor)


async def test_a_confirmed_colleague_is_asked_the_same_question_instead(
    ctx: Context, database: Database, editor: Actor
) -> None:
    person, colleague, made = await offered(ctx, database, editor)
    async with database.write() as s:
        await assignments.accept(ctx, s, made.id, of(person))
    proposal = await propose(ctx, database, made, of(person))
    new = await confirm(ctx, database, proposal.id, editor)
    assert (new.expert_id, new.state, new.question, new.follows) == (
        colleague.id, "offered", "菠菜豆腐？", made.id,
    )  # fmt: skip
    async with database.read() as s:
        old = await store.load(s, made.id)
        told = await acts(s)
    assert (old.state, old.note, old.link_sha256) == ("handed_over", WHY, None)
    assert told[-3:] == ["assignment.propose_hand_over", "assignment.hand_over", "assignment.offer"]


@pytest.mark.parametrize(
    ("fields", "wall"),
    [
        ({"conflicts": ["豆腐"]}, "conflict"),
        ({"consent": {}}, "consent"),
        ({"load_limit": 0}, "load"),
        ({"away": [{"from": "2026-11-24", "to": "2026-11-24"}]}, "away"),
    ],
)
async def test_a_colleague_behind_a_wall_is_not_confirmed_and_nothing_changes(
    ctx: Context, db: Database, editor: Actor, fields: dict[str, Any], wall: str
) -> None:
    person, _, made = await offered(ctx, db, editor, **fields)
    proposal = await propose(ctx, db, made, of(person))
    with pytest.raises(NotACandidate) as refused:
        await confirm(ctx, db, proposal.id, editor)
    assert refused.value.details["walls"] == [wall]
    async with db.read() as s:
        assert [one.state for one in await store.of_case(s, made.case_id)] == ["offered"]
        page = await assignments.page_for(s, made.id, editor)
    assert [one.state for one in page.hand_overs] == ["proposed"]


async def test_a_refusal_leaves_the_question_with_the_first_and_says_why(
    ctx: Context, db: Database, editor: Actor
) -> None:
    person, _, made = await offered(ctx, db, editor)
    proposal = await propose(ctx, db, made, of(person))
    with pytest.raises(ProposedAlready):
        await propose(ctx, db, made, of(person))
    async with db.write() as s:
        with pytest.raises(MissingReason):
            await handing_over.refuse(ctx, s, proposal.id, " ", editor)
        refused = await handing_over.refuse(ctx, s, proposal.id, "想听您的意见", editor)
    assert (refused.state, refused.note) == ("refused", "想听您的意见")
    async with db.read() as s:
        page = await assignments.page_for(s, made.id, of(person))
    assert page.assignment.state == "offered"
    assert "propose" in page.can
    with pytest.raises(IllegalTransition):
        await confirm(ctx, db, proposal.id, editor)


async def test_a_name_must_be_one_persons_and_not_ones_own(ctx: Context, db: Database, editor: Actor) -> None:
    person, _, made = await offered(ctx, db, editor)
    await expert(ctx, db, editor, "示例乙", unit="示例医院")
    for who in (
        ("示例丙", ""),
        ("示例乙", ""),
        ("示例", ""),
        ("示例甲", ""),
        ("示例乙", "示例银行"),
        ("", ""),
    ):
        with pytest.raises(NotInDirectory):
            await propose(ctx, db, made, of(person), *who)
    assert (await propose(ctx, db, made, of(person), "示例乙", "示例医院")).state == "proposed"


async def test_only_the_one_asked_proposes_and_only_the_desk_confirms(
    ctx: Context, db: Database, editor: Actor
) -> None:
    person, colleague, made = await offered(ctx, db, editor)
    with pytest.raises(NotYours):
        await propose(ctx, db, made, of(colleague), "示例甲", "")
    proposal = await propose(ctx, db, made, of(person))
    with pytest.raises(NotAllowed):
        await confirm(ctx, db, proposal.id, of(person))


async def test_what_ends_first_closes_the_proposal_and_two_editors_confirm_once(
    ctx: Context, database: Database, editor: Actor
) -> None:
    person, _, made = await offered(ctx, database, editor)
    proposal = await propose(ctx, database, made, of(person))
    done = await asyncio.gather(
        *(confirm(ctx, database, proposal.id, editor) for _ in range(4)), return_exceptions=True
    )
    assert sum(isinstance(one, Assignment) for one in done) == 1
    assert all(isinstance(one, Assignment | Conflict | IllegalTransition) for one in done)
    new = next(one for one in done if isinstance(one, Assignment))
    async with database.write() as s:
        token = await assignment_links.make(ctx, s, new.id, editor)
        third = await assignment_links.hand_over(ctx, s, token, "示例甲", "", "他懂")
        await assignments.withdraw(ctx, s, new.id, "不用了", editor)
    async with database.read() as s:
        page = await assignments.page_for(s, new.id, editor)
    assert [(one.id, one.state) for one in page.hand_overs] == [(third.id, "closed")]
