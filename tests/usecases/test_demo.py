"""The demo newsroom by itself asks nobody outside of this machine."""

from __future__ import annotations

from urllib.parse import urlsplit

from sqlmodel import select

from content.publications import Publication
from service.context import Context
from service.demo import seed
from service.store.engine import Database
from service.store.tables import Source
from service.usecases import copies
from tests.conftest import Clock
from tests.usecases.test_copies import Pages


async def test_no_feed_and_no_source_of_the_demos_texts_is_outside(
    ctx: Context, db: Database, clock: Clock
) -> None:
    await seed.seed(ctx, db)
    clock.move(days=8)
    pages = Pages()
    await copies.look_due(ctx, db, pages)
    async with db.read() as session:
        feeds = [one.url for one in (await session.exec(select(Source))).all()]
        told = (await session.exec(select(Publication))).all()
    assert feeds
    assert told
    assert [url for url in (*pages.asked, *feeds) if urlsplit(url).hostname != "127.0.0.1"] == []
    assert all(one.snapshot["body"]["sources"] for one in told)  # named all the same
