"""Writing: revisions, autosave, lock, comments, differences; what a new piece begins with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from content.body import PieceBody
from content.errors import IllegalTransition, NotAllowed, StaleRevision
from content.permissions import Actor
from content.piece_states import PieceState
from service.context import Context
from service.errors import Conflict, Invalid, NotFound
from service.store.engine import Database
from service.usecases import pieces, publish
from tests.conftest import Clock
from tests.writing import EXPLAINER, REBUTTAL, approved, published, submitted, written

Act = Callable[[AsyncSession], Awaitable[object]]


async def test_every_save_is_a_new_revision_and_nothing_is_lost(
    ctx: Context, database: Database, editor: Actor
) -> None:
    piece, first = await written(ctx, database, editor)
    async with database.write() as session:
        second = await pieces.save(
            ctx, session, piece.id, REBUTTAL.model_copy(update={"todo": "烧开再喝。"}), editor, first.number
        )
    async with database.read() as session:
        page = await pieces.page(ctx, session, piece.id)
        changes = await pieces.diff(session, piece.id, first.number, second.number)
    assert [r.number for r in page.revisions] == [1, 2, 3]
    assert [c.field for c in changes] == ["todo"]
    assert page.piece.title == REBUTTAL.title


async def test_saving_over_somebody_elses_revision_is_refused(
    ctx: Context, database: Database, editor: Actor, second_editor: Actor
) -> None:
    piece, revision = await written(ctx, database, editor)
    async with database.write() as session:
        await pieces.save(ctx, session, piece.id, EXPLAINER, second_editor, revision.number)
    with pytest.raises(StaleRevision) as refusal:
        async with database.write() as session:
            await pieces.save(ctx, session, piece.id, REBUTTAL, editor, revision.number)
    assert refusal.value.details == {"current": revision.number + 1, "seen": revision.number}


async def test_an_unchanged_text_is_no_revision_and_costs_no_approval(
    ctx: Context, database: Database, editor: Actor, issuer: Actor
) -> None:
    piece, revision = await written(ctx, database, editor)
    await approved(ctx, database, piece, revision, editor, issuer)
    async with database.write() as session:
        again = await pieces.save(ctx, session, piece.id, REBUTTAL, editor, revision.number)
    async with database.read() as session:
        page = await pieces.page(ctx, session, piece.id)
    assert again.id == revision.id
    assert page.piece.state == PieceState.APPROVED


@pytest.mark.parametrize("stage", [submitted, approved])
async def test_an_edit_takes_a_text_out_of_review_and_voids_its_approval(
    ctx: Context, database: Database, editor: Actor, issuer: Actor, stage: object
) -> None:
    piece, revision = await written(ctx, database, editor)
    if stage is submitted:
        await submitted(ctx, database, piece, revision, editor)
    else:
        await approved(ctx, database, piece, revision, editor, issuer)
    changed = REBUTTAL.model_copy(update={"fact": "四十三项指标全部达标。"})
    async with database.write() as session:
        await pieces.save(ctx, session, piece.id, changed, editor, revision.number)
    async with database.read() as session:
        page = await pieces.page(ctx, session, piece.id)
    assert page.piece.state == PieceState.DRAFT
    assert page.approval is None
    with pytest.raises(IllegalTransition):
        async with database.write() as session:
            await publish.publish(ctx, session, piece.id, issuer)


async def test_a_published_text_is_not_edited(
    ctx: Context, db: Database, editor: Actor, issuer: Actor
) -> None:
    told = await published(ctx, db, editor, issuer)
    acts: list[Act] = [
        lambda s: pieces.save(ctx, s, told.piece_id, EXPLAINER, editor, told.revision),
        lambda s: pieces.autosave(ctx, s, told.piece_id, {"title": "x"}, editor),
        lambda s: pieces.lock(ctx, s, told.piece_id, editor),
    ]
    for act in acts:
        with pytest.raises(IllegalTransition):
            async with db.write() as session:
                await act(session)


async def test_sources_are_stamped_when_they_are_first_saved(
    ctx: Context, db: Database, editor: Actor, clock: Clock
) -> None:
    began = clock.now
    piece, revision = await written(ctx, db, editor)
    clock.move(hours=2)
    changed = REBUTTAL.model_copy(update={"todo": "烧开再喝。"})
    async with db.write() as session:
        later = await pieces.save(ctx, session, piece.id, changed, editor, revision.number)
    assert later.body["sources"][0]["retrieved_at"] == began.isoformat().replace("+00:00", "Z")


async def test_autosave_keeps_anything_typed_makes_no_revision_and_goes_with_the_next_save(
    ctx: Context, database: Database, editor: Actor
) -> None:
    piece, revision = await written(ctx, database, editor)
    async with database.write() as session:
        await pieces.autosave(ctx, session, piece.id, {"title": "水质" * 200, "sources": "还没填"}, editor)
    async with database.read() as session:
        page = await pieces.page(ctx, session, piece.id)
    assert page.piece.autosave is not None
    assert page.piece.autosave["sources"] == "还没填"
    assert page.revision.number == revision.number
    async with database.write() as session:
        await pieces.save(ctx, session, piece.id, EXPLAINER, editor, revision.number)
    async with database.read() as session:
        assert (await pieces.page(ctx, session, piece.id)).piece.autosave is None


async def test_a_lock_shows_who_is_editing_keeps_others_off_and_runs_out(
    ctx: Context, database: Database, editor: Actor, second_editor: Actor, clock: Clock
) -> None:
    piece, _ = await written(ctx, database, editor)
    async with database.write() as session:
        await pieces.lock(ctx, session, piece.id, editor)
    acts: list[Act] = [
        lambda s: pieces.lock(ctx, s, piece.id, second_editor),
        lambda s: pieces.autosave(ctx, s, piece.id, {"title": "水"}, second_editor),
    ]
    for act in acts:
        with pytest.raises(Conflict):
            async with database.write() as session:
                await act(session)
    async with database.read() as session:
        assert (await pieces.page(ctx, session, piece.id)).holder == editor.id
    clock.move(minutes=3)
    async with database.read() as session:
        assert (await pieces.page(ctx, session, piece.id)).holder is None
    async with database.write() as session:
        await pieces.lock(ctx, session, piece.id, second_editor)
    async with database.write() as session:
        await pieces.lock(ctx, session, piece.id, editor, take=True)
    async with database.write() as session:
        await pieces.unlock(ctx, session, piece.id, second_editor)
    async with database.read() as session:
        assert (await pieces.page(ctx, session, piece.id)).holder == editor.id


async def test_an_autosave_that_is_too_long_is_refused(ctx: Context, db: Database, editor: Actor) -> None:
    piece, _ = await written(ctx, db, editor)
    with pytest.raises(Invalid):
        async with db.write() as session:
            await pieces.autosave(ctx, session, piece.id, {"answer": "水" * 100_000}, editor)


async def test_comments_stand_with_the_revision_they_are_about(
    ctx: Context, db: Database, editor: Actor, issuer: Actor
) -> None:
    piece, revision = await written(ctx, db, editor)
    async with db.write() as session:
        await pieces.comment(ctx, session, piece.id, "检测时间请写明。", issuer)
    async with db.read() as session:
        acts = (await pieces.page(ctx, session, piece.id)).acts
    assert [(a.act, a.revision, a.by_name, a.note) for a in acts] == [
        ("comment", revision.number, issuer.name, "检测时间请写明。")
    ]
    with pytest.raises(Invalid):
        async with db.write() as session:
            await pieces.comment(ctx, session, piece.id, "  ", issuer)


async def test_pieces_are_listed_last_changed_first_page_by_page(
    ctx: Context, database: Database, editor: Actor, clock: Clock
) -> None:
    made = []
    for number in range(5):
        clock.move(minutes=1)
        body = REBUTTAL.model_copy(update={"title": f"水质公告第{number}号说明"})
        made.append((await written(ctx, database, editor, body))[0].id)
    async with database.read() as session:
        first = await pieces.listing(session, limit=3)
        rest = await pieces.listing(session, before=first[-1].id, limit=3)
        none = await pieces.listing(session, states=["approved"])
    assert [p.id for p in (*first, *rest)] == made[::-1]
    assert not none


async def test_only_editors_write(ctx: Context, db: Database, issuer: Actor, expert_actor: Actor) -> None:
    for somebody in (issuer, expert_actor, Actor(id=None, name="service")):
        with pytest.raises(NotAllowed):
            async with db.write() as session:
                await pieces.create(ctx, session, None, "explainer", somebody)


async def test_what_is_not_there_is_not_found(ctx: Context, db: Database, editor: Actor) -> None:
    async with db.read() as session:
        with pytest.raises(NotFound):
            await pieces.page(ctx, session, uuid4())
        with pytest.raises(NotFound):
            await pieces.create(ctx, session, uuid4(), "rebuttal", editor)


async def test_revisions_cannot_be_changed_in_the_database(
    ctx: Context, database: Database, editor: Actor
) -> None:
    await written(ctx, database, editor)
    with pytest.raises(Exception, match="append-only"):
        async with database.write() as session:
            await (await session.connection()).execute(text("UPDATE revisions SET sha256 = 'x'"))


async def test_a_text_is_stored_as_it_will_be_read_back_so_its_hash_holds(
    ctx: Context, database: Database, editor: Actor, issuer: Actor
) -> None:
    odd = REBUTTAL.model_copy(update={"title": "  水质\x00达标 \n", "why": "四十二项\x07，\t全部合格。\n\n"})
    told = await published(ctx, database, editor, issuer, odd)
    body = PieceBody.model_validate(told.snapshot["body"])
    assert (body.title, body.why) == ("水质达标", "四十二项，\t全部合格。")
    assert body.sha256() == told.sha256
