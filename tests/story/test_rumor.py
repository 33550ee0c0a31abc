"""The whole house in one story: a rumor in three feeds becomes a published rebuttal, and later a correction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from classifiers.assess import Assessor
from classifiers.model_file import SHIPPED, load
from classifiers.signals import Assessment
from classifiers.text import Text
from content.permissions import Actor
from content.pieces import PieceKind
from service.channels.outlets import outlets
from service.context import Context
from service.feeds.guard import guarded_session
from service.feeds.policy import FetchPolicy
from service.site.render import render_publication
from service.site.serving import Site
from service.store.engine import Database
from service.usecases import (
    assignments,
    cases,
    channels,
    deliver,
    experts,
    pieces,
    polling,
    publish,
    review,
    sources,
    triage,
)
from tests.conftest import actor
from tests.sinks import sink
from tests.usecases.feed_site import FeedSite, Story, rss

TOLD = "紧急扩散！城南水厂被污水倒灌，自来水有毒不能喝，官方瞒着不说，看到的赶紧转发给家人！"
FEEDS = ("/daily.xml", "/forum.xml", "/groups.xml")
FACT: dict[str, Any] = {
    "title": "城南水厂水质正常，自来水可以放心喝",
    "claim": "城南水厂被污水倒灌，自来水有毒",
    "verdict": "false",
    "fact": "城南水厂没有进污水。今天三次抽检，出厂水全部合格。",
    "todo": "照常用水；发现水变色、有异味，拨打供水热线。",
    "sources": [
        {"title": "今日水质抽检公告", "publisher": "示例市水务部门", "url": "https://water.example.cn/1"}
    ],
}


class Judge:
    """The shipped model, in this process."""

    def __init__(self) -> None:
        self.assessor = Assessor(load(SHIPPED), None)

    async def assess(self, texts: Sequence[Text]) -> list[Assessment]:
        return self.assessor.assess(texts)


@pytest.fixture
def chief() -> Actor:
    return actor("孙系统", "sysadmin")


async def test_a_rumor_in_three_feeds_becomes_a_published_rebuttal(
    ctx: Context,
    db: Database,
    site: FeedSite,
    door: polling.FeedDoor,
    editor: Actor,
    issuer: Actor,
    chief: Actor,
) -> None:
    # Three feeds carry the rumor; everyday news stands beside it.
    for number, path in enumerate(FEEDS):
        news = Story(f"news-{number}", f"第{number + 1}小学举行秋季运动会", "同学们参加了接力和跳绳比赛。")
        site.bodies[path] = rss(Story(f"rumor-{number}", "自来水有毒不能喝", TOLD), news)
        async with db.write() as session:
            await sources.add(ctx, session, site.url(path), editor)
    await polling.poll_due(ctx, db, door)
    await triage.triage_pending(ctx, db, Judge())

    # The editor finds it at the top, once, with three sources and reasons that add up.
    async with db.read() as session:
        top = (await cases.queue(session, cases.QueueView())).rows[0].case
    assert (top.kind, top.sources) == ("rumor", 3)
    assert sum(reason["points"] for reason in top.reasons) == top.priority
    async with db.write() as session:
        await cases.claim(ctx, session, top.id, editor)
        expert = await experts.create(ctx, session, WATER_EXPERT, editor)

    # The right expert is suggested, asked, accepts and answers.
    doctor = actor("示例水质专家", "expert", expert_id=expert.id)
    async with db.write() as session:
        suggested = await experts.candidates(ctx, session, top.id, editor)
        assert suggested[0].expert_id == expert.id
        asked = await assignments.offer(ctx, session, top.id, expert.id, "城南水厂的水能喝吗？", editor)
        await assignments.accept(ctx, session, asked.id, doctor)
        said = "今天三次抽检全部合格，没有污水倒灌，可以放心喝。"
        await assignments.answer(ctx, session, asked.id, said, "false", FACT["sources"], doctor)

    # The editor writes; somebody else approves that very text; it goes out everywhere once.
    async with sink() as receiver, guarded_session(local(receiver.port)) as http:
        async with db.write() as session:
            await channels.add(ctx, session, "市政务网", "webhook", receiver.url, chief)
            piece = await pieces.create(ctx, session, top.id, PieceKind.REBUTTAL, editor)
            body = (await pieces.page(ctx, session, piece.id)).body.model_copy(update=FACT)
            written = await pieces.save(
                ctx, session, piece.id, type(body).model_validate(body.model_dump()), editor, 1
            )
            await review.submit(ctx, session, piece.id, written.number, written.sha256, editor)
            await review.approve(ctx, session, piece.id, written.number, written.sha256, issuer)
            out = await publish.publish(ctx, session, piece.id, issuer)
        ways = outlets(http, lambda public_id: render(ctx, db, public_id), ctx.now)
        await deliver.deliver_due(ctx, db, ways)
        await deliver.deliver_due(ctx, db, ways)
        assert [body["id"] for body in receiver.taken] == [out.public_id]

    # It stands on the public page and in every feed, and the case is answered.
    shelf = Site(ctx.settings.site_dir)
    page = shelf.find(f"/p/{out.public_id}")
    assert page is not None
    assert FACT["title"] in page.bodies["identity"].decode()
    for feed in ("/feed.xml", "/atom.xml", "/feed.json"):
        stored = shelf.find(feed)
        assert stored is not None
        assert out.public_id in stored.bodies["identity"].decode()
    async with db.read() as session:
        assert (await cases.case_page(session, top.id)).case.state == "answered"


def local(port: int) -> FetchPolicy:
    return FetchPolicy(allow=frozenset({("127.0.0.1", port)}))


async def render(ctx: Context, db: Database, public_id: str) -> None:
    await render_publication(ctx, db, public_id)


WATER_EXPERT = {
    "name": "示例专家·水质",
    "unit": "示例市水质监测中心",
    "hazards": ["environmental_pollution", "poisoning"],
    "topics": ["health", "environment"],
    "profile": "自来水、水厂、饮用水水质检测与污染处置",
    "consent": {"assignments": True},
}
