"""What people decide about deliveries, and what a decision may not lead to."""

from __future__ import annotations

import pytest

from content.delivery_states import DeliveryState
from content.errors import IllegalTransition, NotAllowed
from content.permissions import Actor
from service.channels.errors import Unknown
from service.channels.webhook import WebhookChannel
from service.context import Context
from service.store import channels as channel_store
from service.store.engine import Database
from service.usecases import channels, deliver, outbox, publish
from tests.conftest import Clock
from tests.sinks import sink, status
from tests.usecases.sending import add, rows
from tests.writing import Site, corrected, published, ways_out


async def test_a_channel_that_is_off_keeps_its_messages_until_it_is_on(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor
) -> None:
    async with sink() as receiver, ways_out(ctx, Site(), receiver.port) as out:
        channel = await add(ctx, db, sysadmin, "渠道", receiver.url)
        await published(ctx, db, editor, issuer)
        async with db.write() as session:
            await channels.disable(ctx, session, channel.id, sysadmin, "维护")
        await deliver.deliver_due(ctx, db, out)
        assert not receiver.asked
        async with db.write() as session:
            await channels.enable(ctx, session, channel.id, sysadmin)
        await deliver.deliver_due(ctx, db, out)
        assert len(receiver.taken) == 1


async def test_what_people_do_by_hand_waits_for_their_word(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor
) -> None:
    async with ways_out(ctx, Site()) as out:
        channel = await add(ctx, db, sysadmin, "下坪村大喇叭", "", "todo")
        await published(ctx, db, editor, issuer)
        await deliver.deliver_due(ctx, db, out)
        [waiting] = await rows(db, "下坪村大喇叭")
        assert waiting.state == DeliveryState.UNCERTAIN
        async with db.read() as session:
            assert (await channel_store.load(session, channel.id)).health == "new"
        async with db.write() as session:
            done = await outbox.resolve(ctx, session, waiting.id, "sent", editor)
    assert (done.state, done.resolved_by) == (DeliveryState.SENT, editor.id)


async def test_an_original_cannot_be_sent_again_after_its_correction(
    ctx: Context, database: Database, editor: Actor, issuer: Actor, sysadmin: Actor
) -> None:
    async with sink() as receiver, ways_out(ctx, Site(), receiver.port) as out:
        receiver.behaviours = [status(400)]
        await add(ctx, database, sysadmin, "渠道", receiver.url)
        told = await published(ctx, database, editor, issuer)
        await deliver.deliver_due(ctx, database, out)
        await corrected(ctx, database, told.public_id, editor, issuer, fact="四十三项达标。")
        await deliver.deliver_due(ctx, database, out)
    failed, sent = await rows(database, "渠道")
    assert (failed.state, sent.state) == (DeliveryState.FAILED, DeliveryState.SENT)
    with pytest.raises(IllegalTransition):
        async with database.write() as session:
            await outbox.resend(ctx, session, failed.id, editor)
    async with database.read() as session:
        assert (await outbox.page(session, failed.id)).blocked_by_newer


async def test_only_the_desk_decides_about_deliveries(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, expert_actor: Actor
) -> None:
    await add(ctx, db, sysadmin, "渠道", "http://127.0.0.1:9/hook")
    await published(ctx, db, editor, issuer)
    [pending] = await rows(db, "渠道")
    for somebody in (sysadmin, expert_actor):
        with pytest.raises(NotAllowed):
            async with db.write() as session:
                await outbox.cancel(ctx, session, pending.id, somebody)
    async with db.write() as session:
        cancelled = await outbox.cancel(ctx, session, pending.id, issuer, "误发")
    assert cancelled.state == DeliveryState.CANCELLED


async def test_a_retraction_after_a_doubtful_try_is_told_everywhere(
    ctx: Context,
    db: Database,
    editor: Actor,
    issuer: Actor,
    sysadmin: Actor,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def lost(self: WebhookChannel, message: object, key: str) -> None:
        raise Unknown("no_answer")

    async with sink() as receiver, ways_out(ctx, Site(), receiver.port) as out:
        await add(ctx, db, sysadmin, "渠道", receiver.url)
        told = await published(ctx, db, editor, issuer)
        with monkeypatch.context() as patch:
            patch.setattr(WebhookChannel, "send", lost)
            await deliver.deliver_due(ctx, db, out)
        async with db.write() as session:
            await publish.retract(ctx, session, told.public_id, "数据有误。", editor)
        clock.move(minutes=1)
        await deliver.deliver_due(ctx, db, out)
        assert [p["type"] for p in receiver.taken] == ["publish", "retract"]
