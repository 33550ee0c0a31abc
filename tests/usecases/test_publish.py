"""Publishing is one transaction; corrections and retractions reach whoever heard the original."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlmodel import select

from content.audit import AuditEntry
from content.delivery import Delivery
from content.delivery_states import DeliveryState
from content.errors import AlreadyPublished, IllegalTransition, Incomplete, NotAllowed, StaleRevision
from content.permissions import Actor
from content.piece_states import PieceState
from content.publications import Publication
from service.context import Context
from service.errors import Conflict, Invalid, NotFound
from service.store import audit, deliveries, evidence, publications
from service.store import pieces as store
from service.store import tips as tip_store
from service.store.engine import Database
from service.store.tables.channels import Channel
from service.usecases import cases, channels, pieces, publish, tips
from tests.conftest import Clock
from tests.writing import EXPLAINER, REBUTTAL, approved, corrected, published, written


async def add(ctx: Context, db: Database, by: Actor, name: str, **settings: Any) -> Channel:
    async with db.write() as session:
        channel, _ = await channels.add(
            ctx, session, name, "webhook", "http://127.0.0.1:9/hook", by, settings=settings
        )
    return channel


async def outbox(db: Database, public_id: str) -> list[Delivery]:
    async with db.read() as session:
        return list(await deliveries.of_publication(session, public_id))


def names(rows: list[Delivery], sequence: int) -> set[str]:
    return {d.channel_name for d in rows if d.sequence == sequence}


async def test_snapshot_deliveries_states_and_audit_entry_come_together(
    ctx: Context, database: Database, editor: Actor, issuer: Actor, sysadmin: Actor
) -> None:
    await add(ctx, database, sysadmin, "市融媒体")
    told = await published(ctx, database, editor, issuer)
    rows = await outbox(database, told.public_id)
    async with database.read() as session:
        piece = await store.load(session, told.piece_id)
        entry = (await session.exec(select(AuditEntry).where(AuditEntry.act == "piece.publish"))).one()
    assert {d.channel_name for d in rows} == {"site", "市融媒体"}
    assert {d.state for d in rows} == {DeliveryState.PENDING}
    assert (piece.state, piece.public_id) == (PieceState.PUBLISHED, told.public_id)
    assert entry.after is not None
    assert entry.after["sha256"] == told.sha256
    assert sorted(entry.after["channels"]) == ["site", "市融媒体"]


async def test_a_snapshot_is_complete_in_itself(
    ctx: Context, db: Database, editor: Actor, issuer: Actor
) -> None:
    told = await published(ctx, db, editor, issuer)
    assert told.snapshot["kind"] == "rebuttal"
    assert told.snapshot["body"]["fact"] == REBUTTAL.fact
    assert told.snapshot["body"]["sources"][0]["retrieved_at"]
    assert told.snapshot["approver"] == issuer.name
    assert told.snapshot["authors"] == [editor.name]
    assert told.snapshot["changes"] == []


async def test_when_the_last_step_fails_nothing_of_it_remains(
    ctx: Context, database: Database, editor: Actor, issuer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    piece, revision = await written(ctx, database, editor)
    await approved(ctx, database, piece, revision, editor, issuer)

    async def full(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(audit, "record", full)
    with pytest.raises(Exception, match=r"no space|Try again"):
        async with database.write() as session:
            await publish.publish(ctx, session, piece.id, issuer)
    async with database.read() as session:
        assert (await store.load(session, piece.id)).state == PieceState.APPROVED
        assert not (await session.exec(select(Publication))).all()
        assert not (await session.exec(select(Delivery))).all()


async def test_what_was_not_approved_is_not_published(
    ctx: Context, database: Database, editor: Actor, issuer: Actor
) -> None:
    piece, _ = await written(ctx, database, editor)
    with pytest.raises(IllegalTransition):
        async with database.write() as session:
            await publish.publish(ctx, session, piece.id, issuer)


async def test_of_many_clicks_on_publish_one_publishes(
    ctx: Context, database: Database, editor: Actor, issuer: Actor
) -> None:
    piece, revision = await written(ctx, database, editor)
    await approved(ctx, database, piece, revision, editor, issuer)

    async def click() -> Publication:
        async with database.write() as session:
            return await publish.publish(ctx, session, piece.id, issuer)

    outcomes = await asyncio.gather(*(click() for _ in range(20)), return_exceptions=True)
    assert sum(isinstance(o, Publication) for o in outcomes) == 1
    assert all(isinstance(o, Publication | IllegalTransition | Conflict) for o in outcomes), outcomes


async def test_publications_at_once_are_numbered_without_gap_or_repeat(
    ctx: Context, database: Database, editor: Actor, issuer: Actor
) -> None:
    ready = []
    for _ in range(12):
        piece, revision = await written(ctx, database, editor)
        await approved(ctx, database, piece, revision, editor, issuer)
        ready.append(piece)

    async def click(index: int) -> Publication:
        async with database.write() as session:
            return await publish.publish(ctx, session, ready[index].id, issuer)

    told = await asyncio.gather(*(click(n) for n in range(len(ready))))
    assert sorted(p.sequence for p in told) == list(range(1, 13))


async def test_its_case_and_those_who_asked_are_answered(
    ctx: Context, database: Database, editor: Actor, issuer: Actor
) -> None:
    async with database.write() as session:
        case = await cases.open_by_hand(ctx, session, REBUTTAL.claim, "rumor", REBUTTAL.claim, editor)
    told = await published(ctx, database, editor, issuer, case_id=case.id)
    async with database.read() as session:
        after = (await cases.case_page(session, case.id)).case
    assert (after.state, after.answered_with) == ("answered", told.public_id)


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


async def test_an_exercise_reaches_exercise_channels_only_and_answers_nothing(
    ctx: Context, database: Database, editor: Actor, issuer: Actor, sysadmin: Actor
) -> None:
    await add(ctx, database, sysadmin, "市融媒体")
    await add(ctx, database, sysadmin, "演练群", exercise=True)
    async with database.write() as session:
        case = await cases.open_by_hand(ctx, session, REBUTTAL.claim, "rumor", REBUTTAL.claim, editor)
    drill = await published(ctx, database, editor, issuer, exercise=True, case_id=case.id)
    real = await published(ctx, database, editor, issuer, EXPLAINER, "explainer")
    assert names(await outbox(database, drill.public_id), drill.sequence) == {"演练群"}
    assert names(await outbox(database, real.public_id), real.sequence) == {"site", "市融媒体"}
    second = await corrected(ctx, database, drill.public_id, editor, issuer, todo="照常用水，勿转发。")
    assert second.exercise
    assert names(await outbox(database, drill.public_id), second.sequence) == {"演练群"}
    async with database.read() as session:
        assert (await cases.case_page(session, case.id)).case.state != "answered"


async def test_tips_behind_the_case_are_told_the_outcome(
    ctx: Context, db: Database, editor: Actor, issuer: Actor
) -> None:
    async with db.write() as session:
        case = await cases.open_by_hand(ctx, session, REBUTTAL.claim, "rumor", REBUTTAL.claim, editor)
        tip, token = await tips.submit(ctx, session, "自来水真的有毒吗？")
        now = ctx.now()
        asked = {"kind": "tip", "source_name": "群众", "title": tip.text, "text": tip.text, "seen_at": now}
        await evidence.append(
            session,
            [{"id": tip.id, "sha256": "b" * 64, **asked}],
            [
                {
                    "id": ctx.new_id(),
                    "case_id": case.id,
                    "evidence_id": tip.id,
                    "origin_case_id": case.id,
                    "linked_at": now,
                }
            ],
        )
        await tip_store.settle(session, [(tip.id, case.id)])
    told = await published(ctx, db, editor, issuer, case_id=case.id)
    async with db.read() as session:
        answer = await tips.status(session, token)
    assert (answer.state, answer.public_id) == ("answered", told.public_id)


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


async def test_experts_and_administrators_publish_nothing(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, expert_actor: Actor, sysadmin: Actor
) -> None:
    piece, revision = await written(ctx, db, editor)
    await approved(ctx, db, piece, revision, editor, issuer)
    for somebody in (expert_actor, sysadmin):
        with pytest.raises(NotAllowed):
            async with db.write() as session:
                await publish.publish(ctx, session, piece.id, somebody)
        with pytest.raises(NotAllowed):
            async with db.write() as session:
                await publish.retract(ctx, session, "x", "因为", somebody)


async def test_publications_cannot_be_changed_in_the_database(
    ctx: Context, database: Database, editor: Actor, issuer: Actor
) -> None:
    told = await published(ctx, database, editor, issuer)
    for statement in ("UPDATE publications SET sha256 = 'x'", "DELETE FROM approvals"):
        with pytest.raises(Exception, match="append-only"):
            async with database.write() as session:
                await (await session.connection()).exec_driver_sql(statement)
    async with database.read() as session:
        assert (await publications.current(session, told.public_id)).sha256 == told.sha256
