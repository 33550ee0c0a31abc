"""Rounds of working and dying: start processes, kill them where it hurts, let a person settle what is left in doubt."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta

from sqlmodel import select

from content.delivery import Delivery
from content.delivery_states import DeliveryState
from service.store import deliveries
from service.usecases import outbox
from tests.channels.understood import Taken
from tests.kills.desk import Desk, Diary
from tests.kills.receivers import FORK, Witness
from tests.kills.workers import Orders, Place, open_house, work

POINTS = (
    "publish.before_commit", "publish.after_commit", "site.half_written", "site.after_write",
    "deliver.after_claim", "deliver.after_step", "deliver.after_send", "deliver.after_commit",
)  # fmt: skip
OPEN = [DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.WAITING, DeliveryState.UNCERTAIN]
DOUBTS = [DeliveryState.UNCERTAIN, DeliveryState.FAILED]
LONGEST = 3.0  # seconds that a process may take to reach its crash point
BLACKOUT = 5  # of several processes, so many die one by one before all die at once
Forked = multiprocessing.context.ForkProcess


@dataclass
class Ledger:
    """How often something died, and what it was doing; what the person did by hand, in order."""

    kills: Counter[str] = field(default_factory=Counter)  # by crash point, or "random"
    missed: int = 0  # kills that hit nobody at work, and are not counted
    struck: Counter[str] = field(default_factory=Counter)  # deliveries on their way, by kind of channel
    doubts: Counter[str] = field(default_factory=Counter)
    by_hand: list[Taken] = field(default_factory=list)

    @property
    def landed(self) -> int:
        return self.kills.total()

    def __str__(self) -> str:
        parts = {"kills": self.kills, "struck": self.struck, "doubts": self.doubts}
        told = "; ".join(f"{name} {dict(counted.most_common())}" for name, counted in parts.items())
        return f"{self.landed} kills, {self.missed} more hit nobody; {told}"


@dataclass
class Running:
    """One process of ours, and the name under which it works (empty: it died before it could say)."""

    process: Forked
    orders: Orders
    worker: str = ""

    def wait(self, seconds: float) -> None:
        self.process.join(seconds)

    def kill(self) -> bool:
        """kill -9 now; whether it had died by itself (at its crash point) before."""
        dead = self.process.exitcode is not None
        if not dead and self.process.pid:
            os.kill(self.process.pid, signal.SIGKILL)
        self.process.join()
        assert self.process.exitcode == -signal.SIGKILL, f"a worker broke: {self.process.exitcode}"
        return dead


@dataclass
class Rounds:
    """One house, its receivers, its desk, and the one who kills."""

    place: Place
    desk: Desk
    witness: Witness
    rng: random.Random
    ledger: Ledger = field(default_factory=Ledger)

    def start(self, orders: Orders) -> Running:
        """One more process, ready, or dead already."""
        ours, theirs = FORK.Pipe()
        process = FORK.Process(target=work, args=(self.place, orders, theirs), daemon=True)
        process.start()
        theirs.close()
        try:
            assert ours.poll(30), "a worker did not start"
            return Running(process, orders, ours.recv())
        except EOFError:
            return Running(process, orders)

    def until(self, kills: int) -> None:
        """One process after the other, until so many kills have hit one at work; after each a person looks."""
        while self.ledger.landed < kills:
            found = self.start(Orders(self.desk, crash_at=self.somewhere()))
            found.wait(LONGEST if found.orders.crash_at else self.rng.uniform(0.01, 0.3))
            self.fell(found)
            asyncio.run(self.look())

    def together(self, kills: int) -> None:
        """Two processes side by side, one of them with the desk. One dies and comes again, now and then both die."""
        while self.ledger.landed < kills:
            pair = [self.start(Orders(self.desk, together=True)), self.start(Orders(together=True))]
            for _ in range(BLACKOUT):
                which = self.rng.randrange(2)
                pair[which].wait(LONGEST if pair[which].orders.crash_at else self.rng.uniform(0.1, 1.0))
                self.fell(pair[which])
                desk = pair[which].orders.desk
                pair[which] = self.start(Orders(desk, crash_at=self.somewhere(), together=True))
            for one in pair:
                self.fell(one)
            asyncio.run(self.look())

    def set_back(self, by: timedelta) -> None:
        """From now on the clock of the house shows so much less."""
        self.place = replace(self.place, behind=self.place.behind + by)

    def somewhere(self) -> str:
        """A named point, or (half of the time) any moment."""
        point = self.rng.choice((*POINTS, *("",) * len(POINTS)))
        return f"{point}:{self.rng.randint(1, 3)}" if point else ""

    def fell(self, one: Running) -> None:
        """Kill it. A kill counts when it was at its crash point or had something on its way."""
        at_its_point = one.kill()
        struck = asyncio.run(self.struck(one.worker))
        self.ledger.struck += struck
        if at_its_point:
            self.ledger.kills[one.orders.crash_at.partition(":")[0]] += 1
        elif struck:
            self.ledger.kills["random"] += 1
        else:
            self.ledger.missed += 1
        assert self.ledger.missed < 20 + 3 * self.ledger.landed, "the house has nothing to do"

    async def struck(self, worker: str) -> Counter[str]:
        """What was on its way when this one died."""
        mine = select(Delivery).where(
            Delivery.state == DeliveryState.SENDING, Delivery.claimed_by == (worker or None)
        )
        async with open_house(self.place) as (_, db), db.read() as session:
            return Counter(row.channel_name for row in (await session.exec(mine)).all())

    def finish(self, within: float = 120.0) -> None:
        """Nobody dies any more: what was begun comes to its end."""
        last, ends = self.start(Orders(self.desk, more=False, together=True)), time.monotonic() + within
        left = Counter({"everything": 1})
        while left:
            assert time.monotonic() < ends, f"never came to an end: {left}"
            last.wait(0.3)
            assert last.process.exitcode is None, "the last worker broke"
            asyncio.run(self.look())
            left = asyncio.run(self.unfinished())
        last.kill()

    async def look(self) -> None:
        """A person settles every doubt, rightly. What a channel does by hand is done now."""
        async with open_house(self.place) as (ctx, db):
            async with db.read() as session:
                doubts = await outbox.listing(session, DOUBTS, limit=10_000)
            arrived = {(one.channel, one.page, one.act) for one in self.witness.settle()}
            async with db.write() as session:
                for row in reversed(doubts):
                    self.ledger.doubts[f"{row.channel_name} {row.state}"] += 1
                    there = (
                        row.channel_name == "todo" or (row.channel_name, row.public_id, row.type) in arrived
                    )
                    if there and row.state == DeliveryState.UNCERTAIN:
                        await outbox.resolve(ctx, session, row.id, "sent", self.desk.editor)
                    else:
                        await outbox.resend(ctx, session, row.id, self.desk.editor)
                    if row.channel_name == "todo":
                        self.ledger.by_hand.append(Taken("todo", "", row.public_id, row.type, time.time()))

    async def unfinished(self) -> Counter[str]:
        """What is still to be done, by channel and state."""
        diary = Diary(self.desk.diary)
        async with open_house(self.place) as (_, db), db.read() as session:
            going = await deliveries.listing(session, OPEN, limit=100_000)
        left = Counter(f"{row.channel_name} {row.state}" for row in going)
        return left + Counter({"desk": len(diary.begun - diary.done)})
