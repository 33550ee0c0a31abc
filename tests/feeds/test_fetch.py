"""Fetching: what is asked, what is refused, and that nothing a server does costs more than the limits."""

import asyncio
import gzip
import time
from dataclasses import replace
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web

from service.feeds.fetch import Fetched, FetchError, FetchState, NotModified, fetch
from service.feeds.guard import guarded_session
from service.feeds.policy import FetchPolicy
from tests.feeds.conftest import NOW, FeedServer
from tests.feeds.samples import rss


async def ask(
    session: aiohttp.ClientSession, url: str, policy: FetchPolicy
) -> Fetched | NotModified | FetchError:
    return await fetch(session, FetchState.fresh(url, NOW), policy)


async def kind_of(session: aiohttp.ClientSession, url: str, policy: FetchPolicy) -> str:
    answer = await ask(session, url, policy)
    assert isinstance(answer, FetchError)
    return answer.kind


async def test_a_feed_is_fetched_with_what_is_needed_to_ask_again(
    feed_server: FeedServer, session: aiohttp.ClientSession
) -> None:
    address = feed_server.gives(
        "/a", rss(), ETag='"1"', Last_Modified="Tue, 24 Nov 2026 00:00:00 GMT", Cache_Control="max-age=90"
    )
    answer = await ask(session, address, feed_server.policy)
    assert isinstance(answer, Fetched)
    assert answer.body == rss()
    assert (answer.etag, answer.max_age, answer.moved_to) == ('"1"', timedelta(seconds=90), None)

    state = replace(FetchState.fresh(address, NOW), etag=answer.etag, last_modified=answer.last_modified)
    assert isinstance(await fetch(session, state, feed_server.policy), NotModified)
    assert feed_server.seen[1].headers["If-Modified-Since"] == "Tue, 24 Nov 2026 00:00:00 GMT"


async def test_permanent_redirects_move_the_source_and_temporary_ones_do_not(
    feed_server: FeedServer, session: aiohttp.ClientSession
) -> None:
    final = feed_server.gives("/new", rss())
    old = feed_server.gives("/old", b"", status=301, Location="/new")
    older = feed_server.gives("/older", b"", status=308, Location=old)
    away = feed_server.gives("/away", b"", status=302, Location="/old")
    for address, moved in ((old, final), (older, final), (away, None)):
        answer = await ask(session, address, feed_server.policy)
        assert isinstance(answer, Fetched)
        assert (answer.url, answer.moved_to) == (final, moved)


@pytest.mark.parametrize(
    ("location", "kind"),
    [
        ("http://169.254.169.254/latest/meta-data/", "blocked"),
        ("http://127.0.0.1:1/", "blocked"),
        ("http://[::ffff:10.0.0.1]/", "blocked"),
        ("file:///etc/passwd", "bad_address"),
        ("gopher://127.0.0.1/", "bad_address"),
        ("http://2130706433/", "bad_address"),
        ("http://admin:secret@127.0.0.1/", "bad_address"),
        ("/again", "redirect_loop"),
    ],
)
async def test_redirects_are_checked_hop_by_hop(
    feed_server: FeedServer, session: aiohttp.ClientSession, location: str, kind: str
) -> None:
    address = feed_server.gives("/again", b"", status=302, Location=location)
    assert await kind_of(session, address, feed_server.policy) == kind


async def test_more_than_three_hops_are_too_many(
    feed_server: FeedServer, session: aiohttp.ClientSession
) -> None:
    feed_server.gives("/0", rss())
    for hop in range(1, 5):
        feed_server.gives(f"/{hop}", b"", status=302, Location=f"/{hop - 1}")
    assert isinstance(await ask(session, feed_server.url("/3"), feed_server.policy), Fetched)
    assert await kind_of(session, feed_server.url("/4"), feed_server.policy) == "redirect_loop"


async def test_size_is_counted_after_decompression(
    feed_server: FeedServer, session: aiohttp.ClientSession
) -> None:
    bomb = gzip.compress(b"<rss>" + b"A" * 30_000_000)
    address = feed_server.gives("/bomb", bomb, Content_Encoding="gzip")
    assert len(bomb) < 50_000
    assert await kind_of(session, address, feed_server.policy) == "too_big"


async def test_a_body_of_exactly_the_limit_is_read(
    feed_server: FeedServer, session: aiohttp.ClientSession
) -> None:
    policy = replace(feed_server.policy, max_bytes=1000)
    assert isinstance(await ask(session, feed_server.gives("/a", b"x" * 1000), policy), Fetched)
    assert await kind_of(session, feed_server.gives("/b", b"x" * 1001), policy) == "too_big"


async def test_a_stream_without_end_is_cut(feed_server: FeedServer, session: aiohttp.ClientSession) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        with pytest.raises(ConnectionError):
            while True:
                await response.write(b"<item/>" * 10_000)
        return response

    policy = replace(feed_server.policy, max_bytes=200_000)
    assert await kind_of(session, feed_server.does("/endless", endless), policy) == "too_big"


async def test_a_trickle_ends_at_the_time_limit(
    feed_server: FeedServer, session: aiohttp.ClientSession
) -> None:
    async def trickle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(100):
            await response.write(b" ")
            await asyncio.sleep(0.05)
        return response

    started = time.monotonic()
    policy = replace(feed_server.policy, timeout=0.4)
    assert await kind_of(session, feed_server.does("/slow", trickle), policy) == "timeout"
    assert time.monotonic() - started < 2


async def test_one_host_is_asked_one_question_at_a_time_and_waiting_is_free(
    feed_server: FeedServer, session: aiohttp.ClientSession
) -> None:
    busy = 0

    async def slow(request: web.Request) -> web.Response:
        nonlocal busy
        busy += 1
        assert busy == 1
        await asyncio.sleep(0.2)
        busy -= 1
        return web.Response(body=rss())

    address = feed_server.does("/slow", slow)
    policy = replace(feed_server.policy, timeout=0.5)
    answers = await asyncio.gather(*(ask(session, address, policy) for _ in range(5)))
    assert all(isinstance(answer, Fetched) for answer in answers)


async def test_a_closed_port_and_a_silent_one_look_the_same(session: aiohttp.ClientSession) -> None:
    closed = FetchPolicy(allow=frozenset({("127.0.0.1", 1)}))
    async with guarded_session(closed) as other:
        answer = await ask(other, "http://127.0.0.1:1/", closed)
    assert isinstance(answer, FetchError)
    assert answer.kind == "connect"
    assert not any(word in answer.message.lower() for word in ("refused", "port", "open", "127.0.0.1"))


@pytest.mark.parametrize("status", [403, 404, 410, 429, 500, 503])
async def test_refusals_name_their_status(
    feed_server: FeedServer, session: aiohttp.ClientSession, status: int
) -> None:
    answer = await ask(session, feed_server.gives("/x", b"no", status=status), feed_server.policy)
    assert isinstance(answer, FetchError)
    assert (answer.kind, answer.permanent) == (f"http_{status}", status == 410)


@pytest.mark.parametrize(
    ("raw", "seconds"),
    [("120", 120), ("999999", 86400), ("Wed, 01 Jan 2020 00:00:00 GMT", 0), ("soon", None), ("-5", None)],
)
async def test_retry_after_is_read_strictly(
    feed_server: FeedServer, session: aiohttp.ClientSession, raw: str, seconds: int | None
) -> None:
    answer = await ask(session, feed_server.gives("/x", b"", status=503, Retry_After=raw), feed_server.policy)
    assert isinstance(answer, FetchError)
    assert answer.retry_after == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "feed.xml",
        "ftp://example.cn/",
        "javascript:alert(1)",
        "http://",
        "http://u:p@example.cn/",
        "http://127.1/",
        "http://2130706433/",
        "http://[::1",
        "http://a b.cn/",
        "https://" + "a" * 3000 + ".cn/",
    ],
)
async def test_what_is_no_web_address_is_not_asked(session: aiohttp.ClientSession, url: str) -> None:
    assert await kind_of(session, url, FetchPolicy()) in ("bad_address", "dns")


async def test_garbage_instead_of_http_is_a_bad_response(session: aiohttp.ClientSession) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"\x00\x01 nonsense\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    policy = FetchPolicy(allow=frozenset({("127.0.0.1", port)}))
    async with guarded_session(policy) as other:
        assert await kind_of(other, f"http://127.0.0.1:{port}/", policy) == "bad_response"
    server.close()


async def test_damaged_compression_is_a_bad_response(
    feed_server: FeedServer, session: aiohttp.ClientSession
) -> None:
    address = feed_server.gives("/x", b"not gzip at all", Content_Encoding="gzip")
    assert await kind_of(session, address, feed_server.policy) == "bad_response"
