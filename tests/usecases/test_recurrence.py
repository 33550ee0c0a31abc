"""The same rumor again: a new text names what was published about it before, and its page says so."""

from __future__ import annotations

from content.cases import Case
from content.permissions import Actor
from service.context import Context
from service.site.render import render_all
from service.site.serving import Site
from service.store.engine import Database
from service.usecases import cases, pieces, publish, recurrence
from tests.conftest import Clock
from tests.site.conftest import text
from tests.usecases.newsroom import by_hand
from tests.writing import REBUTTAL, published


async def follows(db: Database, case: Case, before: Case) -> None:
    async with db.write() as session:
        row = await session.get(Case, case.id)
        assert row is not None
        row.follows = before.id
        session.add(row)


async def earlier(
    ctx: Context, db: Database, editor: Actor, case: Case, kind: str = "rebuttal"
) -> tuple[str, ...]:
    async with db.write() as session:
        piece = await pieces.create(ctx, session, case.id, kind, editor)
    async with db.read() as session:
        return (await pieces.page(ctx, session, piece.id)).body.earlier


async def test_a_case_that_goes_on_from_an_answered_one_names_that_answer(
    ctx: Context, database: Database, editor: Actor, issuer: Actor
) -> None:
    old = await by_hand(ctx, database, editor, REBUTTAL.claim)
    told = await published(ctx, database, editor, issuer, case_id=old.id)
    new = await by_hand(ctx, database, editor, "又有人转发：自来水有毒")
    assert await earlier(ctx, database, editor, new) == ()
    await follows(database, new, old)
    assert await earlier(ctx, database, editor, new) == (told.public_id,)


async def test_a_case_that_was_answered_with_an_earlier_text_and_opened_again_names_its_own_texts(
    ctx: Context, database: Database, editor: Actor, issuer: Actor
) -> None:
    case = await by_hand(ctx, database, editor, REBUTTAL.claim)
    told = await published(ctx, database, editor, issuer, case_id=case.id)
    async with database.write() as session:
        await cases.reopen(ctx, session, case.id, "换了一个版本又传开了", editor)
    assert await earlier(ctx, database, editor, case) == (told.public_id,)


async def test_what_was_found_to_be_alike_comes_last_and_the_retracted_not_at_all(
    ctx: Context, db: Database, editor: Actor, issuer: Actor
) -> None:
    alike = await published(ctx, db, editor, issuer)
    gone = await published(ctx, db, editor, issuer)
    async with db.write() as session:
        await publish.retract(ctx, session, gone.public_id, "检测报告有误。", issuer)
    old = await by_hand(ctx, db, editor, REBUTTAL.claim)
    told = await published(ctx, db, editor, issuer, case_id=old.id)
    new = await by_hand(ctx, db, editor, "又有人转发：自来水有毒")
    await follows(db, new, old)
    for public_id, expected in (
        (alike.public_id, [told.public_id, alike.public_id]),
        (gone.public_id, [told.public_id]),
    ):
        async with db.write() as session:
            row = await session.get(Case, new.id)
            assert row is not None
            row.known_publication = public_id
            session.add(row)
        async with db.read() as session:
            assert [one.public_id for one in await recurrence.earlier(session, new.id)] == expected


async def test_a_verdict_does_not_name_the_holding_statement_that_it_replaces(
    ctx: Context, db: Database, editor: Actor, issuer: Actor
) -> None:
    case = await by_hand(ctx, db, editor, REBUTTAL.claim)
    body = REBUTTAL.model_copy(update={"verdict": None, "title": "水质情况正在核实"})
    await published(ctx, db, editor, issuer, body, "holding", case_id=case.id)
    assert await earlier(ctx, db, editor, case) == ()


async def test_cases_that_follow_one_another_in_a_circle_end(
    ctx: Context, db: Database, editor: Actor
) -> None:
    one = await by_hand(ctx, db, editor, REBUTTAL.claim)
    two = await by_hand(ctx, db, editor, "又传开了：自来水有毒")
    await follows(db, one, two)
    await follows(db, two, one)
    assert await earlier(ctx, db, editor, one) == ()


async def test_the_page_says_when_and_where_it_was_checked_before(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, clock: Clock
) -> None:
    told = await published(ctx, db, editor, issuer)
    clock.move(days=400)
    body = REBUTTAL.model_copy(update={"earlier": (told.public_id,), "title": "水质仍然达标，无须囤水"})
    again = await published(ctx, db, editor, issuer, body)
    await render_all(ctx, db)
    page = text(Site(ctx.settings.site_dir), f"/p/{again.public_id}")
    assert "旧谣新传" in page
    assert "2026年11月24日在袁州区已经核查过" in page
    assert f'href="/p/{told.public_id}"' in page
    assert "旧谣新传" not in text(Site(ctx.settings.site_dir), f"/p/{told.public_id}")


async def test_a_holding_statement_begins_with_words_for_its_hazard_and_the_cases_claim(
    ctx: Context, db: Database, editor: Actor
) -> None:
    case = await by_hand(ctx, db, editor, "上游水库要垮坝了")
    async with db.write() as session:
        row = await session.get(Case, case.id)
        assert row is not None
        row.hazard = "flood"
        session.add(row)
    async with db.write() as session:
        piece = await pieces.create(ctx, session, case.id, "holding", editor)
    async with db.read() as session:
        page = await pieces.page(ctx, session, piece.id)
    assert (page.body.claim, page.body.hazard) == ("上游水库要垮坝了", "flood")
    assert page.body.title.startswith("水情汛情正在核实")
    assert [p for p in page.problems if p.severity == "must"] == []


async def test_a_correction_begins_with_a_note_whose_blanks_must_be_filled(
    ctx: Context, db: Database, editor: Actor, issuer: Actor
) -> None:
    told = await published(ctx, db, editor, issuer)
    async with db.write() as session:
        piece = await pieces.start_correction(ctx, session, told.public_id, editor)
    async with db.read() as session:
        page = await pieces.page(ctx, session, piece.id)
    assert [(p.code, p.field) for p in page.problems if p.severity == "must"] == [
        ("unfilled", "correction_note")
    ]
