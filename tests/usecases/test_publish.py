"""Publishing is one transaction; corrections and retractions reach whoever heard the original."""

from __future__ import annotations

import asyncio

import pytest
from sqlmodel import select

from content.audit import AuditEntry
from content.delivery import Delivery
from content.delivery_states import DeliveryState
from content.errors import IllegalTransition, NotAllowed
from content.permissions import Actor
from content.piece_states import PieceState
from content.publications import Publication
from service.context import Context
from service.errors import Conflict
from service.store import audit, evidence, publications
from service.store import pieces as store
from service.store import tips as tip_store
from service.store.engine import Database
from service.usecases import cases, publish, tips
from tests.usecases.addressed import add, names, outbox
from tests.writing import EXPLAINER, REBUTTAL, approved, corrected, published, written


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
        asked = {
            "kind": "tip",
            "authority": False,
            "source_name": "群众",
            "title": tip.text,
            "text": tip.text,
            "seen_at": now,
        }
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
