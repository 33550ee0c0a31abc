"""Send what is due, each message once.

    claim   UPDATE … WHERE state = 'pending'      commit   → deliver.after_claim
    send    through the channel's adapter                  → deliver.after_send
    mark    attempt + state, one transaction      commit   → deliver.after_commit

A process that dies between claim and mark leaves a row in `sending`; `recover` finds it: a channel that recognises a
repeat tries again with the same id, one that works in steps goes on where the repeat is safe, on any other a person looks. Does not decide order or waits (`content.outbox`).
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from content import handover, outbox
from content.delivery import Delivery
from content.delivery_states import DELIVERY, DeliveryEvent, DeliveryState
from content.messages import message
from content.outbox import Outcome
from content.routing import SITE
from service import crash
from service.channels.errors import ChannelError, Permanent, Temporary, Underway, Unknown
from service.channels.kinds import kind_of
from service.channels.outlets import Outlets
from service.context import Context
from service.errors import Conflict, QingyuanError, Unavailable
from service.store import channels as store
from service.store import deliveries, delivery_line, leases, publications
from service.store.engine import Database
from service.store.notify import announce
from service.store.tables.channels import Channel
from service.usecases.channels import config_of
from service.usecases.outbox import resend, resolve
from service.usecases.speaking import house
from service.usecases.stepping import hand_over

__all__ = ["deliver_due", "recover", "resend", "resolve"]

STUCK_AFTER = timedelta(minutes=10)  # far longer than any single try may take
MARK_TRIES = 8
SITE_FIRST = 2.0  # seconds
RNG = random.Random()
log = structlog.get_logger()


@dataclass(frozen=True)
class Claimed:
    """A delivery that is ours to send."""

    delivery: Delivery
    channel: Channel
    at: datetime


@dataclass(frozen=True)
class Tried:
    """How a try went, in the words of the attempt log."""

    outcome: Outcome
    code: str
    remote_id: str = ""
    error: str = ""
    retry_after: timedelta | None = None
    detail: dict[str, Any] = field(default_factory=dict)


async def deliver_due(
    ctx: Context, db: Database, channels: Outlets, limit: int = 200, patience: float | None = None
) -> int:
    """Send what is due on every channel, at most `limit` a channel; the number of tries that were finished.

    Channels work side by side, each on one message at a time. Returns after `patience` seconds (default: the outlets')
    even when a slow channel is still at work; that one goes on by itself and is left alone by the next call.
    """
    async with db.read() as session:
        due = await deliveries.due_channels(session, ctx.now())
    free = [channel for channel in due if channel.id not in channels.at_work]
    tasks = []
    for channel in sorted(free, key=lambda c: c.kind != SITE):
        task = channels.start(channel.id, _work_through(ctx, db, channels, channel.id, limit))
        tasks.append(task)
        if channel.kind == SITE:  # a link is better told when its page stands, but nobody waits long for that
            await asyncio.wait([task], timeout=SITE_FIRST)
    if not tasks:
        return 0
    done, _ = await asyncio.wait(tasks, timeout=channels.patience if patience is None else patience)
    return sum(task.result() for task in done)


async def _work_through(ctx: Context, db: Database, channels: Outlets, channel_id: UUID, limit: int) -> int:
    for made in range(limit):
        if channels.closing.is_set():
            return made
        async with db.write() as session:
            claimed = await _claim(ctx, session, channel_id)
        if claimed is None:
            return made
        crash.point("deliver.after_claim")
        tried = await _send(ctx, db, channels, claimed)
        crash.point("deliver.after_send")
        await _mark_surely(ctx, db, claimed, tried)
        crash.point("deliver.after_commit")
    return limit


async def _claim(ctx: Context, session: AsyncSession, channel_id: UUID) -> Claimed | None:
    """Take what this channel sends next, and give up what has expired."""
    channel = await deliveries.lock_channel(session, channel_id)
    if not channel.enabled:
        return None
    now = ctx.now()
    rows = {row.id: row for row in await delivery_line.deciding(session, channel_id, now)}
    plan = outbox.plan(list(rows.values()), now)
    for expired in plan.expired:
        to = DELIVERY.next(rows[expired].state, DeliveryEvent.EXPIRE)
        await deliveries.move(session, rows[expired], ctx, to)
        await announce(session, "deliveries", str(expired))
    if plan.send is None:
        return None
    delivery = rows[plan.send]
    if later := await _rate_limited(session, channel, now):
        await deliveries.move(session, delivery, ctx, delivery.state, next_attempt_at=later)
        return None
    to = DELIVERY.next(delivery.state, DeliveryEvent.CLAIM)
    claim = {"claimed_by": ctx.worker, "claimed_at": now, "attempts": delivery.attempts + 1}
    return Claimed(await deliveries.move(session, delivery, ctx, to, **claim), channel, now)


async def _rate_limited(session: AsyncSession, channel: Channel, now: datetime) -> datetime | None:
    """When the channel may speak again, if it has said its number of messages within the last minute."""
    most = channel.settings.get("per_minute") or kind_of(channel.kind).per_minute
    if not most:
        return None
    window = timedelta(minutes=1)
    recent = await deliveries.tries_between(session, channel.id, now - window, now)
    return recent[-most] + window if len(recent) >= most else None


async def _send(ctx: Context, db: Database, channels: Outlets, claimed: Claimed) -> Tried:
    """One try. Whatever an adapter does, the outcome is a value."""
    delivery = claimed.delivery
    try:
        async with db.read() as session:
            if not _ours(ctx, claimed, await deliveries.load(session, delivery.id)):
                return Tried(
                    Outcome.TEMPORARY, "taken_from_us"
                )  # we slept so long that we were taken for dead
            publication = await publications.load(session, delivery.publication_id)
        told = message(publication, str(delivery.id), house(ctx), delivery.expires_at)
        adapter = channels.open(config_of(ctx, claimed.channel))
    except QingyuanError as error:  # nothing was sent; a broken set-up needs a person, a busy store does not
        outcome = Outcome.TEMPORARY if isinstance(error, Unavailable) else Outcome.PERMANENT
        return Tried(outcome, error.type, error=str(error))
    try:
        sent = await hand_over(ctx, db, adapter, delivery, told)
    except ChannelError as error:
        return Tried(_outcome(error), error.code, error=str(error), retry_after=error.retry_after)
    except Exception as error:  # an adapter that breaks stops no other, and nobody knows how far it came
        log.exception("channel_broke", channel=claimed.channel.name)
        return Tried(Outcome.UNKNOWN, type(error).__name__, error=str(error))
    return Tried(Outcome.SENT, sent.code, remote_id=sent.remote_id, detail=sent.detail)


def _outcome(error: ChannelError) -> Outcome:
    kinds = {
        Temporary: Outcome.TEMPORARY,
        Permanent: Outcome.PERMANENT,
        Unknown: Outcome.UNKNOWN,
        Underway: Outcome.UNDERWAY,
    }
    return kinds.get(type(error), Outcome.UNKNOWN)


async def _mark_surely(ctx: Context, db: Database, claimed: Claimed, tried: Tried) -> None:
    """Write down how it went, again and again while the store is busy: what was sent must not stay in doubt."""
    for made in range(MARK_TRIES):
        try:
            async with db.write() as session:
                await _mark(ctx, session, claimed, tried)
            return
        except (Unavailable, Conflict) as error:
            log.warning("delivery_not_marked", delivery=str(claimed.delivery.id), error=error.type)
            await asyncio.sleep(min(0.2 * 2**made, 5))


async def _mark(ctx: Context, session: AsyncSession, claimed: Claimed, tried: Tried) -> None:
    delivery = await deliveries.hold(session, claimed.delivery.id)  # nobody takes it back meanwhile
    await deliveries.add_attempt(
        ctx,
        session,
        delivery,
        tried.outcome,
        tried.code,
        tried.detail | ({"error": tried.error} if tried.error else {}),
        started_at=claimed.at,
    )
    await _note_health(ctx, session, claimed.channel.id, tried)
    await announce(session, "deliveries", str(delivery.id))
    if _ours(ctx, claimed, delivery):
        await _settle(ctx, session, delivery, claimed.channel, tried)
    elif tried.outcome is Outcome.SENT and delivery.state == DeliveryState.UNCERTAIN:
        # Somebody took us for dead; now it is known after all.
        to = DELIVERY.next(delivery.state, DeliveryEvent.CONFIRM)
        await deliveries.move(session, delivery, ctx, to, remote_id=tried.remote_id or None, error=None)


def _ours(ctx: Context, claimed: Claimed, fresh: Delivery) -> bool:
    """Whether what we claimed is still ours."""
    ours = (DeliveryState.SENDING, ctx.worker, claimed.at)
    return (fresh.state, fresh.claimed_by, fresh.claimed_at) == ours


async def _settle(
    ctx: Context, session: AsyncSession, delivery: Delivery, channel: Channel, tried: Tried
) -> None:
    again = None
    if tried.outcome in (Outcome.TEMPORARY, Outcome.UNDERWAY, Outcome.UNKNOWN):
        again = outbox.next_attempt(delivery.attempts, ctx.now(), RNG, tried.retry_after)
    event = outbox.event_after(tried.outcome, kind_of(channel.kind).idempotent, again)
    await deliveries.move(
        session,
        delivery,
        ctx,
        DELIVERY.next(delivery.state, event),
        claimed_by=None,
        next_attempt_at=again or delivery.next_attempt_at,
        remote_id=tried.remote_id or delivery.remote_id,
        error=None if tried.outcome is Outcome.SENT else f"{tried.code} {tried.error}".strip()[:500],
    )


async def _note_health(ctx: Context, session: AsyncSession, channel_id: UUID, tried: Tried) -> None:
    channel = await store.load(session, channel_id)
    if kind_of(channel.kind).by_hand or tried.outcome is Outcome.UNDERWAY:
        return
    if tried.outcome is Outcome.SENT:
        await store.note_health(ctx, session, channel_id, "ok", "", 0)
        if channel.failures:
            await deliveries.wake(session, channel_id, ctx.now())
        return
    failures = channel.failures + 1
    health = "failing" if failures >= 3 or tried.outcome is Outcome.PERMANENT else "degraded"
    await store.note_health(ctx, session, channel_id, health, f"{tried.code} {tried.error}".strip(), failures)


async def recover(ctx: Context, db: Database, starting: bool = False) -> int:
    """Take back what dead workers left in `sending`; how many there were.

    `starting`: this process has just begun, so what stands under its own name is left over as well.
    """
    async with db.write() as session:
        now = ctx.now()
        alive = await leases.alive(session, now) | {ctx.worker}
        if starting:
            alive -= {ctx.worker}
        left = [d for d in await deliveries.sending(session) if _is_left(d, alive, now)]
        for delivery in left:
            await _take_back(ctx, session, delivery)
    return len(left)


def _is_left(delivery: Delivery, alive: frozenset[str], now: datetime) -> bool:
    stuck = delivery.claimed_at is None or now - delivery.claimed_at > STUCK_AFTER
    return stuck or delivery.claimed_by not in alive


async def _take_back(ctx: Context, session: AsyncSession, delivery: Delivery) -> None:
    channel = await store.load(session, delivery.channel_id)
    await deliveries.add_attempt(
        ctx,
        session,
        delivery,
        Outcome.UNKNOWN,
        "worker_died",
        worker=delivery.claimed_by or "",
        started_at=delivery.claimed_at,
    )
    to = DELIVERY.next(delivery.state, DeliveryEvent.LOSE)
    kind = kind_of(channel.kind)
    safe = kind.idempotent or (kind.stepped and handover.repeatable(delivery.stage))
    if safe and delivery.attempts < outbox.TRIES:
        to = DELIVERY.next(to, DeliveryEvent.RESEND)
    await deliveries.move(
        session, delivery, ctx, to, claimed_by=None, next_attempt_at=ctx.now(), error="worker_died"
    )
    await announce(session, "deliveries", str(delivery.id))
