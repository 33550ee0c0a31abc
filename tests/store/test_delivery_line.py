"""A channel's next step is found without its whole line, and is the one that the whole line gives."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content import outbox
from content.delivery import Delivery
from content.delivery_states import DeliveryState
from content.handover import HANDED_OVER
from content.outbox import PATIENCE, READY, UNFINISHED
from content.publications import Publication
from service.store import delivery_line
from service.store.bulk import insert_rows
from service.store.engine import Database
from service.store.tables.channels import Channel

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
STATES = (*READY, *READY, *READY, DeliveryState.SENT, DeliveryState.UNCERTAIN, DeliveryState.FAILED)
MOMENTS = [timedelta(minutes=m) for m in (-60, -1, 0, 1, 60)]


def row(channel: UUID, sequence: int, **other: Any) -> dict[str, Any]:
    plain = {
        "id": uuid4(), "publication_id": uuid4(), "public_id": f"p{sequence}", "sequence": sequence,
        "type": "publish", "channel_id": channel, "channel_name": "广播", "state": DeliveryState.PENDING,
        "priority": 0, "attempts": 0, "next_attempt_at": NOW, "expires_at": None, "claimed_by": None,
        "claimed_at": None, "remote_id": None, "stage": {}, "error": None, "resolved_by": None,
        "created_at": NOW, "updated_at": NOW,
    }  # fmt: skip
    return plain | other


def any_row(rng: random.Random, channel: UUID, sequence: int) -> dict[str, Any]:
    state = rng.choice(STATES) if rng.random() < 0.97 else DeliveryState.SENDING
    return row(
        channel,
        sequence,
        public_id=f"{channel.hex[:8]}{rng.randrange(9)}",
        type=rng.choice(["publish", "publish", "publish", "correct", "retract"]),
        state=state,
        priority=rng.choice([0, 0, 10]),
        attempts=rng.choice([0, 0, 1, PATIENCE - 1, PATIENCE, 12]),
        next_attempt_at=NOW + rng.choice(MOMENTS),
        expires_at=NOW + rng.choice(MOMENTS) if rng.random() < 0.3 else None,
        stage={HANDED_OVER: True} if rng.random() < 0.2 else {},
        updated_at=NOW + rng.choice(MOMENTS),
    )


async def stored(session: AsyncSession, rows: list[dict[str, Any]]) -> None:
    """The rows with the channels and publications that they are of."""
    channels = {
        one["channel_id"]: Channel(
            id=one["channel_id"], name=one["channel_id"].hex, kind="webhook", created_at=NOW, updated_at=NOW
        )
        for one in rows
    }
    session.add_all(channels.values())
    session.add_all(
        Publication(
            id=one["publication_id"], public_id=one["id"].hex, version=1, sequence=one["sequence"],
            type=one["type"], piece_id=uuid4(), revision=1, sha256="", snapshot={}, published_at=NOW,
            issued_at=NOW, by_id=uuid4(),
        )
        for one in rows
    )  # fmt: skip
    await session.flush()
    await insert_rows(session, Delivery, rows)


async def whole_line(session: AsyncSession, channel: UUID) -> list[Delivery]:
    query = select(Delivery).where(Delivery.channel_id == channel, col(Delivery.state).in_(UNFINISHED))
    return list((await session.exec(query)).all())


async def test_what_decides_gives_the_plan_of_the_whole_line(database: Database) -> None:
    rng = random.Random(7)
    lines = {uuid4(): rng.randrange(1, 24) for _ in range(120)}
    numbers = iter(range(1, 10_000))
    rows = [any_row(rng, channel, next(numbers)) for channel, size in lines.items() for _ in range(size)]
    async with database.write() as session:
        await stored(session, rows)
    went = 0
    async with database.read() as session:
        for channel in lines:
            wanted = outbox.plan(await whole_line(session, channel), NOW)
            found = outbox.plan(await delivery_line.deciding(session, channel, NOW), NOW)
            assert (found.send, set(found.expired)) == (wanted.send, set(wanted.expired)), channel
            went += wanted.send is not None
    assert 20 < went < 110


async def test_a_long_line_is_not_read_to_find_the_next(database: Database) -> None:
    channel = uuid4()
    rows = [row(channel, number) for number in range(1, 3_001)]
    rows[-1] |= {"type": "correct"}
    async with database.write() as session:
        await stored(session, rows)
    async with database.read() as session:
        began = time.process_time()
        found = await delivery_line.deciding(session, channel, NOW)
        spent = time.process_time() - began
    assert [one.id for one in found] == [rows[-1]["id"]]
    assert spent < 0.5
