"""The figures of a period, from real cases, publications and deliveries."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import col

from content.delivery import Delivery
from content.delivery_states import DeliveryState
from content.measures import Duration
from content.permissions import Actor
from service.context import Context
from service.store.engine import Database
from service.usecases import cases, measures
from tests.conftest import Clock
from tests.writing import REBUTTAL, corrected, published


async def test_a_page_is_followed_from_the_first_sighting_to_the_channel(
    ctx: Context, database: Database, clock: Clock, editor: Actor, issuer: Actor
) -> None:
    async with database.write() as session:
        case = await cases.open_by_hand(ctx, session, "全市自来水有毒", "rumor", "", editor)
    clock.move(minutes=10)
    async with database.write() as session:
        await cases.claim(ctx, session, case.id, editor)
    clock.move(minutes=20)
    first = await published(ctx, database, editor, issuer, case_id=case.id)
    confirmed = clock.move(minutes=1)
    async with database.write() as session:
        sent = update(Delivery).where(col(Delivery.publication_id) == first.id)
        await session.exec(sent.values(state=DeliveryState.SENT, updated_at=confirmed))
    await corrected(ctx, database, first.public_id, editor, issuer)
    async with database.read() as session:
        found = await measures.report(ctx, session, editor, 7)
    assert found.figures.durations == (
        Duration("seen", "claimed", "", 1, 600.0, 600.0),
        Duration("seen", "approved", "", 1, 1800.0, 1800.0),
        Duration("seen", "published", "", 1, 1800.0, 1800.0),
        Duration("claimed", "published", "", 1, 1200.0, 1200.0),
        Duration("seen", "sent", "site", 1, 1860.0, 1860.0),
        Duration("published", "sent", "site", 1, 60.0, 60.0),
    )
    assert (found.figures.pages, found.figures.corrected, found.figures.retracted) == (1, 1, 0)
    assert found.figures.counties == {"360902": 1}
    assert ("duration", "published-sent", "site", "1", "60", "60") in list(measures.rows(found))


async def test_only_the_period_counts_and_no_exercise(
    ctx: Context, db: Database, clock: Clock, editor: Actor, issuer: Actor
) -> None:
    await published(ctx, db, editor, issuer)
    await published(ctx, db, editor, issuer, REBUTTAL, exercise=True)
    clock.move(days=10)
    async with db.read() as session:
        assert (await measures.report(ctx, session, editor, 7)).figures.pages == 0
        assert (await measures.report(ctx, session, editor, 30)).figures.pages == 1
        assert (await measures.report(ctx, session, editor, 31)).days == 30
