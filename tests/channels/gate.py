"""A channel to an official account behind a gate that misbehaves once, at a chosen step."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from content.delivery import Delivery
from content.permissions import Actor
from service.channels.outlets import Outlets
from service.context import Context
from service.store import deliveries
from service.store.engine import Database
from service.usecases import channels, deliver
from tests.channels.accounts import APPID, APPSECRET, Account
from tests.conftest import Clock
from tests.sinks import Behaviour, sink
from tests.writing import Site, corrected, published, ways_out


@dataclass
class Gate:
    """Lets requests through to the account, but misbehaves once at `path`; `after`: the account did it, the answer is lost."""

    account: Account = field(default_factory=Account)
    path: str = ""
    behave: Behaviour | None = None
    after: bool = False
    asked: list[str] = field(default_factory=list)

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        act = request.path.partition("/cgi-bin/")[2]
        self.asked.append(act)
        if act == self.path and self.behave is not None:
            behave, self.behave = self.behave, None
            if self.after:
                await self.account.answer(request)
            return await behave(request)
        return await self.account.answer(request)


@asynccontextmanager
async def account(ctx: Context, db: Database, by: Actor, gate: Gate) -> AsyncIterator[Outlets]:
    """A channel to the account behind this gate."""
    async with sink(gate) as receiver, ways_out(ctx, Site(), receiver.port) as out:
        base = f"http://127.0.0.1:{receiver.port}"
        async with db.write() as session:
            await channels.add(ctx, session, "公众号", "wechat", base, by, APPSECRET, {"appid": APPID})
        yield out


async def settle(ctx: Context, db: Database, out: Outlets, clock: Clock, rounds: int = 12) -> None:
    for _ in range(rounds):
        await deliver.deliver_due(ctx, db, out)
        clock.move(minutes=61)


async def rows(db: Database, public_id: str) -> list[Delivery]:
    async with db.read() as session:
        found = await deliveries.of_publication(session, public_id)
    return [d for d in found if d.channel_name == "公众号"]


async def both(ctx: Context, db: Database, editor: Actor, issuer: Actor) -> str:
    told = await published(ctx, db, editor, issuer)
    await corrected(ctx, db, told.public_id, editor, issuer, fact="四十三项指标全部达标。")
    return told.public_id


def once_and_in_order(gate: Gate) -> None:
    """Readers saw the original, then the correction, each once, and the correction alone stands."""
    titles = [article["title"] for article in gate.account.ever]
    assert len(titles) == 2, titles
    assert [title.startswith("【更正】") for title in titles] == [False, True]
    assert gate.account.titles() == titles[1:]
