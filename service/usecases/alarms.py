"""Say before a clock runs out that it does (时限升级提醒): once a clock, to the desk and through the desk's own channels.

    raise_due   clocks with little time left → one alarm each, an audit entry, an act of the incident     one transaction
    tell        what is new → one message to each channel of the desk       claimed before it is sent, so never sent twice
    see         somebody says that they know
    settle      alarms whose clocks have stopped come off the list

Moves no case, asks nobody and publishes nothing. A message whose outcome nobody knows is not sent again: the list stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from content.alarms import Alarm
from content.clocks import Standing
from content.messages import Message, to_the_desk
from content.permissions import Actor, require
from content.warning_ends import SUBJECT as WARNING
from service.channels.errors import ChannelError, Temporary
from service.channels.outlets import Outlets
from service.context import Context
from service.errors import QingyuanError
from service.pages.labels import label
from service.store import audit, channels
from service.store import clocks as store
from service.store.engine import Database
from service.store.notify import announce
from service.store.tables import Channel
from service.usecases import clock_board
from service.usecases.board_lines import Running, put
from service.usecases.channels import config_of
from service.usecases.speaking import house

PAGE: Final = "/desk/clocks"
AT_ONCE: Final = 50  # alarms a transaction: half a minute later comes the next one
TOLD_AT_ONCE: Final = 500
LISTED: Final = 10  # lines of a message; the page has them all
TRIES: Final = 5
GATHER: Final = timedelta(minutes=10)
FRESH: Final = timedelta(hours=6)  # what could not be told within this is not news any more
AGAIN, NOT_KNOWN = "again", "unknown"
log = structlog.get_logger()


async def look(ctx: Context, db: Database, outlets: Outlets | None) -> int:
    """One round of the job: settle, raise, tell; how many alarms were raised."""
    async with db.read() as session:
        waiting = await _waiting(ctx, session)
        left = await store.open_alarms(session)
    raised = await _round(ctx, db, waiting, left)
    if outlets is not None:
        await tell(ctx, db, outlets)
    return raised


async def _round(ctx: Context, db: Database, waiting: Sequence[Running], left: Sequence[Alarm]) -> int:
    if not waiting and not left:
        return 0
    async with db.write() as session:
        await settle(ctx, session)
        return await raise_due(ctx, session)


async def _waiting(ctx: Context, s: AsyncSession) -> list[Running]:
    due = await clock_board.due_cases(ctx, s, AT_ONCE)
    due += [one for one in await clock_board.active(ctx, s) if _late(one)]
    known = await store.raised(s, {one.id for one in due})
    return [one for one in due if (one.id, one.reading.clock.code) not in known][:AT_ONCE]


def _late(one: Running) -> bool:
    return one.reading.standing in (Standing.SOON, Standing.OVERDUE)


async def raise_due(ctx: Context, s: AsyncSession) -> int:
    """Raise an alarm for every clock that has little time left and had none; how many."""
    made = await _waiting(ctx, s)
    for one in made:
        await put(ctx, s, one)
    if made:
        await announce(s, "queue", "alarms")
    return len(made)


async def settle(ctx: Context, s: AsyncSession) -> int:
    """Take alarms off the list whose clocks run no more; how many."""
    standing = await store.open_alarms(s)
    if not standing:
        return 0
    running = {(one.id, one.reading.clock.code) for one in await clock_board.active(ctx, s)}
    cases = await store.cases(s, {one.subject_id for one in standing if one.subject == "case"})
    for case, readings in (await clock_board.of_cases(ctx, s, cases)).items():
        running |= {(case, one.clock.code) for one in readings if one.left is not None}
    over = [one.id for one in standing if (one.subject_id, one.clock) not in running]
    return await store.mark(s, over, ended_at=ctx.now())


async def tell(ctx: Context, db: Database, outlets: Outlets) -> int:
    """Send what is new through the desk's channels, one message a channel; how many messages went out.

    Each try is written down before it is made. A process that dies in between leaves `unknown`, which is not repeated.
    """
    sent = 0
    async with db.read() as session:
        ways = [one for one in await channels.listing(session) if one.enabled and one.settings.get("desk")]
        if not ways or not await store.untold(session, ctx.now() - FRESH, TRIES, 1):
            return 0
    for way in ways:
        async with db.write() as session:
            mine = await _claim(ctx, session, way)
        if not mine:
            continue
        outcome = await _send(ctx, outlets, way, mine)
        async with db.write() as session:
            await _note(session, mine, way, outcome)
        sent += outcome == "sent"
    return sent


async def _claim(ctx: Context, s: AsyncSession, way: Channel) -> list[Alarm]:
    """The alarms this channel has still to tell. An exercise is told through channels for exercises only.

    Everyday cases are gathered for ten minutes, so that a busy night is a few messages; an incident waits for nothing.
    """
    fresh = await store.untold(s, ctx.now() - FRESH, TRIES, TOLD_AT_ONCE)
    drill = bool(way.settings.get("exercise"))
    mine = [one for one in fresh if one.exercise == drill and one.told.get(way.name, AGAIN) == AGAIN]
    if all(one.subject == "case" and one.raised_at > ctx.now() - GATHER for one in mine):
        return []
    for one in mine:
        told = one.told | {way.name: NOT_KNOWN}
        await store.mark(s, [one.id], told=told, tries=one.tries + (way.name in one.told))
        one.told = told
    return mine


async def _send(ctx: Context, outlets: Outlets, way: Channel, alarms: Sequence[Alarm]) -> str:
    message = _message(ctx, alarms)
    try:
        await outlets.open(config_of(ctx, way)).send(message, message.key)
    except Temporary:
        return AGAIN
    except ChannelError as error:
        log.warning("alarm_not_told", channel=way.name, code=error.code)
        return error.type.removeprefix("channel_")
    except QingyuanError as error:
        log.warning("alarm_not_told", channel=way.name, code=error.type)
        return "permanent"
    return "sent"


def _message(ctx: Context, alarms: Sequence[Alarm]) -> Message:
    speaker = house(ctx)
    listed = sorted(alarms, key=lambda one: (one.subject != WARNING, one.due_at))[:LISTED]
    lines = [
        f"{one.due_at.astimezone(speaker.zone):%m-%d %H:%M} {'起' if one.subject == WARNING else '前'}："
        f"{label(one.clock, 'clock', 'zh')}（{one.title[:60]}）"
        for one in listed
    ]
    if len(alarms) > LISTED:
        lines.append(f"另有 {len(alarms) - LISTED} 项，见工作台。")
    mark = "【演练】" if alarms[0].exercise else ""
    ended = sum(one.subject == WARNING for one in alarms)
    late = len(alarms) - ended
    parts = [f"{ended} 条转发的预警有变" * bool(ended), f"{late} 项快到或已过时限" * bool(late)]
    title = f"{mark}时限提醒：{'，'.join(filter(None, parts))}"
    return to_the_desk(str(ctx.new_id()), speaker, ctx.now(), title, lines, PAGE)


async def _note(s: AsyncSession, alarms: Sequence[Alarm], way: Channel, outcome: str) -> None:
    for one in alarms:
        fresh = await store.load(s, one.id)
        await store.mark(s, [one.id], told=fresh.told | {way.name: outcome})


async def see(ctx: Context, s: AsyncSession, alarm_id: UUID, by: Actor) -> Alarm:
    """Say that one knows of it. Its clock goes on; saying so again changes nothing."""
    require(by, "case.triage")
    alarm = await store.load(s, alarm_id)
    if alarm.seen_at is None:
        await store.mark(s, [alarm.id], seen_at=ctx.now(), seen_by=by.id)
        after = {"clock": alarm.clock}
        await audit.record(ctx, s, by, "clock.seen", alarm.subject, alarm.subject_id, after=after)
        await announce(s, "queue", "alarms")
    return await store.load(s, alarm_id)
