"""Choosing the moment of a publication on the desk."""

from __future__ import annotations

from content.permissions import Actor, Role
from service.house import House
from service.usecases import publish, scheduling
from tests.conftest import Clock
from tests.web.conftest import Login
from tests.writing import approved, published, written


async def test_an_issuer_chooses_the_moment_in_the_citys_time_and_may_call_it_off(
    house: House, login: Login, editor: Actor, clock: Clock
) -> None:
    issuer = await login("issuer", name="王签发")
    who = Actor(issuer.user_id, "王签发", frozenset({Role.ISSUER}))
    piece, revision = await written(house.ctx, house.db, editor)
    await approved(house.ctx, house.db, piece, revision, editor, who)
    review, act = f"/desk/pieces/{piece.id}/review", f"/desk/pieces/{piece.id}"
    assert "到时自动发布" in await issuer.page(review)

    named = {"revision": str(revision.number), "sha256": revision.sha256}
    wrong = await issuer.post(f"{act}/schedule", {**named, "at": "明天"}, on=review)
    assert wrong.status == 422
    answer = await issuer.post(
        f"{act}/schedule", {**named, "at": "2026-11-24T20:30", "embargo": "1"}, on=review
    )
    assert answer.headers["Location"].endswith("done=scheduled")
    page = await issuer.page(review)
    assert "限时禁发" in page
    assert "2026-11-24T12:30:00+00:00" in page or "2026-11-24T20:30:00+08:00" in page
    assert "现在发布" not in page
    assert "自动发布" in await issuer.page("/desk/pieces?state=approved")

    await issuer.post(f"{act}/unschedule", on=review)
    assert "现在发布" in await issuer.page(review)
    await issuer.post(f"{act}/schedule", {**named, "at": "2026-11-24T09:05"}, on=review)
    clock.move(minutes=6)
    assert await scheduling.release_due(house.ctx, house.db) == 1
    assert "已发布" in await issuer.page(review)


async def test_what_was_missed_says_why(house: House, login: Login, editor: Actor, clock: Clock) -> None:
    issuer = await login("issuer", name="王签发")
    who = Actor(issuer.user_id, "王签发", frozenset({Role.ISSUER}))
    piece, revision = await written(house.ctx, house.db, editor)
    await approved(house.ctx, house.db, piece, revision, editor, who)
    review = f"/desk/pieces/{piece.id}/review"
    named = {"revision": str(revision.number), "sha256": revision.sha256, "at": "2026-11-24T09:30"}
    await issuer.post(f"/desk/pieces/{piece.id}/schedule", named, on=review)
    clock.move(hours=7)
    await scheduling.release_due(house.ctx, house.db)
    issuer = await login("issuer", name="赵签发")  # the session of the first has idled out
    assert "已经过了六小时" in await issuer.page(review)
    assert "没有按时发布" in await issuer.page("/desk/pieces?state=approved")


async def test_the_page_of_a_publication_says_where_its_retraction_stands(
    house: House, login: Login, editor: Actor, issuer: Actor
) -> None:
    told = await published(house.ctx, house.db, editor, issuer)
    person = await login("editor", name="李编辑")
    page = f"/desk/publications/{told.public_id}"
    assert "撤回落实情况" not in await person.page(page)
    async with house.db.write() as session:
        await publish.retract(house.ctx, session, told.public_id, "检测数据有误，正在复核。", editor)
    shown = await person.page(page)
    assert "撤回落实情况" in shown
    assert "等待处理" in shown
    assert "还有 1 个渠道没有落实" in shown
