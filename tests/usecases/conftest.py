"""A city's newsroom in small: a news site, the door to it, and sources on both databases."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator

import pytest

from service.feeds.guard import guarded_session
from service.feeds.parser_pool import ParserPool
from service.feeds.policy import FetchPolicy
from service.usecases.polling import FeedDoor
from tests.usecases.feed_site import FeedSite


@pytest.fixture
async def site() -> AsyncIterator[FeedSite]:
    found = FeedSite()
    await found.start()
    yield found
    assert found.server is not None
    await found.server.close()


@pytest.fixture
async def door(site: FeedSite) -> AsyncIterator[FeedDoor]:
    assert site.server is not None
    policy = FetchPolicy(allow=frozenset({("127.0.0.1", int(site.server.port or 0))}), timeout=2.0)
    async with guarded_session(policy) as session, ParserPool(size=1) as pool:
        yield FeedDoor(session, pool, policy, random.Random(1))
