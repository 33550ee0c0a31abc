"""The front protocol over real sockets: the same answers as aiohttp, only sooner, and deadlines that aiohttp does not have."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from service.site.serving import Site
from service.site.shelf import Entry, Manifest, Shelf
from service.web.front import Front, Limits
from service.web.keys import SECURE
from service.web.listen import Listening, listening
from service.web.public import pages
from tests.web.raw_http import Client, get

WHEN = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
LONG = ("用水安全有保障。" * 400).encode()


def put(folder: Path, body: bytes = LONG, when: datetime = WHEN) -> None:
    shelf = Shelf(folder)
    html = "text/html; charset=utf-8"
    entries: dict[str, Entry] = {
        "/": shelf.keep(body, html, "", 200, when),
        "/p/x": shelf.keep(body + b"x", html, "", 200, when),
        "/gone": shelf.keep("已撤回".encode() * 100, html, "", 410, when),
        "/404": shelf.keep(b"nothing here", html, "", 404, when),
        "/feed.xml": shelf.keep(
            b"<rss>" + body + b"</rss>", "application/rss+xml; charset=utf-8", "", 200, when
        ),
        "/poster.png": shelf.keep(b"\x89PNG" + bytes(5_000_000), "image/png", "", 200, when),
    }
    shelf.replace(Manifest(entries, 1, "test", 0))


async def echo(request: web.Request) -> web.Response:
    return web.Response(text=f"{len(await request.read())}")


async def stream(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    for _ in range(4):
        await asyncio.sleep(0.5)
        await response.write(b"tick\n")
    return response


@pytest.fixture
def limits() -> Limits:
    return Limits(connections=8, idle=1.0, head=0.6, body=0.8, reader=0.8)


@pytest.fixture
async def house(tmp_path: Path, limits: Limits) -> AsyncIterator[Listening]:
    put(tmp_path)
    site = Site(tmp_path)
    app = web.Application()
    app[pages.SITE], app[SECURE] = site, False
    app.add_routes([web.post("/echo", echo), web.get("/stream", stream), web.get("/{path:.*}", pages.show)])
    async with listening(app, site, "127.0.0.1", 0, limits=limits, drain=1) as found:
        yield found


REQUESTS = {
    "plain": get(),
    "gzip": get("/", "Accept-Encoding: gzip"),
    "brotli": get("/", "Accept-Encoding: gzip, deflate, br, zstd"),
    "refused": get("/", "Accept-Encoding: br;q=0, gzip;q=0.5"),
    "feed": get("/feed.xml", "Accept-Encoding: br"),
    "head": get(method="HEAD"),
    "withdrawn": get("/gone"),
    "not modified since": get("/", "If-Modified-Since: Tue, 24 Nov 2026 01:00:00 GMT"),
    "modified since": get("/", "If-Modified-Since: Tue, 24 Nov 2026 00:59:59 GMT"),
    "not a date": get("/", "If-Modified-Since: yesterday"),
    "any tag": get("/", "If-None-Match: *"),
    "other tag": get("/", 'If-None-Match: "x", W/"y"', "If-Modified-Since: Tue, 24 Nov 2026 01:00:00 GMT"),
    "range": get("/", "Range: bytes=0-9"),
    "cookie": get("/", "Cookie: a=b"),
}


@pytest.mark.parametrize("name", REQUESTS)
async def test_the_front_answers_as_aiohttp_does(house: Listening, name: str) -> None:
    ours, theirs = await Client.to(house), await Client.to(house)
    await theirs.ask(get("/not-there"))  # from here on this connection is aiohttp's
    first = await ours.ask(REQUESTS[name])
    again = await ours.ask(REQUESTS[name])
    other = await theirs.ask(REQUESTS[name])

    def same(answer: tuple[int, dict[str, str], bytes]) -> tuple[int, dict[str, str], bytes]:
        skipped = ("date", "server", "connection", "content-length" if answer[0] == 304 else "")
        return answer[0], {k: v for k, v in answer[1].items() if k not in skipped}, answer[2]

    assert same(first) == same(again) == same(other)
    assert sum(one.delegate is not None for one in house.gate.connections) == 1


async def test_a_tag_is_recognised_weak_or_in_a_list_and_belongs_to_one_encoding(house: Listening) -> None:
    client = await Client.to(house)
    tag = (await client.ask(get("/", "Accept-Encoding: br")))[1]["etag"]
    for line in (tag, f'"a", {tag}', f"W/{tag}"):
        status, headers, _ = await client.ask(get("/", "Accept-Encoding: br", f"If-None-Match: {line}"))
        assert status == 304
        assert headers["etag"] == tag
    assert (await client.ask(get("/", f"If-None-Match: {tag}")))[0] == 200


@pytest.mark.parametrize("path", ["/", "/gone", "/feed.xml", "/nothing"])
async def test_every_answer_carries_the_security_headers(house: Listening, path: str) -> None:
    _, headers, _ = await (await Client.to(house)).ask(get(path))
    assert "unsafe-inline" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    for name in ("referrer-policy", "cross-origin-opener-policy", "permissions-policy"):
        assert headers[name]
    if path != "/nothing":
        assert headers["cache-control"] == "public, max-age=60"


async def test_an_unknown_page_is_404_in_the_visitors_language(house: Listening) -> None:
    status, _, body = await (await Client.to(house)).ask(get("/nothing"))
    assert (status, body) == (404, b"nothing here")


async def test_the_date_is_now(house: Listening) -> None:
    client = await Client.to(house)
    await client.ask(get())
    await asyncio.sleep(0.8)
    _, headers, _ = await client.ask(get())
    sent = datetime.strptime(headers["date"], "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    assert abs(datetime.now(UTC) - sent) < timedelta(seconds=2)


async def test_requests_on_one_line_are_answered_in_order(house: Listening) -> None:
    client = await Client.to(house)
    client.writer.write(
        (
            get("/") + get("/p/x") + get("/echo", "Content-Length: 3", method="POST") + "abc" + get("/")
        ).encode()
    )
    bodies = [(await client.answer())[2] for _ in range(4)]
    assert bodies == [LONG, LONG + b"x", b"3", LONG]


@pytest.mark.parametrize("size", [1, 7, 30])
async def test_a_request_may_come_in_pieces(house: Listening, size: int) -> None:
    client = await Client.to(house)
    raw = (get("/p/x") + get("/echo", "Content-Length: 3", method="POST") + "abc" + get("/")).encode()
    for start in range(0, len(raw), size):
        client.writer.write(raw[start : start + size])
        await client.writer.drain()
        await asyncio.sleep(0)
    assert [(await client.answer())[2] for _ in range(3)] == [LONG + b"x", b"3", LONG]


async def test_a_client_that_wants_to_close_is_told_so(house: Listening) -> None:
    client = await Client.to(house)
    _, headers, _ = await client.ask(get("/", "Connection: close"))
    assert headers["connection"] == "close"
    assert await client.ended()
    old = await Client.to(house)
    status, headers, body = await old.ask(get("/", version="1.0"))
    assert (status, headers["connection"], body) == (200, "close", LONG)
    assert await old.ended()


async def test_a_new_site_is_served_within_a_second(house: Listening, tmp_path: Path) -> None:
    client = await Client.to(house)
    assert (await client.ask(get()))[2] == LONG
    put(tmp_path, b"new" * 100, WHEN + timedelta(hours=1))
    await asyncio.sleep(0.9)
    assert (await client.ask(get()))[2] == b"new" * 100
    assert (await client.ask(get("/", "If-Modified-Since: Tue, 24 Nov 2026 01:00:00 GMT")))[0] == 200


async def test_a_site_that_somebody_else_reloads_is_noticed_too(house: Listening, tmp_path: Path) -> None:
    client = await Client.to(house)
    await client.ask(get())
    put(tmp_path, b"new" * 100, WHEN + timedelta(hours=1))
    house.gate.site.reload()
    await asyncio.sleep(0.7)
    assert (await client.ask(get()))[2] == b"new" * 100


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (get("/echo", "Transfer-Encoding: chunked", method="POST"), 411),
        (get("/echo", "Content-Length: x", method="POST"), 411),
        (get("/echo", "Content-Length: 3", "Content-Length: 4", method="POST") + "abc", 400),
        ("nonsense\r\n\r\n", 400),
        (get("/搜索"), 400),
        (get("/", "no colon"), 400),
        (get("/", "X: " + "a" * 20_000), 431),
        ("GET / HTTP/1.1\r\nX: " + "a" * 20_000, 431),
    ],
)  # fmt: skip
async def test_what_cannot_be_read_is_refused(house: Listening, raw: str, status: int) -> None:
    client = await Client.to(house)
    found, headers, _ = await client.ask(raw)
    assert found == status
    assert "Content-Length: 4" in raw or headers["x-content-type-options"] == "nosniff"
    assert await client.ended()


async def test_a_head_that_does_not_end_is_not_waited_for(house: Listening) -> None:
    client = await Client.to(house)
    client.writer.write(b"GET / HTTP/1.1\r\nHost: h\r\n")
    status, _, _ = await asyncio.wait_for(client.answer(), 4)
    assert status == 408
    late = await Client.to(house)
    await late.ask(get("/not-there"))  # aiohttp's connection: it would wait for ever
    late.writer.write(b"GET / HTTP/1.1\r\nHost: h\r\n")
    assert await late.ended(4)


async def test_a_body_that_does_not_come_is_not_waited_for(house: Listening) -> None:
    client = await Client.to(house)
    client.writer.write(get("/echo", "Content-Length: 100", method="POST").encode() + b"abc")
    assert await client.ended(4)


async def test_a_reader_who_stops_reading_is_let_go(house: Listening) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port, limit=1024)
    for _ in range(5):
        writer.write(get("/poster.png").encode())
    await asyncio.sleep(2.5)
    assert not house.gate.connections
    del reader


async def test_a_silent_connection_ends_and_a_long_answer_does_not(house: Listening) -> None:
    silent, listener = await Client.to(house), await Client.to(house)
    listener.writer.write(get("/stream").encode())
    assert await silent.ended(4)
    rest = await asyncio.wait_for(listener.reader.readuntil(b"0\r\n\r\n"), 5)
    assert rest.count(b"tick") == 4


async def test_one_connection_too_many_is_asked_to_come_back(house: Listening) -> None:
    held = [await Client.to(house) for _ in range(8)]
    for one in held:
        await one.ask(get())
    status, headers, _ = await (await Client.to(house)).answer()
    assert status == 503
    assert headers["retry-after"] == "5"
    held[0].writer.close()
    await asyncio.sleep(0.1)
    assert (await (await Client.to(house)).ask(get()))[0] == 200


async def test_reading_is_counted_without_a_word_of_who(house: Listening) -> None:
    client = await Client.to(house)
    for _ in range(3):
        await client.ask(get("/p/x"))
    await client.ask(get("/", "If-None-Match: *"))
    assert house.gate.hits == {("/p/x", ""): 3, ("/", ""): 1}
    assert house.gate.answered == {200: 3, 304: 1}


async def test_nothing_of_a_visitor_is_remembered(house: Listening) -> None:
    client = await Client.to(house)
    await client.ask(get("/", "Cookie: secret=1"))
    await client.ask(get("/", "Accept-Encoding: br;q=0.5"))
    assert not [raw for raw in house.gate.memory if re.search(rb"secret|q=", raw)]
    assert all(isinstance(one, Front) for one in house.gate.connections)


async def test_reads_are_counted_by_page_and_way_and_a_head_is_none(house: Listening) -> None:
    client = await Client.to(house)
    for target in ("/p/x", "/p/x?c=w", "/p/x?c=w", "/p/x?c=zz"):
        assert (await client.ask(get(target)))[0] == 200
    await client.ask(get("/p/x", method="HEAD"))
    assert house.gate.hits == {("/p/x", ""): 1, ("/p/x", "wecom"): 2}
