"""Looking at a page that a text names as its source."""

from __future__ import annotations

import hashlib
import time

import aiohttp
import pytest

from service.feeds.page import SourceDoor
from service.feeds.page_words import words_of_page
from service.feeds.policy import FetchPolicy
from tests.feeds.conftest import FeedServer

PAGE = """<!DOCTYPE html><html><head><title>水质公告</title><style>p{color:red}</style>
<script>var a = "<p>不是正文</p>";</script></head><body><nav>首页 新闻</nav><h1>十一月水质公告</h1>
<!-- 草稿 --><p>今天<b>四十二项</b>指标全部达标，a &lt; b。<br>管网末梢水正常。</p></body></html>"""


def test_the_words_of_a_page_are_what_a_reader_reads() -> None:
    assert words_of_page(PAGE).splitlines() == [
        "十一月水质公告",
        "今天四十二项指标全部达标，a < b。",
        "管网末梢水正常。",
    ]


@pytest.mark.parametrize("piece", ["<div>", "<", "<script>", "<!--", "<a ", "<nav></nav>", "&lt;", "</"])
def test_a_page_of_two_million_characters_costs_a_moment_whatever_is_in_it(piece: str) -> None:
    page = piece * (2_000_000 // len(piece))
    started = time.process_time()
    words_of_page(page)
    assert time.process_time() - started < 5


async def test_a_look_keeps_hash_place_and_words(
    feed_server: FeedServer, session: aiohttp.ClientSession
) -> None:
    body = PAGE.encode("gb18030")
    final = feed_server.gives("/water", body, Content_Type="text/html; charset=gb2312")
    moved = feed_server.gives("/old", b"", status=301, Location="/water")
    look = await SourceDoor(session, feed_server.policy).look(moved)
    assert (look.fault, look.landed, look.media) == ("", final, "text/html")
    assert look.sha256 == hashlib.sha256(body).hexdigest()
    assert "四十二项" in look.text


async def test_of_what_is_no_page_there_is_the_hash_alone(
    feed_server: FeedServer, session: aiohttp.ClientSession
) -> None:
    address = feed_server.gives("/a.pdf", b"%PDF-1.7 <p>not words</p>", Content_Type="application/pdf")
    look = await SourceDoor(session, feed_server.policy).look(address)
    assert look.sha256
    assert (look.text, look.media) == ("", "application/pdf")


async def test_a_failure_is_a_code(feed_server: FeedServer, session: aiohttp.ClientSession) -> None:
    door = SourceDoor(session, feed_server.policy)
    assert (await door.look(feed_server.gives("/gone", b"", status=404))).fault == "http_404"
    assert (await door.look("http://[")).fault == "bad_address"
    assert (await door.look(feed_server.gives("/large", b"x" * (5 * 2**20)))).fault == "too_big"


async def test_no_source_leads_inside(feed_server: FeedServer, session: aiohttp.ClientSession) -> None:
    inside = feed_server.gives("/in", b"", status=302, Location="http://169.254.169.254/latest/meta-data/")
    assert (await SourceDoor(session, FetchPolicy()).look(inside)).fault == "blocked"
