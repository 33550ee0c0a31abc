"""Published texts are looked at again: by date, or because a source is gone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from content import shelf_life as rules
from content.audit import AuditEntry
from content.copies import Look
from content.errors import NotAllowed
from content.permissions import Actor
from content.publications import Publication
from content.shelf_life import BadReviewDate
from service.context import Context
from service.errors import Invalid
from service.store import pieces as store
from service.store import shelf
from service.store.engine import Database
from service.usecases import copies, publish, shelf_life
from tests.conftest import Clock
from tests.usecases.test_copies import SAYS, Pages
from tests.writing import EXPLAINER, REBUTTAL, corrected, published

YICHUN = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


async def stale(ctx: Context, db: Database) -> list[str]:
    async with db.read() as session:
        return [one.publication.public_id for one in await shelf_life.stale(ctx, session)]


@pytest.mark.parametrize(
    ("kind", "changes", "due"),
    [
        ("rebuttal", {"review_on": date(2026, 12, 1)}, datetime(2026, 12, 1, 9, tzinfo=YICHUN)),
        ("rebuttal", {"valid_until": date(2026, 11, 30)}, datetime(2026, 12, 1, 9, tzinfo=YICHUN)),
        (
            "rebuttal",
            {"review_on": date(2026, 12, 20), "valid_until": date(2026, 11, 30)},
            datetime(2026, 12, 1, 9, tzinfo=YICHUN),
        ),
        ("rebuttal", {}, NOW + timedelta(days=180)),
        ("explainer", {}, NOW + timedelta(days=365)),
        ("holding", {}, NOW + timedelta(days=1)),
        ("warning", {"review_on": date(2026, 12, 1)}, None),
    ],
)
def test_a_text_is_looked_at_again_when_it_says_so_or_by_its_kind(
    kind: str, changes: dict[str, date], due: datetime | None
) -> None:
    assert rules.due(kind, REBUTTAL.model_copy(update=changes), NOW, YICHUN) == due


async def test_a_text_over_its_date_is_on_the_list_and_the_desk_is_told_once(
    ctx: Context, database: Database, editor: Actor, issuer: Actor, clock: Clock
) -> None:
    told = await published(
        ctx, database, editor, issuer, REBUTTAL.model_copy(update={"review_on": date(2026, 12, 1)})
    )
    await published(ctx, database, editor, issuer, EXPLAINER, "explainer")
    assert await shelf_life.ask_due(ctx, database) == 0
    clock.move(days=8)
    with database.hub.listen() as news:
        assert await shelf_life.ask_due(ctx, database) == 1
        if database.dialect == "sqlite":
            assert news.get_nowait().topic == "queue"
    assert await shelf_life.ask_due(ctx, database) == 0
    assert await stale(ctx, database) == [told.public_id]
    async with database.read() as session:
        assert await shelf.count_due(session, ctx.now()) == 1
        entries = (await session.exec(select(AuditEntry).where(AuditEntry.act == "piece.review_due"))).all()
    assert [entry.actor_name for entry in entries] == ["service"]


async def test_an_editor_says_that_it_is_still_right_and_until_when(
    ctx: Context, database: Database, editor: Actor, issuer: Actor, auditor: Actor, clock: Clock
) -> None:
    told = await published(
        ctx, database, editor, issuer, REBUTTAL.model_copy(update={"review_on": date(2026, 12, 1)})
    )
    clock.move(days=8)
    async with database.write() as session:
        with pytest.raises(NotAllowed):
            await shelf_life.still_right(ctx, session, told.public_id, date(2027, 3, 1), auditor)
    for wrong in (date(2026, 12, 2), date(2029, 1, 1)):
        async with database.read() as session:
            with pytest.raises(BadReviewDate):
                await shelf_life.still_right(ctx, session, told.public_id, wrong, editor)
    async with database.write() as session:
        await shelf_life.still_right(
            ctx, session, told.public_id, date(2027, 3, 1), editor, "监测点又多了两个"
        )
    assert await stale(ctx, database) == []
    async with database.read() as session:
        piece = await store.load(session, told.piece_id)
        acts = await store.acts(session, told.piece_id)
        (entry,) = (await session.exec(select(AuditEntry).where(AuditEntry.act == "piece.reviewed"))).all()
    assert piece.review_due == datetime(2027, 3, 1, 9, tzinfo=YICHUN)
    assert (acts[-1].act, acts[-1].by_name, acts[-1].note) == ("reviewed", editor.name, "监测点又多了两个")
    assert entry.after == {"review_due": "2027-03-01T09:00:00+08:00"}
    clock.now = datetime(2027, 3, 2, tzinfo=UTC)
    assert await shelf_life.ask_due(ctx, database) == 1


async def test_what_has_run_out_by_its_own_words_is_corrected_not_prolonged(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, clock: Clock
) -> None:
    body = REBUTTAL.model_copy(update={"valid_until": date(2026, 11, 30)})
    told = await published(ctx, db, editor, issuer, body)
    clock.move(days=8)
    async with db.read() as session:
        with pytest.raises(BadReviewDate):
            await shelf_life.still_right(ctx, session, told.public_id, date(2027, 3, 1), editor)


async def test_a_correction_takes_the_place_of_the_stale_text_on_the_list(
    ctx: Context, database: Database, editor: Actor, issuer: Actor, clock: Clock
) -> None:
    body = REBUTTAL.model_copy(update={"review_on": date(2026, 12, 1)})
    told = await published(ctx, database, editor, issuer, body)
    clock.move(days=8)
    await corrected(ctx, database, told.public_id, editor, issuer, review_on=date(2027, 1, 1))
    assert await stale(ctx, database) == []
    clock.now = datetime(2027, 1, 2, tzinfo=UTC)
    assert await stale(ctx, database) == [told.public_id]


async def test_a_retracted_text_and_an_exercise_ask_for_nothing(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, clock: Clock
) -> None:
    told = await published(ctx, db, editor, issuer)
    await published(ctx, db, editor, issuer, exercise=True)
    async with db.write() as session:
        await publish.retract(ctx, session, told.public_id, "来源撤回了公告。", issuer)
    clock.move(days=400)
    assert await shelf_life.ask_due(ctx, db) == 0
    assert await stale(ctx, db) == []
    async with db.read() as session:
        with pytest.raises(Invalid):
            await shelf_life.still_right(ctx, session, told.public_id, None, editor)


@pytest.mark.parametrize(
    "now_says", [Look(fault="http_404"), Look(sha256="b" * 64, text="本栏目已经调整，请看新网站。")]
)
async def test_a_source_that_is_gone_or_says_something_else_makes_the_text_due_once(
    ctx: Context, database: Database, editor: Actor, issuer: Actor, clock: Clock, now_says: Look
) -> None:
    told = await published(ctx, database, editor, issuer)
    await copies.look_due(ctx, database, Pages(SAYS))
    clock.move(days=7, seconds=1)
    await copies.look_due(ctx, database, Pages(now_says))
    async with database.read() as session:
        (one,) = await shelf_life.stale(ctx, session)
    assert [copy.url for copy in one.sources] == [REBUTTAL.sources[0].url]
    async with database.write() as session:
        await shelf_life.still_right(ctx, session, told.public_id, None, editor, "公告移到了新网站")
    clock.move(days=7, seconds=1)
    await copies.look_due(ctx, database, Pages(now_says))
    assert await stale(ctx, database) == []  # somebody knows already


async def test_texts_published_before_there_were_dates_get_theirs(
    ctx: Context, database: Database, editor: Actor, issuer: Actor
) -> None:
    told: Publication = await published(ctx, database, editor, issuer)
    async with database.write() as session:
        piece = await store.load(session, told.piece_id)
        await store.touch(session, piece, review_due=None)
    await shelf_life.ask_due(ctx, database)
    async with database.read() as session:
        assert (await store.load(session, told.piece_id)).review_due == told.issued_at + timedelta(days=180)
