"""One channel of any HTTP kind and the service behind it, which misbehaves once at a chosen moment and keeps a record."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from aiohttp import web

from content.delivery import Delivery
from content.delivery_states import DeliveryState
from content.permissions import Actor
from service.channels.outlets import Outlets
from service.context import Context
from service.store import deliveries
from service.store.engine import Database
from service.usecases import channels, deliver, outbox
from tests.channels.accounts import APPID, APPSECRET, Account
from tests.channels.faults import Fault
from tests.channels.robots import SECRET, USUAL, WEBHOOK_SECRET, hub, said
from tests.channels.understood import understood
from tests.conftest import Clock
from tests.sinks import Sink, sink
from tests.writing import Site, ways_out

SUBMIT = "freepublish/submit"
SKEW = timedelta(minutes=5)
SETTINGS: dict[str, dict[str, Any]] = {"sms": {"to": ["group:village-officers"]}, "wechat": {"appid": APPID}}
SECRETS = {
    "webhook": WEBHOOK_SECRET,
    "sms": WEBHOOK_SECRET,
    "wechat": APPSECRET,
    "dingtalk": SECRET,
    "feishu": SECRET,
}


@dataclass
class Counter:
    """The service. `got`: the acts that its readers saw, in order; `asked`: how often it was asked to show one."""

    kind: str
    now: Callable[[], datetime]
    fault: Fault | None = None
    got: list[str] = field(default_factory=list)
    asked: int = 0
    known: set[str] = field(default_factory=set)
    account: Account = field(default_factory=lambda: Account(slow=0))

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        decisive = self.kind != "wechat" or request.path.endswith(SUBMIT)
        self.asked += decisive
        if self.fault is None or not decisive:
            return await self.usual(request)
        fault, self.fault = self.fault, None
        if fault.taken:
            await self.usual(request)
        return await fault.behave(request)

    async def usual(self, request: web.Request) -> web.StreamResponse:
        """As the real service does: signature, its time, limits; a webhook's receiver takes an id once."""
        body = (await request.read()).decode()
        if self.kind == "wechat":
            seen = len(self.account.ever)
            answer = await self.account.answer(request)
            self.got += [understood("", "", article["title"]).act for article in self.account.ever[seen:]]
            return answer
        if no := self.out_of_time(request, body):
            return no
        answer = await (hub if self.kind == "websub" else USUAL[self.kind])(request)
        key = request.headers.get("webhook-id", "") if self.kind == "webhook" else ""
        if _is_yes(answer) and (not key or key not in self.known):
            self.got.append(understood("", "", body).act)
            self.known.add(key)
        return answer

    def out_of_time(self, request: web.Request, body: str) -> web.Response | None:
        """The service's own no to a signature of another hour."""
        if self.kind == "dingtalk":
            signed, no = int(request.query["timestamp"]) / 1000, said(310000, "timestamp out of range")
        elif self.kind == "feishu":
            signed, no = float(json.loads(body)["timestamp"]), said(19021, "not within one hour", "code")
        elif "webhook-timestamp" in request.headers:
            signed, no = float(request.headers["webhook-timestamp"]), web.Response(status=401)
        else:
            return None
        return no if abs(signed - self.now().timestamp()) > SKEW.total_seconds() else None


def _is_yes(answer: web.StreamResponse) -> bool:
    told: dict[str, Any] = json.loads(answer.text) if isinstance(answer, web.Response) and answer.text else {}
    return answer.status < 300 and told.get("errcode", told.get("code", 0)) == 0


@dataclass
class Way:
    """A channel, what it goes out through, and the service at its other end."""

    ctx: Context
    db: Database
    out: Outlets
    counter: Counter
    receiver: Sink
    channel: UUID
    clock: Clock

    async def settle(self, rounds: int = 10) -> None:
        """Let time go by until nothing more happens."""
        for _ in range(rounds):
            await deliver.deliver_due(self.ctx, self.db, self.out)
            self.clock.move(minutes=10)

    async def rows(self, public_id: str) -> list[Delivery]:
        async with self.db.read() as session:
            found = await deliveries.of_publication(session, public_id)
        return [d for d in found if d.channel_id == self.channel]

    async def states(self, public_id: str) -> list[str]:
        return [d.state for d in await self.rows(public_id)]

    async def person_looks(self, public_id: str, by: Actor) -> None:
        """Whoever is in doubt asks the service's readers; a clear no is sent again."""
        async with self.db.write() as session:
            for row in await self.rows(public_id):
                if row.state == DeliveryState.FAILED:
                    await outbox.resend(self.ctx, session, row.id, by)
                if row.state == DeliveryState.UNCERTAIN:
                    there = row.type in self.counter.got
                    await outbox.resolve(self.ctx, session, row.id, "sent" if there else "resend", by)

    async def move_to(self, url: str, by: Actor) -> None:
        """The operator mends the address."""
        async with self.db.write() as session:
            await channels.edit(self.ctx, session, self.channel, by, url=url)


@asynccontextmanager
async def way(
    ctx: Context, db: Database, clock: Clock, kind: str, by: Actor, fault: Fault | None = None, port: int = 0
) -> AsyncIterator[Way]:
    """A channel of this kind. `port`: through another door than the service's own."""
    counter = Counter(kind, clock, fault)
    async with sink(counter) as receiver, ways_out(ctx, Site(), receiver.port, port) as out:
        base = f"http://127.0.0.1:{port or receiver.port}/{kind}"
        url = base if kind == "wechat" else f"{base}?key=k"
        async with db.write() as session:
            channel, _ = await channels.add(
                ctx, session, kind, kind, url, by, SECRETS.get(kind), SETTINGS.get(kind)
            )
        yield Way(ctx, db, out, counter, receiver, channel.id, clock)
