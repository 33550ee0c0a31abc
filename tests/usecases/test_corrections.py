"""Corrections and retractions reach whoever heard the original; holding statements become verdicts in place."""

from __future__ import annotations

import pytest

from content.delivery_states import DeliveryState
from content.errors import AlreadyPublished, IllegalTransition, Incomplete, StaleRevision
from content.permissions import Actor
from content.piece_states import PieceState
from service.context import Context
from service.errors import Invalid, NotFound
from service.store import pieces as store
from service.store.engine import Database
from service.usecases import cases, channels, pieces, publish
from tests.conftest import Clock
from tests.usecases.addressed import add, names, outbox
from tests.writing import REBUTTAL, approved, corrected, published


async def test_a_holding_statement_does_not_answer_and_becomes_the_verdict_in_place(
    ctx: Context, database: Database, editor: Actor, issuer: Actor, sysadmin: Actor
) -> None:
    await add(ctx, database, sysadmin, "市融媒体", routing={"kinds": ["holding"]})
    await add(ctx, database, sysadmin, "县广播", routing={"kinds": ["rebuttal"]})
    async with database.write() as session:
        case = await cases.open_by_hand(ctx, session, REBUTTAL.claim, "rumor", REBUTTAL.claim, editor)
    body = REBUTTAL.model_copy(update={"verdict": None, "title": "水质情况正在核实"})
    holding = await published(ctx, database, editor, issuer, body, "holding", case_id=case.id)
    async with database.read() as session:
        assert (await cases.case_page(session, case.id)).case.state != "answered"
    verdict = await published(ctx, database, editor, issuer, REBUTTAL, "rebuttal", case_id=case.id)
    rows = await outbox(database, holding.public_id)
    assert (verdict.public_id, verdict.version, verdict.type) == (holding.public_id, 2, "publish")
    assert verdict.revision > holding.revision
    assert verdict.references == holding.id
    assert names(rows, holding.sequence) == {"site", "市融媒体"}
    assert names(rows, verdict.sequence) == {"site", "市融媒体", "县广播"}


async def test_a_correction_goes_where_the_original_went_and_nowhere_else(
    ctx: Context, database: Database, editor: Actor, issuer: Actor, sysadmin: Actor
) -> None:
    told_it = await add(ctx, database, sysadmin, "市融媒体")
    first = await published(ctx, database, editor, issuer)
    await add(ctx, database, sysadmin, "后来的渠道")
    async with database.write() as session:
        await channels.disable(ctx, session, told_it.id, sysadmin)
    second = await corrected(ctx, database, first.public_id, editor, issuer, fact="四十三项指标全部达标。")
    rows = await outbox(database, first.public_id)
    assert names(rows, second.sequence) == {"site", "市融媒体"}
    assert (second.type, second.version, second.public_id) == ("correct", 2, first.public_id)
    assert second.published_at == first.published_at
    assert second.reason == "原文检测项目数有误，应为四十三项。"
    change = second.snapshot["changes"][0]
    assert set(change["fields"]) == {"fact", "correction_note"}
    assert change["reason"] == second.reason
    async with database.read() as session:
        assert (await store.load(session, first.piece_id)).state == PieceState.CORRECTED
        assert (await store.load(session, second.piece_id)).state == PieceState.PUBLISHED


async def test_a_correction_needs_a_second_person_too(
    ctx: Context, db: Database, editor: Actor, issuer: Actor
) -> None:
    first = await published(ctx, db, editor, issuer)
    async with db.write() as session:
        piece = await publish.start_correction(ctx, session, first.public_id, editor)
    with pytest.raises(IllegalTransition):
        async with db.write() as session:
            await publish.publish(ctx, session, piece.id, issuer)


async def test_there_is_one_open_correction_and_a_stale_one_is_refused(
    ctx: Context, database: Database, editor: Actor, second_editor: Actor, issuer: Actor
) -> None:
    first = await published(ctx, database, editor, issuer)
    async with database.write() as session:
        begun = await publish.start_correction(ctx, session, first.public_id, editor)
    async with database.write() as session:
        again = await publish.start_correction(ctx, session, first.public_id, second_editor)
    assert again.id == begun.id
    note = {"correction_note": "更正数字。", "fact": "四十三项达标。"}
    async with database.write() as session:
        revision = await pieces.save(
            ctx, session, begun.id, REBUTTAL.model_copy(update=note), editor, begun.revision
        )
    await approved(ctx, database, begun, revision, editor, issuer)
    async with database.write() as session:
        await publish.retract(ctx, session, first.public_id, "检测报告被撤回。", second_editor)
    with pytest.raises(AlreadyPublished):
        async with database.write() as session:
            await publish.publish(ctx, session, begun.id, issuer)


async def test_a_correction_written_against_an_older_version_is_refused(
    ctx: Context, database: Database, editor: Actor, issuer: Actor
) -> None:
    first = await published(ctx, database, editor, issuer)
    async with database.write() as session:
        late = await publish.start_correction(ctx, session, first.public_id, editor)
    note = {"correction_note": "更正数字。", "fact": "四十三项达标。"}
    async with database.write() as session:
        revision = await pieces.save(
            ctx, session, late.id, REBUTTAL.model_copy(update=note), editor, late.revision
        )
    await approved(ctx, database, late, revision, editor, issuer)
    async with database.write() as session:
        await publish.publish(ctx, session, late.id, issuer)
    second = await corrected(ctx, database, first.public_id, editor, issuer, todo="放心饮用。")
    assert second.version == 3
    async with database.write() as session:
        stale = await publish.start_correction(ctx, session, first.public_id, editor)
        await (await session.connection()).exec_driver_sql(
            "UPDATE pieces SET corrects_version = 1 WHERE state = 'draft'"
        )
    async with database.write() as session:
        body = REBUTTAL.model_copy(update={"correction_note": "又一次。", "todo": "照常。"})
        revision = await pieces.save(ctx, session, stale.id, body, editor, stale.revision)
    await approved(ctx, database, stale, revision, editor, issuer)
    with pytest.raises(StaleRevision):
        async with database.write() as session:
            await publish.publish(ctx, session, stale.id, issuer)


async def test_one_person_retracts_with_a_reason_and_a_second_one_looks(
    ctx: Context, database: Database, editor: Actor, issuer: Actor, clock: Clock
) -> None:
    first = await published(ctx, database, editor, issuer)
    with pytest.raises(Incomplete):
        async with database.write() as session:
            await publish.retract(ctx, session, first.public_id, " ", editor)
    async with database.write() as session:
        tomb = await publish.retract(ctx, session, first.public_id, "检测报告被撤回。", editor)
    assert (tomb.type, tomb.version, tomb.approval_id) == ("retract", 2, None)
    assert tomb.snapshot["body"] == first.snapshot["body"]
    clock.move(minutes=10)
    async with database.read() as session:
        waiting = await publish.unseen_retractions(session, ctx.now())
        piece = await store.load(session, first.piece_id)
    assert [(p.public_id, left.total_seconds()) for p, left in waiting] == [(first.public_id, 20 * 60)]
    assert piece.state == PieceState.RETRACTED
    with pytest.raises(NotFound):
        async with database.write() as session:
            await publish.looked_at(ctx, session, first.public_id, editor)
    async with database.write() as session:
        await publish.looked_at(ctx, session, first.public_id, issuer)
    async with database.read() as session:
        assert not await publish.unseen_retractions(session, ctx.now())
    with pytest.raises(AlreadyPublished):
        async with database.write() as session:
            await publish.retract(ctx, session, first.public_id, "再撤一次", editor)
    with pytest.raises(Invalid):
        async with database.write() as session:
            await publish.start_correction(ctx, session, first.public_id, editor)


async def test_what_is_retracted_before_it_went_out_is_called_off(
    ctx: Context, database: Database, editor: Actor, issuer: Actor, sysadmin: Actor
) -> None:
    await add(ctx, database, sysadmin, "市融媒体")
    first = await published(ctx, database, editor, issuer)
    async with database.write() as session:
        tomb = await publish.retract(ctx, session, first.public_id, "数据有误。", editor)
    rows = await outbox(database, first.public_id)
    assert names(rows, tomb.sequence) == {"site"}
    called_off = [d for d in rows if d.channel_name == "市融媒体"]
    assert [(d.state, d.error) for d in called_off] == [(DeliveryState.CANCELLED, "withdrawn_before_sending")]


async def test_what_a_retracted_text_had_answered_is_asked_again(
    ctx: Context, database: Database, editor: Actor, issuer: Actor
) -> None:
    async with database.write() as session:
        case = await cases.open_by_hand(ctx, session, REBUTTAL.claim, "rumor", REBUTTAL.claim, editor)
    told = await published(ctx, database, editor, issuer, case_id=case.id)
    async with database.write() as session:
        await publish.retract(ctx, session, told.public_id, "检测报告被撤回。", editor)
    async with database.read() as session:
        after = (await cases.case_page(session, case.id)).case
    assert (after.state, after.answered_with, after.claimed_by) == ("queued", None, None)
