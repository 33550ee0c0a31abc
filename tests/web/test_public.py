"""The public pages that need the database: search, check, ask, follow. A visitor without a login, real forms."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlmodel import select

from content.audit import AuditEntry
from service.context import Context
from service.house import House
from service.site.render import render_all
from service.store.engine import Database
from service.store.tables import Tip
from tests.render.situations import LIGHTNING, STORM, publication, retracted
from tests.web.conftest import token_in

Visitor = TestClient[Any, Any]


@pytest.fixture
async def visitor(server: TestServer) -> AsyncIterator[Visitor]:
    async with TestClient(server) as client:
        yield client


@pytest.fixture
async def published(ctx: Context, db: Database) -> None:
    async with db.write() as session:
        session.add_all(
            [
                publication(),
                publication(LIGHTNING, "explainer", "thunder34567", 4),
                publication(STORM, "warning", "storm3456789", 5),
            ]
        )
    await render_all(ctx, db)


async def text(visitor: Visitor, path: str, status: int = 200) -> str:
    answer = await visitor.get(path)
    assert answer.status == status, path
    return await answer.text()


async def send(visitor: Visitor, path: str, **fields: str) -> Any:
    """Fill in the form of a page as a browser does."""
    token = token_in(await text(visitor, path))
    return await visitor.post(path, data={"csrf": token, **fields}, allow_redirects=False)


@pytest.mark.usefixtures("published")
async def test_a_page_is_found_by_words(visitor: Visitor) -> None:
    page = await text(visitor, "/search?q=自来水+污染")
    assert "/p/water2345678" in page
    assert "/p/thunder34567" not in page
    assert "找到 1 条" in page
    english = await text(visitor, "/en/search?q=打雷")
    assert "/en/p/thunder34567" in english
    assert "1 result." in english


@pytest.mark.usefixtures("published")
async def test_nothing_found_is_never_called_true(visitor: Visitor) -> None:
    for page in (
        await text(visitor, "/search?q=外星人"),
        await text(visitor, "/check?text=外星人昨晚降落在体育馆"),
    ):
        assert "不等于它是真的" in page
        assert "/tip" in page


@pytest.mark.usefixtures("published")
async def test_a_claim_that_was_checked_is_recognised(visitor: Visitor) -> None:
    answer = await send(
        visitor, "/check", text="紧急通知！袁州区的自来水被化工厂污染了，喝了会得癌，大家赶紧囤水！"
    )
    page = await answer.text()
    assert "这条说法我们核实过" in page
    assert "核查结论" in page
    assert "谣言" in page
    assert "/p/water2345678" in page


@pytest.mark.usefixtures("published")
async def test_a_claim_about_something_else_gets_no_verdict(visitor: Visitor) -> None:
    page = await (await send(visitor, "/check", text="樟树市的中学下周全部停课")).text()
    assert "我们还没有核实过这条说法" in page
    assert "核查结论" not in page


@pytest.mark.usefixtures("published")
async def test_what_was_withdrawn_answers_nothing_any_more(
    visitor: Visitor, ctx: Context, db: Database
) -> None:
    claim = "/check?text=袁州区自来水被化工厂污染，喝了会得癌，赶紧囤水"
    assert "这条说法我们核实过" in await text(visitor, claim)
    async with db.write() as session:
        session.add(retracted(sequence=9))
    await render_all(ctx, db)
    assert "这条说法我们核实过" not in await text(visitor, claim)
    assert "/p/water2345678" not in await text(visitor, "/search?q=自来水")
    assert (await visitor.get("/p/water2345678")).status == 410


async def test_hostile_questions_stay_text(visitor: Visitor) -> None:
    question = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E"
    for path in (f"/search?q={question}", f"/check?text={question}", f"/tip?text={question}"):
        assert "<script>alert" not in await text(visitor, path)


async def test_a_question_is_taken_and_followed_by_its_token(
    visitor: Visitor, db: Database, ctx: Context
) -> None:
    answer = await send(
        visitor,
        "/tip",
        text="听说明天全市停水三天，是真的吗？",
        region="360902",
        contact="reader@example.org",
    )
    assert answer.status == 303
    where = answer.headers["Location"]
    assert re.fullmatch(r"/tip/[\w-]{32}", where)
    page = await text(visitor, where)
    assert "听说明天全市停水三天" in page
    assert "已收到" in page
    async with db.read() as session:
        tip = (await session.exec(select(Tip))).one()
        entry = (await session.exec(select(AuditEntry))).one()
    assert tip.region == "360902"
    assert tip.contact is not None
    assert b"reader" not in tip.contact
    assert ctx.keys.decrypt(tip.contact, bound_to=str(tip.id)) == "reader@example.org"
    assert "reader" not in entry.model_dump_json()


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("救命！我家进水了，老人出不来", ("110、119、120",)),
        ("这日子我活不下去了", ("110、119、120", "12356")),
    ],
)
async def test_whoever_is_in_danger_reads_whom_to_call(
    visitor: Visitor, question: str, told: tuple[str, ...]
) -> None:
    page = await text(visitor, (await send(visitor, "/tip", text=question)).headers["Location"])
    assert [line for line in ("110、119、120", "12356") if line in page] == list(told)


@pytest.mark.parametrize(
    ("ended", "said"), [(False, "后来撤回了，我们会重新核实"), (True, "预警已经由发布单位结束")]
)
async def test_an_answer_that_is_gone_says_whether_anybody_was_wrong(
    visitor: Visitor, db: Database, ctx: Context, *, ended: bool, said: str
) -> None:
    answer = await send(visitor, "/tip", text="听说今晚有大暴雨，是真的吗？")
    last = retracted(body=STORM, kind="warning", public_id="storm3456789")
    last.snapshot = {**last.snapshot, "ended": ended}
    async with db.write() as session:
        session.add_all([publication(STORM, "warning", "storm3456789"), last])
        tip = (await session.exec(select(Tip))).one()
        tip.state, tip.public_id, tip.answered_at = "answered", "storm3456789", ctx.now()
    assert said in await text(visitor, answer.headers["Location"])


async def test_an_english_visitor_stays_in_english(visitor: Visitor) -> None:
    answer = await send(visitor, "/en/tip", text="听说明天全市停水三天，是真的吗？")
    assert answer.headers["Location"].startswith("/en/tip/")
    assert "Your question" in await text(visitor, answer.headers["Location"])


async def test_a_token_that_nobody_was_given_leads_nowhere(visitor: Visitor) -> None:
    for token in ("x", "A" * 32, "..%2f..%2fetc"):
        assert (await visitor.get(f"/tip/{token}")).status == 404


async def test_a_wrong_field_comes_back_with_what_was_written(visitor: Visitor, db: Database) -> None:
    answer = await send(visitor, "/tip", text="嗯", url="https://example.org/a", contact="reader@example.org")
    page = await answer.text()
    assert answer.status == 422
    assert "请写 4 到 4000 个字。" in page
    assert "reader@example.org" in page
    async with db.read() as session:
        assert (await session.exec(select(Tip))).all() == []


async def test_a_form_from_elsewhere_is_refused(visitor: Visitor, db: Database) -> None:
    token = token_in(await text(visitor, "/tip"))
    question = {"text": "听说明天全市停水三天，是真的吗？"}
    for data, headers in [
        (question, {}),
        ({**question, "csrf": "0" * 64}, {}),
        ({**question, "csrf": token}, {"Sec-Fetch-Site": "cross-site"}),
        ({**question, "csrf": token}, {"Origin": "https://evil.example.org"}),
    ]:
        assert (await visitor.post("/tip", data=data, headers=headers)).status == 403
    async with db.read() as session:
        assert (await session.exec(select(Tip))).all() == []


async def test_a_robot_that_fills_every_field_learns_nothing(visitor: Visitor, db: Database) -> None:
    answer = await send(visitor, "/tip", text="买药请加微信，效果保证", website="https://spam.example.org")
    assert answer.status == 303
    async with db.read() as session:
        assert (await session.exec(select(Tip))).all() == []


async def test_one_visitor_asks_so_often_and_no_more(visitor: Visitor) -> None:
    for number in range(6):
        assert (await send(visitor, "/tip", text=f"听说{number}号桥要拆，是真的吗？")).status == 303
    answer = await send(visitor, "/tip", text="听说七号桥要拆，是真的吗？")
    assert answer.status == 429
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize("path", ["/search", "/check", "/tip", "/en/tip"])
async def test_these_pages_run_no_script_and_are_kept_by_nobody(visitor: Visitor, path: str) -> None:
    answer = await visitor.get(path)
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "<script" not in await answer.text()


@pytest.mark.usefixtures("published")
async def test_rendered_pages_come_through_the_application_too(visitor: Visitor, house: House) -> None:
    answer = await visitor.get("/p/water2345678")
    assert answer.status == 200
    assert "42项检测全部合格" in await answer.text()
    assert (
        await visitor.get("/p/water2345678", headers={"If-None-Match": answer.headers["ETag"]})
    ).status == 304
    assert (await visitor.get("/p/water2345678/", allow_redirects=False)).headers[
        "Location"
    ] == "/p/water2345678"
    assert (await visitor.get("/en", allow_redirects=False)).headers["Location"] == "/en/"
    missing = await visitor.get("/p/nothing")
    assert missing.status == 404
    assert "没有这个页面" in await missing.text()


@pytest.mark.usefixtures("published")
async def test_the_styles_of_a_page_are_there_and_kept_for_ever(visitor: Visitor) -> None:
    style = re.search(r'href="(/static/public-[0-9a-f]+\.css)"', await text(visitor, "/"))
    assert style
    answer = await visitor.get(style[1])
    assert answer.status == 200
    assert "immutable" in answer.headers["Cache-Control"]


async def test_before_the_first_page_is_made_a_reader_is_told_to_wait(visitor: Visitor) -> None:
    answer = await visitor.get("/")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    page = await answer.text()
    assert "网站正在准备" in page
    assert "工作台" not in page


@pytest.mark.usefixtures("published")
async def test_a_reader_who_goes_astray_stays_on_the_public_site(visitor: Visitor) -> None:
    for path, said in (("/tip/guessed", "没有这个页面"), ("/en/tip/guessed", "There is no such page")):
        page = await text(visitor, path, 404)
        assert said in page
        assert 'href="/login"' not in page
        assert "工作台" not in page
        assert "staff-" not in page
    stale = await visitor.post("/check", data={"csrf": "old", "text": "自来水有毒"})
    assert stale.status == 403
    assert "页面放得太久了" in await stale.text()
    assert "工作台" not in await stale.text()
