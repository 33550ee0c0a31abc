"""From stored items and tips to cases in the queue, with the shipped model, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from sqlmodel import col, select

from classifiers.signals import Assessment
from classifiers.text import Text
from content.permissions import Actor
from content.pieces import Piece
from service.context import Context
from service.store import items
from service.store.engine import Database
from service.store.tables import AssessmentRow, CaseLink, Evidence, Tip
from service.usecases import cases, tips
from service.usecases.cases import QueueView
from service.usecases.triage import triage_pending
from service.usecases.triage_memory import Memory
from tests.conftest import Clock
from tests.usecases.newsroom import (
    ShippedAssessor,
    a_source,
    all_cases,
    arrive,
    evidence_of,
    story,
)
from tests.usecases.story_examples import FLOOD, FOOTBALL, RUMOR


@pytest.fixture(scope="module")
def assessor() -> ShippedAssessor:
    return ShippedAssessor()


async def test_every_item_opens_or_joins_a_case_and_nothing_is_left_over(
    ctx: Context, database: Database, editor: Actor, assessor: ShippedAssessor
) -> None:
    source = await a_source(ctx, database, editor)
    await arrive(ctx, database, source, story(*FLOOD), story(*RUMOR), story(*FOOTBALL))
    assert await triage_pending(ctx, database, assessor) == 3
    assert await triage_pending(ctx, database, assessor) == 0
    found = {case.title: case for case in await all_cases(database)}
    assert {title: case.kind for title, case in found.items()} == {
        FLOOD[0]: "emergency",
        RUMOR[0]: "rumor",
        FOOTBALL[0]: "news",
    }
    assert found[FLOOD[0]].priority > found[RUMOR[0]].priority > found[FOOTBALL[0]].priority
    assert found[FLOOD[0]].hazard == "flood"
    assert found[FLOOD[0]].regions == ["360902"]
    for case in found.values():
        assert case.priority == sum(reason["points"] for reason in case.reasons)
    async with database.read() as session:
        assert await items.backlog(session) == 0
        assert len((await session.exec(select(AssessmentRow))).all()) == 3
        flagged = [row.case.title for row in (await cases.queue(session, QueueView())).rows]
        local = await cases.queue(session, QueueView(region="360902", hazard="flood"))
    assert flagged == [FLOOD[0], RUMOR[0]]
    assert [row.case.title for row in local.rows] == [FLOOD[0]]


async def test_one_story_in_three_feeds_is_one_case_with_three_sources(
    ctx: Context, database: Database, editor: Actor, assessor: ShippedAssessor, clock: Clock
) -> None:
    names = ("宜春日报", "赣西晚报", "江西新闻网")
    feeds = [await a_source(ctx, database, editor, name) for name in names]
    memory = Memory()
    await arrive(ctx, database, feeds[0], story(*FLOOD))
    await triage_pending(ctx, database, assessor, memory=memory)
    clock.move(minutes=20)
    await arrive(ctx, database, feeds[1], story(FLOOD[0], FLOOD[1] + "（记者 张三）"))
    await arrive(ctx, database, feeds[2], story("秀江水位超警 " + FLOOD[0], FLOOD[1]))
    await triage_pending(ctx, database, assessor, memory=memory)
    (case,) = await all_cases(database)
    assert {e.source_name for e in await evidence_of(database, case)} == set(names)
    assert case.sources == 3
    assert {"sources", "growth"} <= {reason["code"] for reason in case.reasons}
    assert case.last_seen == ctx.now()


async def test_after_a_restart_the_same_story_still_finds_its_case(
    ctx: Context, database: Database, editor: Actor, assessor: ShippedAssessor, clock: Clock
) -> None:
    for name in ("宜春日报", "赣西晚报"):
        source = await a_source(ctx, database, editor, name)
        await arrive(ctx, database, source, story(*FLOOD))
        await triage_pending(ctx, database, assessor, memory=Memory())
        clock.move(hours=20)
    (case,) = await all_cases(database)
    assert case.sources == 2


async def test_the_same_address_in_two_feeds_is_one_case(
    ctx: Context, database: Database, editor: Actor, assessor: ShippedAssessor
) -> None:
    first, second = await a_source(ctx, database, editor), await a_source(ctx, database, editor, "赣西晚报")
    url = "https://news.example.cn/2026/flood.html"
    await arrive(ctx, database, first, story(*FLOOD, url=url))
    await triage_pending(ctx, database, assessor)
    await arrive(ctx, database, second, story("秀江告急", "下水渡大桥封闭", url=url + "?utm_source=app"))
    await triage_pending(ctx, database, assessor)
    (case,) = await all_cases(database)
    assert case.sources == 2


async def test_an_edited_title_makes_no_second_case_and_flags_a_text_that_was_handed_in(
    ctx: Context, database: Database, editor: Actor, assessor: ShippedAssessor
) -> None:
    source = await a_source(ctx, database, editor)
    await arrive(ctx, database, source, story(*FLOOD, guid="a1"))
    await triage_pending(ctx, database, assessor)
    (case,) = await all_cases(database)
    for state, flagged in (("draft", False), ("approved", True)):
        async with database.write() as session:
            piece = Piece(
                id=ctx.new_id(),
                kind="explainer",
                state=state,
                case_id=case.id,
                author_id=ctx.new_id(),
                created_at=ctx.now(),
                updated_at=ctx.now(),
            )
            session.add(piece)
        revision = 3 if flagged else 2
        changed = story(f"秀江洪峰已过 第{revision}次更新", "转移群众陆续返家", guid="a1")
        await arrive(ctx, database, source, changed, revision=revision)
        await triage_pending(ctx, database, assessor)
        (case,) = await all_cases(database)
        assert case.changed_after_approval is flagged
    assert (case.sources, len(await evidence_of(database, case))) == (1, 3)
    async with database.write() as session:
        seen = await cases.acknowledge_change(ctx, session, case.id, editor)
    assert not seen.changed_after_approval


async def test_a_text_that_breaks_the_classifier_still_reaches_the_queue(
    ctx: Context, database: Database, editor: Actor, assessor: ShippedAssessor
) -> None:
    class Fragile:
        async def assess(self, texts: Sequence[Text]) -> list[Assessment]:
            if any("毒药" in text.title for text in texts):
                raise MemoryError
            return await assessor.assess(texts)

    source = await a_source(ctx, database, editor)
    stories = [story(f"第{n}条消息", "今天天气晴好。" * n) for n in range(9)]
    await arrive(ctx, database, source, *stories, story("毒药文本", "……"))
    assert await triage_pending(ctx, database, Fragile()) == 10
    async with database.read() as session:
        bare = (await session.exec(select(Evidence).where(col(Evidence.assessment).is_(None)))).all()
        assert len((await session.exec(select(CaseLink))).all()) == 10
    assert [e.title for e in bare] == ["毒药文本"]


async def test_when_no_classifier_answers_at_all_the_desk_goes_on(
    ctx: Context, database: Database, editor: Actor
) -> None:
    class Broken:
        async def assess(self, texts: Sequence[Text]) -> list[Assessment]:
            raise RuntimeError("no worker lives")

    source = await a_source(ctx, database, editor)
    await arrive(ctx, database, source, *[story(f"消息{n}", f"内容{n}" * 9) for n in range(30)])
    assert await triage_pending(ctx, database, Broken()) == 30
    codes = {reason["code"] for case in await all_cases(database) for reason in case.reasons}
    assert "no_model" in codes


async def test_two_processes_that_triage_at_once_make_every_case_once(
    ctx: Context, database: Database, editor: Actor, assessor: ShippedAssessor
) -> None:
    source = await a_source(ctx, database, editor)
    await arrive(ctx, database, source, *[story(f"第{n}小学运动会", f"共有{n}个项目" * 3) for n in range(20)])
    async with database.write() as session:
        await tips.submit(ctx, session, "停水是真的吗，谁知道消息？")

    done = await asyncio.gather(*(triage_pending(ctx, database, assessor) for _ in range(3)))
    assert sum(done) == 21
    async with database.read() as session:
        assert len((await session.exec(select(Evidence))).all()) == 21
        assert {tip.state for tip in (await session.exec(select(Tip))).all()} == {"in_work"}


async def test_a_batch_that_fails_leaves_nothing_behind_and_is_done_again(
    ctx: Context,
    database: Database,
    editor: Actor,
    assessor: ShippedAssessor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = await a_source(ctx, database, editor)
    await arrive(ctx, database, source, story(*FLOOD))
    memory = Memory()
    with monkeypatch.context() as broken:
        broken.setattr("service.crash.point", _dies)
        with pytest.raises(KeyboardInterrupt):
            await triage_pending(ctx, database, assessor, memory=memory)
    assert await all_cases(database) == []
    assert await triage_pending(ctx, database, assessor, memory=memory) == 1
    assert len(await all_cases(database)) == 1


def _dies(name: str) -> None:
    if name == "triage.before_commit":
        raise KeyboardInterrupt
