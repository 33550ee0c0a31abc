"""Everyday news leaves the queue by itself after a month; nothing else ever does."""

from __future__ import annotations

from content.permissions import Actor
from service.context import Context
from service.store.engine import Database
from service.usecases import cases
from service.usecases.ageing import QUIET, age_out
from service.usecases.triage import triage_pending
from tests.conftest import Clock
from tests.usecases.newsroom import ShippedAssessor, a_source, all_cases, arrive, by_hand, story


async def test_only_untouched_everyday_news_ages(
    ctx: Context, database: Database, editor: Actor, clock: Clock
) -> None:
    source, assessor = await a_source(ctx, database, editor), ShippedAssessor(rules_only=True)
    await arrive(ctx, database, source, story("市图书馆新馆开放试运行", "新馆藏书三十万册。"))
    await arrive(ctx, database, source, story("青少年足球联赛开幕", "共有24支队伍参加。"))
    await arrive(
        ctx, database, source, story("高安发生山洪 多人被困", "强降雨引发山洪，消防正在搜救被困群众。")
    )
    await triage_pending(ctx, database, assessor)
    await by_hand(ctx, database, editor, "网传食盐要涨价", "news")
    football = next(case for case in await all_cases(database) if "足球" in case.title)
    async with database.write() as session:
        await cases.claim(ctx, session, football.id, editor)
    clock.now += QUIET
    assert await age_out(ctx, database) == 0
    clock.move(hours=1)
    assert await age_out(ctx, database) == 1
    assert await age_out(ctx, database) == 0
    aged = [case for case in await all_cases(database) if case.state == "dismissed"]
    assert [(case.title, case.dismissed_reason) for case in aged] == [("市图书馆新馆开放试运行", "aged_out")]
    async with database.write() as session:
        again = await cases.reopen(ctx, session, aged[0].id, "还要看看", editor)
    assert again.state == "queued"
