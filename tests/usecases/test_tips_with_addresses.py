"""Questions that quote an address, from the public's form to their cases, on both databases."""

from __future__ import annotations

import pytest
from sqlmodel import select

from content.permissions import Actor
from content.triage import NEWEST
from service.context import Context
from service.store import evidence
from service.store.engine import Database
from service.store.tables import Tip
from service.usecases import tips
from service.usecases.triage import triage_pending
from service.usecases.triage_memory import Memory
from tests.conftest import Clock
from tests.usecases.newsroom import ShippedAssessor, a_source, all_cases, arrive, evidence_of, story

PAGE = "https://news.example.cn/airport"
ARTICLE = ("赣西机场扩建工程通过验收", "市交通局介绍，新航站楼今年底启用，面积比原来增加一倍。")


@pytest.fixture(scope="module")
def assessor() -> ShippedAssessor:
    return ShippedAssessor()


async def ask(ctx: Context, db: Database, text: str, url: str = PAGE) -> None:
    async with db.write() as session:
        await tips.submit(ctx, session, text, url)


async def test_a_question_joins_by_what_it_asks_and_not_by_the_address_that_it_quotes(
    ctx: Context, database: Database, editor: Actor, assessor: ShippedAssessor, clock: Clock
) -> None:
    source, memory = await a_source(ctx, database, editor), Memory()
    await arrive(ctx, database, source, story(*ARTICLE, url=PAGE))
    await triage_pending(ctx, database, assessor, memory=memory)
    for text in (
        "请问这篇文章是真的吗？",
        "下周全城停水三天，是真的吗",
        "听说新航站楼年底启用",
        "停水三天这事当真",
    ):
        clock.move(minutes=5)
        await ask(ctx, database, text)
        await triage_pending(ctx, database, assessor, memory=memory)
    held = [
        [one.text[:10] for one in await evidence_of(database, case)] for case in await all_cases(database)
    ]
    assert held == [
        [ARTICLE[1][:10], "请问这篇文章是真的吗", "听说新航站楼年底启用"],
        ["下周全城停水三天，是", "停水三天这事当真"],
    ]


async def test_the_same_words_about_two_pages_are_two_cases(
    ctx: Context, database: Database, assessor: ShippedAssessor
) -> None:
    await ask(ctx, database, "这是真的吗？求核实")
    await ask(ctx, database, "这是真的吗？求核实", "https://news.example.cn/another")
    await triage_pending(ctx, database, assessor)
    assert len(await all_cases(database)) == 2


async def test_a_link_within_the_text_is_taken_for_the_address(ctx: Context, database: Database) -> None:
    await ask(ctx, database, f"群里在转{PAGE}，真的假的", url="")
    async with database.read() as session:
        (tip,) = (await session.exec(select(Tip))).all()
    assert tip.url == PAGE


async def test_of_a_link_that_everybody_asks_about_only_the_newest_are_read(
    ctx: Context, database: Database, assessor: ShippedAssessor, clock: Clock
) -> None:
    asked = [f"听说第{number}号航站楼要拆" for number in range(NEWEST + 5)]
    for text in asked:
        clock.move(seconds=1)
        await ask(ctx, database, text)
    await triage_pending(ctx, database, assessor)
    async with database.read() as session:
        homes = await evidence.homes(session, [], [PAGE], [])
    assert [at.said.text.strip() for at in homes.urls[PAGE]] == asked[-NEWEST:]
