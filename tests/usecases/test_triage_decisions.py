"""Triage and what people decide: refutations, questions, suggestions, merges, splits and closed cases."""

from __future__ import annotations

import pytest

from content.permissions import Actor
from service.context import Context
from service.store.engine import Database
from service.usecases import cases, tips
from service.usecases.triage import triage_pending
from service.usecases.triage_memory import Memory
from tests.conftest import Clock
from tests.usecases.newsroom import (
    ShippedAssessor,
    a_source,
    all_cases,
    arrive,
    evidence_of,
    published,
    story,
)
from tests.usecases.story_examples import DEBUNK, FLOOD, FOOTBALL, RUMOR


@pytest.fixture(scope="module")
def assessor() -> ShippedAssessor:
    return ShippedAssessor()


async def test_a_refutation_joins_the_rumor_and_is_evidence_not_a_suspect(
    ctx: Context, database: Database, editor: Actor, assessor: ShippedAssessor, clock: Clock
) -> None:
    source = await a_source(ctx, database, editor)
    police = await a_source(ctx, database, editor, "市场监管局", authority=True)
    await arrive(ctx, database, source, story(*RUMOR))
    await triage_pending(ctx, database, assessor)
    clock.move(hours=1)
    await arrive(ctx, database, police, story(*DEBUNK))
    await triage_pending(ctx, database, assessor)
    (case,) = await all_cases(database)
    assert (case.kind, case.sources) == ("rumor", 2)
    assert {"debunked", "debunk", "rumor_style"} <= {reason["code"] for reason in case.reasons}


async def test_questions_from_the_public_raise_the_case_and_are_answered_with_it(
    ctx: Context, database: Database, editor: Actor, assessor: ShippedAssessor
) -> None:
    source = await a_source(ctx, database, editor)
    await arrive(ctx, database, source, story(*RUMOR))
    await triage_pending(ctx, database, assessor)
    (before,) = await all_cases(database)
    tokens = []
    for _ in range(2):
        async with database.write() as session:
            _, token = await tips.submit(ctx, session, RUMOR[1], "", None, "微信 wx-test")
            tokens.append(token)
    assert await triage_pending(ctx, database, assessor) == 2
    (case,) = await all_cases(database)
    assert (case.demand, case.sources, case.kind) == (2, 1, "rumor")
    assert case.priority > before.priority
    async with database.write() as session:
        await cases.claim(ctx, session, case.id, editor)
    async with database.read() as session:
        assert (await tips.status(session, tokens[0])).state == "in_work"
    await published(ctx, database, "orange", RUMOR[0], "市场监管局抽检的橙子全部合格。")
    async with database.write() as session:
        await cases.answer_with(ctx, session, case.id, "orange", editor)
    async with database.read() as session:
        found = [await tips.status(session, token) for token in tokens]
        assert [(s.state, s.public_id) for s in found] == [("answered", "orange")] * 2
    async with database.write() as session:
        await cases.undo(ctx, session, case.id, editor)
    async with database.read() as session:
        assert (await tips.status(session, tokens[0])).state == "in_work"


async def test_a_question_nobody_has_heard_of_opens_a_case(
    ctx: Context, database: Database, editor: Actor, assessor: ShippedAssessor
) -> None:
    async with database.write() as session:
        _, token = await tips.submit(
            ctx, session, "听说高安要地震了，今晚别睡觉，是真的吗？", "", "360983", ""
        )
    await triage_pending(ctx, database, assessor)
    (case,) = await all_cases(database)
    assert (case.demand, case.sources) == (1, 0)
    assert "360983" in case.regions
    async with database.write() as session:
        await cases.dismiss(ctx, session, case.id, "地震局已说明没有预报", editor)
    async with database.read() as session:
        assert (await tips.status(session, token)).state == "closed"


async def test_an_earlier_publication_is_suggested_and_never_applied(
    ctx: Context, database: Database, editor: Actor, assessor: ShippedAssessor
) -> None:
    await published(
        ctx,
        database,
        "orange",
        "吃打了保鲜剂的橙子会得白血病",
        "市场监管局抽检的橙子全部合格，保鲜剂按国家标准使用不会致病。",
    )
    source = await a_source(ctx, database, editor)
    memory = Memory()
    await arrive(ctx, database, source, story(*RUMOR), story(*FOOTBALL))
    await triage_pending(ctx, database, assessor, memory=memory)
    found = {case.title: case for case in await all_cases(database)}
    assert found[RUMOR[0]].known_publication == "orange"
    assert found[RUMOR[0]].state == "queued"
    assert "known_claim" in {reason["code"] for reason in found[RUMOR[0]].reasons}
    assert found[FOOTBALL[0]].known_publication is None
    async with database.read() as session:
        page = await cases.case_page(session, found[RUMOR[0]].id)
        assert page.suggestion is not None
        assert page.suggestion.public_id == "orange"
    async with database.write() as session:
        refused = await cases.refuse_suggestion(ctx, session, found[RUMOR[0]].id, editor)
    assert refused.known_publication is None
    assert "known_claim" not in {reason["code"] for reason in refused.reasons}
    await published(
        ctx, database, "orange", "吃打了保鲜剂的橙子会得白血病", "撤回", type="retract", version=2, sequence=2
    )
    await arrive(ctx, database, source, story("转发：" + RUMOR[0], RUMOR[1][:40]))
    await triage_pending(ctx, database, assessor, memory=memory)
    assert {case.known_publication for case in await all_cases(database)} == {None}


async def test_merging_and_splitting_give_every_case_its_own_evidence_back(
    ctx: Context, database: Database, editor: Actor, assessor: ShippedAssessor
) -> None:
    source = await a_source(ctx, database, editor)
    await arrive(ctx, database, source, story(*FLOOD), story(*RUMOR), story(*FOOTBALL))
    await triage_pending(ctx, database, assessor)
    by_title = {case.title: case for case in await all_cases(database)}
    flood, rumor, football = (by_title[one[0]] for one in (FLOOD, RUMOR, FOOTBALL))
    looks = {case.id: (case.kind, case.priority, case.sources) for case in by_title.values()}
    async with database.write() as session:
        await cases.merge(ctx, session, football.id, rumor.id, editor)
        into = await cases.merge(ctx, session, rumor.id, flood.id, editor)
        assert (into.kind, into.sources) == ("emergency", 1)
    assert len(await evidence_of(database, flood)) == 3
    async with database.read() as session:
        page = await cases.case_page(session, flood.id)
        assert {case.id for case in page.duplicates} == {rumor.id, football.id}
    async with database.write() as session:
        await cases.unmerge(ctx, session, rumor.id, editor)
    assert [e.title for e in await evidence_of(database, rumor)] == [FOOTBALL[0], RUMOR[0]]
    async with database.write() as session:
        await cases.undo(ctx, session, football.id, editor)
    after = {case.id: (case.kind, case.priority, case.sources) for case in await all_cases(database)}
    assert after == looks
    assert {case.state for case in await all_cases(database)} == {"queued"}


async def test_a_split_can_be_taken_back(
    ctx: Context, database: Database, editor: Actor, assessor: ShippedAssessor
) -> None:
    source = await a_source(ctx, database, editor)
    await arrive(ctx, database, source, story(*FLOOD), story(*RUMOR))
    await triage_pending(ctx, database, assessor)
    by_title = {case.title: case for case in await all_cases(database)}
    flood, rumor = by_title[FLOOD[0]], by_title[RUMOR[0]]
    async with database.write() as session:
        await cases.merge(ctx, session, rumor.id, flood.id, editor)
    (moved,) = [e.id for e in await evidence_of(database, flood) if e.title == RUMOR[0]]
    async with database.write() as session:
        fresh = await cases.split(ctx, session, flood.id, [moved], "橙子谣言", editor)
    assert (fresh.title, fresh.kind, fresh.state) == ("橙子谣言", "rumor", "queued")
    async with database.write() as session:
        await cases.undo(ctx, session, flood.id, editor)
    assert len(await evidence_of(database, flood)) == 2
    async with database.write() as session:
        await cases.unmerge(ctx, session, rumor.id, editor)
    assert [e.title for e in await evidence_of(database, rumor)] == [RUMOR[0]]


async def test_a_closed_case_is_never_reopened_by_a_machine(
    ctx: Context, database: Database, editor: Actor, assessor: ShippedAssessor
) -> None:
    source, other = await a_source(ctx, database, editor), await a_source(ctx, database, editor, "赣西晚报")
    await arrive(ctx, database, source, story(*RUMOR))
    await triage_pending(ctx, database, assessor)
    (case,) = await all_cases(database)
    async with database.write() as session:
        await cases.dismiss(ctx, session, case.id, "老谣言，无人转发", editor)
    await arrive(ctx, database, other, story(*RUMOR))
    await triage_pending(ctx, database, assessor)
    (case,) = await all_cases(database)
    assert (case.state, case.sources) == ("dismissed", 2)
    for _ in range(2):
        async with database.write() as session:
            await tips.submit(ctx, session, RUMOR[1])
        await triage_pending(ctx, database, assessor)
    first, second = await all_cases(database)
    follower = second if second.follows else first
    assert (follower.follows, follower.state, follower.demand) == (case.id, "queued", 2)
    assert "recurring" in {reason["code"] for reason in follower.reasons}
