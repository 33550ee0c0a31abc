"""Poll the sources that are due, and store what they say.

    Source (due)
    | claim   by row count; a few ahead, one poll a host at a time, at most AT_ONCE polls
    | poll    service.feeds: fetch, parse, clean, decide        → IngestPlan
    | store   items, what is owed on them, the source's state   one transaction, nothing of a source without the rest

A source never stops another: whatever it does becomes its own health and reason. Killed at any point, a source is polled
again and what was stored is recognised by (source, guid) and content.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

import aiohttp
import structlog
from sqlalchemy.exc import SQLAlchemyError

from service import crash
from service.context import Context
from service.errors import Unavailable
from service.feeds.decide import IngestPlan
from service.feeds.parser_pool import ParserPool
from service.feeds.policy import DEFAULT_PACE, FetchPolicy, Pace
from service.feeds.politeness import Turns
from service.feeds.poll import KnownLookup, poll
from service.feeds.schedule import failed
from service.feeds.state import FetchState
from service.store import items, sources
from service.store.engine import Database
from service.store.notify import announce
from service.store.tables import Source
from service.usecases.item_rows import item_row, key, storable

AT_ONCE: Final = 16
AHEAD: Final = 64  # claimed and waiting for a free place
A_HOST: Final = 6  # of them on one host, most of them waiting for their turn
CLAIM: Final = timedelta(minutes=6)  # longer than A_HOST polls of the slowest kind
LOOK_AGAIN: Final = 1.0  # seconds until newly due sources are looked for while others are still being polled
TOGETHER: Final = 0.1  # seconds that a finished poll waits for others, to be stored with them
MOST_TOGETHER: Final = 1_000  # stories stored in one transaction; one source may bring more
log = structlog.get_logger()


class Fetchers(Protocol):
    """The door to the feeds."""

    async def poll(self, state: FetchState, known: KnownLookup, now: datetime) -> IngestPlan:
        """What to store of one source; does not raise for what the source does."""
        ...


@dataclass(frozen=True)
class FeedDoor:
    """The real door: a guarded session, the parser's children and the limits."""

    session: aiohttp.ClientSession
    pool: ParserPool
    policy: FetchPolicy
    rng: random.Random = field(default_factory=random.SystemRandom)
    pace: Pace = DEFAULT_PACE

    async def poll(self, state: FetchState, known: KnownLookup, now: datetime) -> IngestPlan:
        """`service.feeds.poll` with these parts."""
        return await poll(self.session, self.pool, state, known, self.policy, now, self.rng, self.pace)


@dataclass(frozen=True)
class PollReport:
    """What a round of polling led to."""

    polled: int = 0
    new: int = 0
    changed: int = 0
    failed: int = 0

    def __add__(self, other: PollReport) -> PollReport:
        return PollReport(
            self.polled + other.polled,
            self.new + other.new,
            self.changed + other.changed,
            self.failed + other.failed,
        )


@dataclass(frozen=True)
class _Polled:
    """One source's plan, and the revisions of its stories that were stored before."""

    source: Source
    plan: IngestPlan
    revisions: Mapping[str, int]


async def poll_due(ctx: Context, db: Database, fetchers: Fetchers, limit: int = 2000) -> PollReport:
    """Poll what is due, and what falls due meanwhile, at most `limit` sources; returns when none is left."""
    async with _Round(ctx, db, fetchers) as round_:
        report = PollReport()
        started = 0
        while True:
            started += await round_.start(min(AHEAD, limit - started))
            if not round_.running:
                return report
            report += await round_.store_finished()


async def recover(ctx: Context, db: Database) -> int:
    """Give back the sources that dead workers had claimed."""
    async with db.write() as session:
        return await sources.release_orphans(session, ctx.now(), ctx.worker)


class _Round:
    """The polls under way in this process."""

    def __init__(self, ctx: Context, db: Database, fetchers: Fetchers) -> None:
        self.ctx, self.db, self.fetchers = ctx, db, fetchers
        self.running: dict[asyncio.Task[_Polled], str] = {}
        self._places = asyncio.Semaphore(AT_ONCE)
        self._hosts = Turns()

    async def __aenter__(self) -> _Round:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stopped half-way: what is still running is dropped and given back; if that fails, its claims run out."""
        if not self.running:
            return
        for task in self.running:
            task.cancel()
        await asyncio.gather(*self.running, return_exceptions=True)
        with contextlib.suppress(Unavailable, SQLAlchemyError):
            async with self.db.write() as session:
                await sources.give_back(session, self.ctx.worker)

    async def start(self, most: int) -> int:
        """Claim sources and begin to poll them, as many as there is room for."""
        room = most - len(self.running)
        if room < (most + 1) // 2:
            return 0  # claim in larger helpings
        count = Counter(self.running.values())
        busy = {host for host, polls in count.items() if polls >= A_HOST}
        claimed = await self._claim(busy, room)
        for source in claimed:
            self.running[asyncio.create_task(self._poll(source))] = source.host
        return len(claimed)

    async def _claim(self, busy: set[str], room: int) -> list[Source]:
        now = self.ctx.now()
        async with self.db.read() as session:
            if not (found := await sources.due(session, now, busy, room)):
                return []
        async with self.db.write() as session:
            wanted = [source.id for source in found]
            return await sources.claim(session, wanted, self.ctx.worker, now, now + CLAIM)

    async def _poll(self, source: Source) -> _Polled:
        revisions: dict[str, int] = {}

        async def known(guids: Sequence[str]) -> Mapping[str, str]:
            if source.items_seen == 0:
                return {}  # counted in the transaction that stores: nothing of it was stored yet
            keys = {guid: key(guid) for guid in guids}
            async with self.db.read() as session:
                stored = await items.newest(session, source.id, list(keys.values()))
            revisions.update({k: revision for k, (revision, _) in stored.items()})
            return {guid: stored[k][1] for guid, k in keys.items() if k in stored}

        async with self._hosts.take(source.host), self._places:
            state = state_of(source)
            try:
                plan = await self.fetchers.poll(state, known, self.ctx.now())
            except Exception as error:
                plan = _mishap(state, error, source, self.ctx.now())
            return _Polled(source, plan, revisions)

    async def store_finished(self) -> PollReport:
        """Wait for polls to end, and a moment for more; store all that have."""
        done, _ = await asyncio.wait(self.running, timeout=LOOK_AGAIN, return_when=asyncio.FIRST_COMPLETED)
        if done:
            done, _ = await asyncio.wait(self.running, timeout=TOGETHER)
        for task in done:
            del self.running[task]
        report = PollReport()
        for helping in _helpings([task.result() for task in done]):
            report += await self._store_or_one_by_one(helping)
        return report

    async def _store_or_one_by_one(self, polled: Sequence[_Polled]) -> PollReport:
        try:
            return await self._store(polled)
        except Unavailable:
            raise
        except (SQLAlchemyError, ValueError) as error:
            log.warning("poll_batch_not_stored", error=str(error))
        return sum([await self._store_alone(one) for one in polled], PollReport())

    async def _store_alone(self, one: _Polled) -> PollReport:
        """One source in its own transaction; when even that fails, only that it failed."""
        try:
            return await self._store([one])
        except Unavailable:
            raise
        except (SQLAlchemyError, ValueError) as error:
            plan = _mishap(state_of(one.source), error, one.source, self.ctx.now())
            with contextlib.suppress(SQLAlchemyError):
                return await self._store([replace(one, plan=plan)])
        return PollReport(polled=1, failed=1)

    async def _store(self, polled: Sequence[_Polled]) -> PollReport:
        now = self.ctx.now()
        report = PollReport()
        async with self.db.write() as session:
            held = await sources.held(session, [one.source.id for one in polled], self.ctx.worker)
            # What was polled for too long is somebody else's now.
            ours = [one for one in polled if one.source.id in held]
            await sources.finish(session, [self._finished(one, held[one.source.id], now) for one in ours])
            await items.append(session, [row for one in ours for row in self._rows(one, now)])
            for one in ours:
                plan = one.plan
                report += PollReport(1, len(plan.new), len(plan.changed), int(plan.next_state.failures > 0))
                if plan.next_state.status != one.source.health:
                    await announce(session, "sources", str(one.source.id))
            crash.point("ingest.before_commit")
        crash.point("ingest.after_commit")
        return report

    def _finished(self, one: _Polled, items_seen: int, now: datetime) -> dict[str, Any]:
        changes = source_columns(one.plan.next_state, one.source.title, now, one.source.pace)
        return {"id": one.source.id, **changes, "items_seen": items_seen + len(one.plan.new)}

    def _rows(self, one: _Polled, now: datetime) -> list[dict[str, Any]]:
        rows = {}
        for item in (*one.plan.new, *one.plan.changed):
            revision = one.revisions.get(key(item.guid), 0) + 1
            row = item_row(item, self.ctx.new_id(), one.source.id, revision, now)
            rows[row["guid"]] = row
        return list(rows.values())


def _helpings(polled: Iterable[_Polled]) -> list[list[_Polled]]:
    """Those that are stored together, in their order."""
    made: list[list[_Polled]] = []
    room = 0
    for one in polled:
        stories = len(one.plan.new) + len(one.plan.changed)
        if not made or stories > room:
            made.append([])
            room = MOST_TOGETHER
        made[-1].append(one)
        room -= stories
    return made


def state_of(source: Source) -> FetchState:
    """The polling state of a source; a fresh one when it was never polled."""
    if source.state:
        return FetchState.from_json(source.state)
    return FetchState.fresh(source.url, source.next_poll)


def source_columns(state: FetchState, title: str, now: datetime, pace: int | None = None) -> dict[str, Any]:
    """What a poll changes: the state, what queries need of it, and the feed's own title if nobody gave one.

    `pace`: seconds within which an incident wants the next poll. A source that failed waits as it would anyway.
    """
    hurried = pace is not None and state.status == "ok" and not state.failures
    next_poll = min(state.next_poll, now + timedelta(seconds=pace)) if hurried and pace else state.next_poll
    return {
        "state": state.to_json(),
        "title": title or storable(state.title or "")[:200],
        "health": state.status,
        "reason": state.reason or "",
        "failures": state.failures,
        "next_poll": next_poll,
        "last_poll": state.last_poll,
        "last_success": state.last_success,
        "updated_at": now,
    }


def _mishap(state: FetchState, error: Exception, source: Source, now: datetime) -> IngestPlan:
    """An error of our own: the source waits like one that failed, and the log says why."""
    log.error("poll_failed", source=str(source.id), error=f"{type(error).__name__}: {error}")
    after = failed(state, "internal", now, random.SystemRandom())
    return IngestPlan((), (), after, "internal")
