"""The expert asks back, the desk replies, and the expert's time stands still meanwhile."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from content.errors import IllegalTransition, NotAllowed
from content.permissions import Actor
from expert_db.ask_backs import AskBack
from expert_db.assignments import Assignment
from expert_db.errors import AskedEnough, BadAnswer, NotYours
from service.context import Context
from service.errors import Conflict, NotFound
from service.store import assignment_talk as talk
from service.store import assignments as store
from service.store.engine import Database
from service.usecases import asking_back, assignment_links, assignments
from tests.conftest import Clock
from tests.usecases.expert_people import acts, case, expert, of


async def offered(ctx: Context, db: Database, editor: Actor) -> tuple[Any, Assignment]:
    person = await expert(ctx, db, editor, "示例甲")
    rumor = await case(ctx, db)
    async with db.write() as s:
        return person, await assignments.offer(ctx, s, rumor.id, person.id, "菠菜豆腐？", editor)


async def ask(ctx: Context, db: Database, made: Assignment, by: Actor) -> AskBack:
    async with db.write() as s:
        return await asking_back.ask(ctx, s, made.id, "是生吃还是焯水以后？", by)


async def now_of(db: Database, made: Assignment) -> Assignment:
    async with db.read() as s:
        return await store.load(s, made.id)


async def test_the_time_stands_still_until_the_desk_replies(
    ctx: Context, database: Database, editor: Actor, clock: Clock
) -> None:
    person, made = await offered(ctx, database, editor)
    clock.move(hours=1)
    question = await ask(ctx, database, made, of(person))
    clock.move(hours=5)
    async with database.write() as s:
        replied = await asking_back.reply(ctx, s, question.id, "说的是焯水以后。", editor)
    assert (replied.state, replied.reply) == ("replied", "说的是焯水以后。")
    after = await now_of(database, made)
    assert after.respond_by == made.respond_by + timedelta(hours=5)
    assert after.due_at == made.due_at + timedelta(hours=5)
    async with database.read() as s:
        page = await assignments.page_for(s, made.id, of(person))
        told = await acts(s)
    assert [one.reply for one in page.asked_back] == ["说的是焯水以后。"]
    assert "ask_back" in page.can
    assert told[-2:] == ["assignment.ask_back", "assignment.reply"]


async def test_a_desk_that_never_replies_keeps_no_question_open_for_ever(
    ctx: Context, db: Database, editor: Actor, clock: Clock
) -> None:
    person, made = await offered(ctx, db, editor)
    question = await ask(ctx, db, made, of(person))
    clock.move(hours=24)
    assert await assignments.expire_due(ctx, db) == 0
    clock.move(hours=24)
    assert await assignments.expire_due(ctx, db) == 1
    async with db.read() as s:
        assert (await talk.load_ask_back(s, question.id)).state == "closed"


async def test_in_an_incident_the_time_goes_on(
    ctx: Context, db: Database, editor: Actor, clock: Clock
) -> None:
    person, made = await offered(ctx, db, editor)
    async with db.write() as s:
        made = await store.note(s, await store.load(s, made.id), ctx.now(), gear="incident")
    question = await ask(ctx, db, made, of(person))
    assert question.paused_until is None
    assert (await now_of(db, made)).respond_by == made.respond_by


async def test_only_the_one_asked_asks_back_and_only_one_question_waits(
    ctx: Context, db: Database, editor: Actor
) -> None:
    person, made = await offered(ctx, db, editor)
    other = await expert(ctx, db, editor, "示例乙")
    with pytest.raises(NotYours):
        await ask(ctx, db, made, of(other))
    for number in range(3):
        question = await ask(ctx, db, made, of(person))
        if number == 0:
            with pytest.raises(AskedEnough):
                await ask(ctx, db, made, of(person))
            with pytest.raises(NotAllowed):
                async with db.write() as s:
                    await asking_back.reply(ctx, s, question.id, "焯水。", of(person))
            with pytest.raises(BadAnswer):
                async with db.write() as s:
                    await asking_back.reply(ctx, s, question.id, " ", editor)
        async with db.write() as s:
            await asking_back.reply(ctx, s, question.id, "焯水。", editor)
    with pytest.raises(AskedEnough):
        await ask(ctx, db, made, of(person))
    with pytest.raises(IllegalTransition):
        async with db.write() as s:
            await asking_back.reply(ctx, s, question.id, "再说一次。", editor)


async def test_two_clicks_at_once_ask_once_and_two_editors_reply_once(
    ctx: Context, database: Database, editor: Actor
) -> None:
    person, made = await offered(ctx, database, editor)
    asked = await asyncio.gather(
        *(ask(ctx, database, made, of(person)) for _ in range(4)), return_exceptions=True
    )
    stood = [one for one in asked if isinstance(one, AskBack)]
    assert len(stood) == 1

    async def reply() -> bool:
        try:
            async with database.write() as s:
                await asking_back.reply(ctx, s, stood[0].id, "焯水。", editor)
        except (Conflict, IllegalTransition):
            return False
        return True

    assert sum(await asyncio.gather(*(reply() for _ in range(4)))) == 1


async def test_it_works_by_the_link_and_ends_with_it(ctx: Context, db: Database, editor: Actor) -> None:
    _, made = await offered(ctx, db, editor)
    async with db.write() as s:
        token = await assignment_links.make(ctx, s, made.id, editor)
    async with db.write() as s:
        await assignment_links.ask(ctx, s, token, "是生吃吗？")
    async with db.read() as s:
        assert [one.state for one in (await assignment_links.page(ctx, s, token)).asked_back] == ["waiting"]
    async with db.write() as s:
        await assignments.withdraw(ctx, s, made.id, "弄错了", editor)
        with pytest.raises(NotFound):
            await assignment_links.ask(ctx, s, token, "还在吗？")
