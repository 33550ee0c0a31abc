"""One source, polled again and again against a real server: what an editor would see of it."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import aiohttp
import pytest

from service.feeds.decide import IngestPlan
from service.feeds.fetch import FetchState
from service.feeds.parser_pool import ParserPool
from service.feeds.poll import poll
from tests.feeds.conftest import NOW, FeedServer
from tests.feeds.samples import STORIES, atom, rss

Story = tuple[str, str, str]


@dataclass
class Reader:
    """Polls one address and keeps what it was told to keep, as the store would."""

    session: aiohttp.ClientSession
    pool: ParserPool
    server: FeedServer
    state: FetchState
    rng: random.Random
    now: datetime = NOW
    stored: dict[str, str] = field(default_factory=dict)
    max_items: int = 200

    async def known(self, guids: Sequence[str]) -> Mapping[str, str]:
        return {guid: self.stored[guid] for guid in guids if guid in self.stored}

    async def poll(self) -> IngestPlan:
        policy = replace(self.server.policy, max_items=self.max_items)
        plan = await poll(self.session, self.pool, self.state, self.known, policy, self.now, self.rng)
        self.stored |= {item.guid: item.content_hash for item in (*plan.new, *plan.changed)}
        self.state = FetchState.from_json(plan.next_state.to_json())
        self.now = max(self.now + timedelta(minutes=5), plan.next_state.next_poll)
        return plan


@pytest.fixture
def reader(
    session: aiohttp.ClientSession, pool: ParserPool, feed_server: FeedServer, rng: random.Random
) -> Reader:
    return Reader(session, pool, feed_server, FetchState.fresh(feed_server.url("/feed"), NOW), rng)


def nothing_changes(stories: Sequence[Story]) -> bytes:
    return rss(stories)


def entries_are_reordered(stories: Sequence[Story]) -> bytes:
    return rss(list(reversed(stories)))


def the_build_date_changes(stories: Sequence[Story]) -> bytes:
    return rss(stories, extra="<lastBuildDate>Wed, 25 Nov 2026 09:00:00 +0800</lastBuildDate>")


def only_the_dates_change(stories: Sequence[Story]) -> bytes:
    return rss(stories).replace(b"08:00:00", b"09:30:00")


def the_encoding_changes(stories: Sequence[Story]) -> bytes:
    return rss(stories, encoding="gb18030")


def old_entries_fall_off(stories: Sequence[Story]) -> bytes:
    return rss(stories[1:])


@pytest.mark.parametrize(
    "when",
    [
        nothing_changes,
        entries_are_reordered,
        the_build_date_changes,
        only_the_dates_change,
        the_encoding_changes,
        old_entries_fall_off,
    ],
)
async def test_polling_again_adds_nothing(reader: Reader, when: Callable[[Sequence[Story]], bytes]) -> None:
    reader.server.gives("/feed", rss())
    assert len((await reader.poll()).new) == len(STORIES)
    reader.server.gives("/feed", when(STORIES))
    plan = await reader.poll()
    assert (plan.new, plan.changed, plan.next_state.status) == ((), (), "ok")


async def test_a_new_story_is_the_only_new_item(reader: Reader) -> None:
    reader.server.gives("/feed", rss(STORIES[1:]), ETag='"1"')
    await reader.poll()
    assert (await reader.poll()).outcome == "unchanged"
    reader.server.gives("/feed", rss(), ETag='"2"')
    plan = await reader.poll()
    assert [item.title for item in plan.new] == [STORIES[0][1]]
    assert plan.outcome == "news"


async def test_an_edited_story_is_a_change(reader: Reader) -> None:
    reader.server.gives("/feed", rss())
    await reader.poll()
    edited = [(guid, title.replace("橙色", "红色"), text) for guid, title, text in STORIES]
    reader.server.gives("/feed", rss(edited))
    plan = await reader.poll()
    assert plan.new == ()
    assert [item.title for item in plan.changed] == ["宜春市气象台发布暴雨红色预警信号"]


async def test_an_unchanged_body_is_parsed_once_a_day_only(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed = 0
    parse = reader.pool.parse

    async def counting(*args: object, **more: object) -> object:
        nonlocal parsed
        parsed += 1
        return await parse(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(reader.pool, "parse", counting)
    reader.server.gives("/feed", rss())
    for _ in range(3):
        await reader.poll()
    assert parsed == 1
    reader.now += timedelta(days=1)
    await reader.poll()
    assert parsed == 2


async def test_what_could_not_be_parsed_is_not_parsed_again_that_day_and_stays_failing(
    reader: Reader,
) -> None:
    reader.server.gives("/feed", b"<!doctype html><h1>login</h1>", ETag='"1"')
    outcomes = [(await reader.poll()).next_state for _ in range(3)]
    assert [state.status for state in outcomes] == ["degraded", "failing", "failing"]
    assert {state.reason for state in outcomes} == {"not_a_feed"}
    reader.server.gives("/feed", rss(), ETag='"2"')
    assert (await reader.poll()).next_state.status == "ok"


async def test_a_damaged_feed_gives_its_stories_and_shows_that_it_is_damaged(reader: Reader) -> None:
    body = rss()
    reader.server.gives("/feed", body[: body.index("樟树".encode())])
    for _ in range(2):
        plan = await reader.poll()
        assert (plan.next_state.status, plan.next_state.reason) == ("degraded", "broken")
    assert len(reader.stored) == 2
    reader.server.gives("/feed", body)
    plan = await reader.poll()
    assert len(reader.stored) == len(STORIES)
    assert plan.next_state.status == "ok"


async def test_a_source_that_moved_for_good_is_asked_at_its_new_address(reader: Reader) -> None:
    reader.server.gives("/feed", b"", status=301, Location="/moved")
    reader.server.gives("/moved", rss())
    assert (await reader.poll()).next_state.url.endswith("/moved")


async def test_more_stories_than_a_poll_takes_come_with_the_next_polls(reader: Reader) -> None:
    reader.max_items = 3
    reader.server.gives("/feed", rss([(f"g{n}", f"第{n}条", "") for n in range(8)]), ETag='"1"')
    counts = [len((await reader.poll()).new) for _ in range(4)]
    assert counts == [3, 3, 2, 0]


async def test_one_guid_for_every_story_does_not_swallow_stories(reader: Reader) -> None:
    def same_guid(stories: Sequence[Story]) -> bytes:
        return rss(stories).replace(b"'>g1<", b"'>x<").replace(b"'>g2<", b"'>x<").replace(b"'>g3<", b"'>x<")

    reader.server.gives("/feed", same_guid(STORIES[1:3]))
    assert len((await reader.poll()).new) == 2
    reader.server.gives("/feed", same_guid(STORIES[:3]))
    plan = await reader.poll()
    assert [item.title for item in plan.new] == [STORIES[0][1]]
    assert plan.changed == ()


async def test_a_source_that_fails_and_heals_loses_nothing(reader: Reader) -> None:
    reader.server.gives("/feed", atom(STORIES[:2]))
    await reader.poll()
    reader.server.gives("/feed", b"boom", status=500)
    assert (await reader.poll()).outcome == "http_500"
    reader.server.gives("/feed", atom())
    assert len((await reader.poll()).new) == 2


async def test_a_redirect_inside_is_a_failing_source_with_the_right_reason(reader: Reader) -> None:
    reader.server.gives("/feed", b"", status=302, Location="http://169.254.169.254/latest/meta-data/")
    await reader.poll()
    plan = await reader.poll()
    assert (plan.next_state.status, plan.next_state.reason) == ("failing", "blocked")


async def test_entries_without_words_are_left_out(reader: Reader) -> None:
    reader.server.gives("/feed", b"<rss version='2.0'><channel><item><guid>1</guid></item></channel></rss>")
    assert (await reader.poll()).new == ()
