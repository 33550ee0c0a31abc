"""Looking at the outbox from a test."""

from __future__ import annotations

from typing import Any

from content.delivery import Attempt, Delivery
from content.permissions import Actor
from service.context import Context
from service.store import deliveries
from service.store.engine import Database
from service.store.tables.channels import Channel
from service.usecases import channels
from tests.sinks import answers

YES = answers({"errcode": 0, "code": 0})


async def add(
    ctx: Context, db: Database, by: Actor, name: str, url: str, kind: str = "webhook", **settings: Any
) -> Channel:
    async with db.write() as session:
        channel, _ = await channels.add(ctx, session, name, kind, url, by, settings=settings)
    return channel


async def rows(db: Database, name: str) -> list[Delivery]:
    async with db.read() as session:
        found = await deliveries.listing(session, states=(), limit=500)
    return sorted((d for d in found if d.channel_name == name), key=lambda d: d.sequence)


async def states(db: Database, name: str) -> list[str]:
    return [d.state for d in await rows(db, name)]


async def tries(db: Database, delivery: Delivery) -> list[Attempt]:
    async with db.read() as session:
        return list(await deliveries.attempts(session, delivery.id))
