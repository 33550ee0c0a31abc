"""Channels and the outbox of a publishing test."""

from __future__ import annotations

from typing import Any

from content.delivery import Delivery
from content.permissions import Actor
from service.context import Context
from service.store import deliveries
from service.store.engine import Database
from service.store.tables.channels import Channel
from service.usecases import channels


async def add(ctx: Context, db: Database, by: Actor, name: str, **settings: Any) -> Channel:
    async with db.write() as session:
        channel, _ = await channels.add(
            ctx, session, name, "webhook", "http://127.0.0.1:9/hook", by, settings=settings
        )
    return channel


async def outbox(db: Database, public_id: str) -> list[Delivery]:
    async with db.read() as session:
        return list(await deliveries.of_publication(session, public_id))


def names(rows: list[Delivery], sequence: int) -> set[str]:
    return {d.channel_name for d in rows if d.sequence == sequence}
