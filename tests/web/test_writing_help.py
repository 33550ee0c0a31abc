"""What the editor's page does to help: sources looked at and kept, what was typed is not lost, checks that explain."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date

import pytest

from content.copies import Look
from content.permissions import Actor
from service.house import House
from service.usecases import assignments, copies, pieces, shelf_life
from tests.conftest import Clock
from tests.usecases import expert_people
from tests.usecases.test_copies import SAYS, Pages
from tests.web.conftest import Login
from tests.writing import REBUTTAL, published, written


@pytest.fixture
def pages() -> Pages:
    return Pages()


@pytest.fixture
def house(house: House, pages: Pages) -> House:
    return replace(house, parts={"source_door": pages})


async def test_an_editor_looks_at_the_sources_and_reads_what_was_kept(
    house: House, login: Login, editor: Actor, pages: Pages
) -> None:
    person = await login("editor")
    piece, _ = await written(house.ctx, house.db, editor)
    page = f"/desk/pieces/{piece.id}"
    assert "还没有看" in await person.page(page)
    pages.says = Look(fault="http_404")
    answer = await person.post(f"{page}/look", on=page)
    assert answer.headers["Location"] == f"{page}?done=sources_seen#sources"
    html = await person.page(page)
    assert "来源的网页打不开，可能已经删除" in html
    assert "换成现在能打开的网址" in html
    assert "页面不存在（404）" in html
    pages.says = SAYS
    await person.post(f"{page}/look", on=page)
    html = await person.page(page)
    assert "打不开，可能已经删除" not in html
    (kept,) = re.findall(r'href="(/desk/copies/[^"]+)"', html)
    copy = await person.page(kept)
    assert SAYS.text in copy
    assert SAYS.sha256 in copy


async def test_every_finding_says_what_where_and_how_it_is_mended(
    house: House, login: Login, editor: Actor
) -> None:
    person = await login("editor")
    body = REBUTTAL.model_copy(update={"title": REBUTTAL.claim[:20], "why": "联系 13812345678", "todo": ""})
    piece, _ = await written(house.ctx, house.db, editor, body)
    for page in (f"/desk/pieces/{piece.id}", f"/desk/pieces/{piece.id}/review"):
        html = await person.page(page)
        for words in (
            "重复了谣言的说法",
            "不要照抄谣言",
            "像是个人信息",
            "手机号",
            "办公电话",
            "这一项还没有填",
        ):
            assert words in html, (page, words)


async def test_what_was_being_typed_comes_back_with_all_its_sources_and_choices(
    house: House, login: Login, editor: Actor
) -> None:
    person = await login("editor")
    piece, revision = await written(house.ctx, house.db, editor)
    page = f"/desk/pieces/{piece.id}"
    kept = {
        "base_revision": [str(revision.number)],
        "title": ["水质达标，正在打字"],
        "choices": ["1"],
        "topics": ["health", "disaster"],
        "source_title": ["第一个来源", "第二个来源"],
        "source_url": ["https://example.org/1", "https://example.org/2"],
        "source_publisher": ["甲", "乙"],
        "source_excerpt": ["", ""],
    }
    token = re.findall(r'name="csrf" value="([^"]+)"', await person.page(page))[0]
    answer = await person.client.post(
        f"{page}/autosave",
        data=json.dumps(kept),
        headers={"Content-Type": "application/json", "X-CSRF-Token": token},
    )
    assert answer.status == 200
    assert "自动保存过没有成为新一版的内容" in await person.page(page)
    html = await person.page(f"{page}?restore=1")
    for words in ("水质达标，正在打字", "第一个来源", "第二个来源", "https://example.org/2"):
        assert words in html
    assert len(re.findall(r'name="topics" value="(?:health|disaster)" checked', html)) == 2
    await person.post(page, [(name, one) for name, many in kept.items() for one in many], on=page)
    html = await person.page(page)
    assert "自动保存过" not in html
    assert "第二个来源" in html


async def test_another_editor_sees_who_is_editing(house: House, login: Login, clock: Clock) -> None:
    first, second = await login("editor", name="李编辑"), await login("editor", name="陈编辑")
    me = Actor(first.user_id, "李编辑", frozenset({"editor"}))
    piece, _ = await written(house.ctx, house.db, me)
    page = f"/desk/pieces/{piece.id}"
    async with house.db.write() as session:
        await pieces.autosave(house.ctx, session, piece.id, {"title": ["打字"]}, me)
    assert "李编辑 正在编辑这篇稿件" in await second.page(page)
    assert "正在编辑这篇稿件" not in await first.page(page)
    clock.move(minutes=3)
    assert "正在编辑这篇稿件" not in await second.page(page)


async def test_any_two_revisions_are_compared(house: House, login: Login, editor: Actor) -> None:
    person = await login("editor")
    piece, _ = await written(house.ctx, house.db, editor)
    for number, why in ((2, "检测三次。"), (3, "检测四次，结果公布。")):
        async with house.db.write() as session:
            await pieces.save(
                house.ctx, session, piece.id, REBUTTAL.model_copy(update={"why": why}), editor, number
            )
    page = f"/desk/pieces/{piece.id}"
    assert f'href="{page}/diff"' in await person.page(page)
    html = await person.page(f"{page}/diff?a=2&b=4")
    assert "第 2 版到第 4 版的改动" in html
    assert "<ins>" in html
    assert "四次" in html


async def test_a_stale_text_is_on_the_desk_until_an_editor_has_looked(
    house: House, login: Login, editor: Actor, issuer: Actor, clock: Clock
) -> None:
    body = REBUTTAL.model_copy(update={"review_on": date(2026, 12, 1)})
    told = await published(house.ctx, house.db, editor, issuer, body)
    clock.move(days=8)
    await shelf_life.ask_due(house.ctx, house.db)
    person = await login("editor")
    assert "1 篇已发布的内容该复核了" in await person.page("/desk")
    assert REBUTTAL.title in (await person.page("/desk/publications")).partition("stale")[2]
    page = f"/desk/publications/{told.public_id}"
    assert "该复核了" in await person.page(page)
    wrong = await person.post(f"{page}/reviewed", {"until": "昨天"}, on=page)
    assert wrong.status == 422
    answer = await person.post(f"{page}/reviewed", {"until": "2027-03-01", "note": "看了新公告"}, on=page)
    assert answer.headers["Location"] == f"{page}?done=reviewed"
    assert "该复核了" not in await person.page(page)
    assert "该复核了" not in await person.page("/desk")


async def test_the_page_of_a_publication_shows_what_was_kept_of_its_sources(
    house: House, login: Login, editor: Actor, issuer: Actor, pages: Pages, clock: Clock
) -> None:
    told = await published(house.ctx, house.db, editor, issuer)
    await copies.look_due(house.ctx, house.db, pages)
    person = await login("editor")
    page = f"/desk/publications/{told.public_id}"
    assert "网页还在" in await person.page(page)
    clock.move(days=7, seconds=1)
    pages.says = Look(sha256="b" * 64, text="本栏目已经调整，请看新网站。")
    await copies.look_due(house.ctx, house.db, pages)
    person = await login("editor", name="another")
    html = await person.page(page)
    assert "现在说的和留存的不一样" in html
    assert "有 1 个来源打不开了，或者说法变了" in html


async def test_an_earlier_check_of_the_same_rumor_is_named_by_its_address(
    house: House, login: Login, editor: Actor, issuer: Actor
) -> None:
    told = await published(house.ctx, house.db, editor, issuer)
    person = await login("editor")
    piece, revision = await written(house.ctx, house.db, editor)
    page = f"/desk/pieces/{piece.id}"
    form = {
        "base_revision": str(revision.number),
        "earlier_shown": "1",
        "earlier_more": f"https://kepu.example.org/p/{told.public_id}",
    }
    await person.post(page, form, on=page)
    html = await person.page(page)
    assert f'name="earlier" value="{told.public_id}" checked' in html
    async with house.db.read() as session:
        assert (await pieces.page(house.ctx, session, piece.id)).body.earlier == (told.public_id,)


async def test_without_a_language_model_the_page_says_nothing_of_one(
    house: House, login: Login, editor: Actor
) -> None:
    person = await login("editor")
    piece, _ = await written(house.ctx, house.db, editor)
    page = f"/desk/pieces/{piece.id}"
    assert "机器草稿" not in await person.page(page)
    assert (await person.post(f"{page}/drafts", on=page)).status == 422


async def test_experts_answers_and_earlier_texts_lie_beside_the_text(
    house: House, login: Login, editor: Actor, issuer: Actor
) -> None:
    ctx, db = house.ctx, house.db
    rumor = await expert_people.case(ctx, db)
    person = await expert_people.expert(ctx, db, editor, "叶青")
    async with db.write() as session:
        offered = await assignments.offer(ctx, session, rumor.id, person.id, "能一起吃吗？", editor)
    async with db.write() as session:
        await assignments.accept(ctx, session, offered.id, expert_people.of(person))
    source = {"title": "膳食指南", "url": "https://example.org/diet"}
    said = "草酸不等于毒，焯水后可以放心吃。"
    async with db.write() as session:
        await assignments.answer(ctx, session, offered.id, said, "false", [source], expert_people.of(person))
    told = await published(ctx, db, editor, issuer, case_id=rumor.id)
    piece, _ = await written(ctx, db, editor, case_id=rumor.id)
    html = (await (await login("editor")).page(f"/desk/pieces/{piece.id}")).partition('id="beside"')[2]
    for words in ("专家答复：叶青", said, "膳食指南", f"以前发布过：{REBUTTAL.title}", told.public_id):
        assert words in html
