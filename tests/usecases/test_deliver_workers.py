"""Workers that die, come late, work side by side or break: each message once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from content.delivery_states import DeliveryState
from content.permissions import Actor
from service.context import Context
from service.errors import Unavailable
from service.store import leases
from service.store.engine import Database
from service.usecases import deliver, outbox
from tests.conftest import Clock, as_worker
from tests.sinks import sink
from tests.usecases.sending import YES, add, rows, states, tries
from tests.writing import Site, corrected, published, ways_out


@pytest.mark.parametrize(("kind", "after"), [("webhook", "pending"), ("wecom", "uncertain")])
async def test_what_a_dead_worker_held_goes_again_or_to_a_person(
    ctx: Context,
    database: Database,
    editor: Actor,
    issuer: Actor,
    sysadmin: Actor,
    clock: Clock,
    kind: str,
    after: str,
) -> None:
    async with sink(YES) as receiver, ways_out(ctx, Site(), receiver.port) as out:
        await add(ctx, database, sysadmin, "渠道", receiver.url, kind)
        told = await published(ctx, database, editor, issuer)
        await corrected(ctx, database, told.public_id, editor, issuer, fact="四十三项达标。")
        dead = as_worker(ctx, "w-dead")
        async with database.write() as session:
            await leases.beat(session, "w-dead", ctx.now())
        channel_id = (await rows(database, "渠道"))[0].channel_id
        async with database.write() as session:
            assert await deliver._claim(dead, session, channel_id)
        assert await deliver.recover(ctx, database) == 0
        assert await deliver.deliver_due(ctx, database, out) >= 0
        assert not receiver.asked
        clock.move(seconds=5)
        assert await deliver.recover(ctx, database) == 1
        held = (await rows(database, "渠道"))[0]
        assert (held.state, held.claimed_by) == (after, None)
        assert [(a.outcome, a.code, a.worker) for a in await tries(database, held)] == [
            ("unknown", "worker_died", "w-dead")
        ]
        await deliver.deliver_due(ctx, database, out)
        assert len(receiver.taken) == (2 if kind == "webhook" else 0)
        assert await deliver.recover(ctx, database) == 0


async def test_a_process_that_starts_again_under_its_name_takes_back_what_it_held(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor
) -> None:
    await add(ctx, db, sysadmin, "渠道", "http://127.0.0.1:9/hook")
    await published(ctx, db, editor, issuer)
    channel_id = (await rows(db, "渠道"))[0].channel_id
    async with db.write() as session:
        assert await deliver._claim(ctx, session, channel_id)
    assert await deliver.recover(ctx, db) == 0
    assert await deliver.recover(ctx, db, starting=True) == 1


async def test_a_worker_taken_for_dead_settles_the_doubt_when_it_reports(
    ctx: Context, database: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock
) -> None:
    async with sink(YES) as receiver, ways_out(ctx, Site(), receiver.port) as out:
        await add(ctx, database, sysadmin, "企微群", receiver.url, "wecom")
        await published(ctx, database, editor, issuer)
        slow = as_worker(ctx, "w-slow")
        channel_id = (await rows(database, "企微群"))[0].channel_id
        async with database.write() as session:
            claimed = await deliver._claim(slow, session, channel_id)
        assert claimed is not None
        tried = await deliver._send(slow, database, out, claimed)
        clock.move(seconds=10)
        assert await deliver.recover(ctx, database) == 1
        assert await states(database, "企微群") == [DeliveryState.UNCERTAIN]
        await deliver._mark_surely(slow, database, claimed, tried)
        assert len(receiver.taken) == 1
    [sent] = await rows(database, "企微群")
    assert sent.state == DeliveryState.SENT
    assert [a.outcome for a in await tries(database, sent)] == ["unknown", "sent"]


async def test_a_worker_that_wakes_after_it_was_taken_for_dead_says_nothing(
    ctx: Context, database: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock
) -> None:
    async with sink(YES) as receiver, ways_out(ctx, Site(), receiver.port) as out:
        channel = await add(ctx, database, sysadmin, "企微群", receiver.url, "wecom")
        await published(ctx, database, editor, issuer)
        slow = as_worker(ctx, "w-slow")
        async with database.write() as session:
            claimed = await deliver._claim(slow, session, channel.id)
        assert claimed is not None
        clock.move(seconds=10)
        assert await deliver.recover(ctx, database) == 1
        async with database.write() as session:
            await outbox.resolve(ctx, session, claimed.delivery.id, "resend", editor)
        await deliver.deliver_due(ctx, database, out)
        await deliver._mark_surely(slow, database, claimed, await deliver._send(slow, database, out, claimed))
        assert len(receiver.taken) == 1
    assert await states(database, "企微群") == [DeliveryState.SENT]


async def test_many_workers_at_once_send_each_message_once_and_in_order(
    ctx: Context, database: Database, editor: Actor, issuer: Actor, sysadmin: Actor
) -> None:
    async with sink(YES) as receiver:
        await add(ctx, database, sysadmin, "飞书群", receiver.url, "feishu", per_minute=1000)
        ids = [(await published(ctx, database, editor, issuer)).public_id for _ in range(8)]
        async with (
            ways_out(ctx, Site(), receiver.port) as a,
            ways_out(ctx, Site(), receiver.port) as b,
            ways_out(ctx, Site(), receiver.port) as c,
        ):
            for _ in range(3):
                await asyncio.gather(
                    *(
                        deliver.deliver_due(as_worker(ctx, f"w-{n}"), database, out)
                        for n, out in enumerate((a, b, c))
                    )
                )
        links = [
            body["card"]["elements"][1]["actions"][0]["url"].rsplit("/", 1)[1].partition("?")[0]
            for body in receiver.taken
        ]
    assert links == ids


async def test_an_adapter_that_breaks_leaves_a_doubt_and_stops_nothing(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sink(YES) as receiver, ways_out(ctx, Site(), receiver.port) as out:
        await add(ctx, db, sysadmin, "渠道", receiver.url)
        await add(ctx, db, sysadmin, "企微群", receiver.url, "wecom")
        monkeypatch.setattr("service.channels.wecom.wecom", lambda message: 1 / 0)
        await published(ctx, db, editor, issuer)
        await deliver.deliver_due(ctx, db, out)
        assert len(receiver.taken) == 1
    [broken] = await rows(db, "企微群")
    assert broken.state == DeliveryState.UNCERTAIN
    assert "ZeroDivisionError" in (broken.error or "")


async def test_a_busy_database_does_not_make_a_sent_message_doubtful(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, failures = deliver._mark, [Unavailable(), Unavailable()]

    async def busy(*args: Any) -> None:
        if failures:
            raise failures.pop()
        await real(*args)

    monkeypatch.setattr(deliver, "_mark", busy)
    async with sink(YES) as receiver, ways_out(ctx, Site(), receiver.port) as out:
        await add(ctx, db, sysadmin, "企微群", receiver.url, "wecom")
        await published(ctx, db, editor, issuer)
        await deliver.deliver_due(ctx, db, out)
        assert len(receiver.taken) == 1
    assert await states(db, "企微群") == [DeliveryState.SENT]


async def test_who_takes_back_and_who_reports_do_not_collide(
    ctx: Context, database: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock
) -> None:
    """Two that take the same back at one moment, while the one thought dead reports: one entry each, and no error."""
    async with sink(YES) as receiver, ways_out(ctx, Site(), receiver.port) as out:
        held = []
        for number in range(6):
            name = f"企微群{number}"
            channel = await add(ctx, database, sysadmin, name, receiver.url, "wecom")
            await published(ctx, database, editor, issuer)
            slow = as_worker(ctx, f"w-slow{number}")
            async with database.write() as session:
                claimed = await deliver._claim(slow, session, channel.id)
            assert claimed is not None
            held.append((slow, claimed, await deliver._send(slow, database, out, claimed)))
        clock.move(seconds=10)
        taken_back = await asyncio.gather(
            *(deliver.recover(as_worker(ctx, f"w-{n}"), database) for n in range(3)),
            *(deliver._mark_surely(slow, database, claimed, tried) for slow, claimed, tried in held),
        )
    assert sum(filter(None, taken_back)) <= len(held), "one was taken back twice"
    for _, claimed, _ in held:
        [row] = [d for d in await rows(database, claimed.channel.name) if d.id == claimed.delivery.id]
        assert row.state == DeliveryState.SENT
        outcomes = [a.outcome for a in await tries(database, row)]
        assert outcomes in (["sent"], ["unknown", "sent"])
