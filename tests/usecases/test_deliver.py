"""The outbox at work: dead channels, pace, expiry, the page first."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

from content.delivery_states import DeliveryState
from content.permissions import Actor
from service.context import Context
from service.store import channels as channel_store
from service.store.engine import Database
from service.usecases import deliver, outbox
from tests.conftest import Clock
from tests.ports import free_port
from tests.sinks import never_answers, sink, status
from tests.usecases.sending import YES, add, rows, states, tries
from tests.writing import EXPLAINER, REBUTTAL, Site, published, ways_out


async def test_a_dead_channel_slows_no_other(
    ctx: Context, database: Database, editor: Actor, issuer: Actor, sysadmin: Actor
) -> None:
    async with (
        sink(never_answers) as dead,
        sink() as well,
        ways_out(ctx, Site(), dead.port, well.port) as out,
    ):
        await add(ctx, database, sysadmin, "断线", dead.url)
        await add(ctx, database, sysadmin, "正常", well.url)
        await published(ctx, database, editor, issuer)
        began = time.monotonic()
        await deliver.deliver_due(ctx, database, out, patience=0.5)
        await published(ctx, database, editor, issuer, EXPLAINER, "explainer")
        await deliver.deliver_due(ctx, database, out, patience=0.5)
        assert time.monotonic() - began < 8
        assert len(well.taken) == 2
        assert len(dead.asked) == 1
    assert await states(database, "断线") == [DeliveryState.SENDING, DeliveryState.PENDING]


async def test_a_channel_that_is_off_the_air_is_tried_again_with_growing_waits_and_heals_at_once(
    ctx: Context, database: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock
) -> None:
    port = free_port()
    async with ways_out(ctx, Site(), port) as out:
        channel = await add(ctx, database, sysadmin, "广播站", f"http://127.0.0.1:{port}/hook")
        for _ in range(3):
            await published(ctx, database, editor, issuer)
        due = []
        for _ in range(4):
            await deliver.deliver_due(ctx, database, out)
            due.append((await rows(database, "广播站"))[0].next_attempt_at - clock.now)
            clock.now = (await rows(database, "广播站"))[0].next_attempt_at
        assert due == sorted(due)
        assert due[-1] > 3 * due[0]
        head, *rest = await rows(database, "广播站")
        assert [a.outcome for a in await tries(database, head)] == ["temporary"] * 4
        assert [d.attempts for d in rest] == [0, 0]
        async with database.read() as session:
            shown = await channel_store.load(session, channel.id)
        assert (shown.health, shown.failures) == ("failing", 4)
        assert shown.reason.startswith("unreachable")
        async with sink(port=port) as receiver:
            await deliver.deliver_due(ctx, database, out)
            assert len(receiver.taken) == 3
    async with database.read() as session:
        shown = await channel_store.load(session, channel.id)
    assert (shown.health, shown.failures, shown.reason) == ("ok", 0, "")


async def test_it_gives_up_in_the_end_and_a_person_sees_it(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock
) -> None:
    async with sink(status(503)) as receiver, ways_out(ctx, Site(), receiver.port) as out:
        await add(ctx, db, sysadmin, "广播站", receiver.url)
        await published(ctx, db, editor, issuer)
        for _ in range(40):
            await deliver.deliver_due(ctx, db, out)
            clock.move(hours=2)
    [given_up] = await rows(db, "广播站")
    assert given_up.state == DeliveryState.FAILED
    assert len(receiver.asked) == 30
    async with db.read() as session:
        assert [d.id for d in await outbox.listing(session)] == [given_up.id]


async def test_the_guard_keeps_webhooks_away_from_inside_addresses(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor
) -> None:
    async with sink() as receiver, ways_out(ctx, Site()) as out:
        await add(ctx, db, sysadmin, "内网", receiver.url)
        await published(ctx, db, editor, issuer)
        await deliver.deliver_due(ctx, db, out)
        assert not receiver.asked
    [refused] = await rows(db, "内网")
    assert refused.state == DeliveryState.FAILED
    assert "blocked_address" in (refused.error or "")


async def test_a_robot_speaks_at_its_pace(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock
) -> None:
    async with sink(YES) as receiver, ways_out(ctx, Site(), receiver.port) as out:
        await add(ctx, db, sysadmin, "企微群", receiver.url, "wecom")
        for _ in range(20):
            await published(ctx, db, editor, issuer)
        await deliver.deliver_due(ctx, db, out)
        assert len(receiver.taken) == 18
        clock.move(seconds=59)
        await deliver.deliver_due(ctx, db, out)
        assert len(receiver.taken) == 18
        clock.move(seconds=2)
        await deliver.deliver_due(ctx, db, out)
        assert len(receiver.taken) == 20


async def test_nothing_is_sent_after_its_time(
    ctx: Context, database: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock
) -> None:
    async with sink() as receiver, ways_out(ctx, Site(), receiver.port) as out:
        await add(ctx, database, sysadmin, "渠道", receiver.url)
        today = REBUTTAL.model_copy(update={"valid_until": date(2026, 11, 24)})
        await published(ctx, database, editor, issuer, today)
        clock.move(hours=15)  # midnight in the city
        await deliver.deliver_due(ctx, database, out)
        assert not receiver.asked
    assert await states(database, "渠道") == [DeliveryState.EXPIRED]
    assert await states(database, "site") == [DeliveryState.SENT]


async def test_the_page_stands_before_others_are_told_its_address(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor
) -> None:
    site = Site()
    seen_by_then: list[int] = []

    async def note(request: Any) -> Any:
        seen_by_then.append(len(site.rendered))
        return await YES(request)

    async with sink(note) as receiver, ways_out(ctx, site, receiver.port) as out:
        await add(ctx, db, sysadmin, "a 渠道", receiver.url)
        await published(ctx, db, editor, issuer)
        await deliver.deliver_due(ctx, db, out)
    assert seen_by_then == [1]


async def test_a_site_that_cannot_be_written_is_tried_again_and_holds_up_nobody(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock
) -> None:
    class FullDisk(Site):
        async def __call__(self, public_id: str) -> None:
            if len(self.rendered) < 1:
                self.rendered.append("no space")
                raise OSError(28, "No space left on device")
            await super().__call__(public_id)

    site = FullDisk()
    async with sink() as receiver, ways_out(ctx, site, receiver.port) as out:
        await add(ctx, db, sysadmin, "渠道", receiver.url)
        told = await published(ctx, db, editor, issuer)
        await deliver.deliver_due(ctx, db, out)
        assert len(receiver.taken) == 1
        assert await states(db, "site") == [DeliveryState.WAITING]
        clock.move(seconds=10)
        await deliver.deliver_due(ctx, db, out)
    assert site.rendered == ["no space", told.public_id]
    assert await states(db, "site") == [DeliveryState.SENT]
