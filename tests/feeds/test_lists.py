"""Lists of feeds, and finding the feed of a site."""

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.feeds.discover import DiscoveryFailed, FoundFeed, discover, feed_links
from service.feeds.errors import OpmlError
from service.feeds.opml import OpmlSource, read_opml, write_opml
from service.feeds.parser_pool import ParserPool
from tests.feeds.conftest import FeedServer
from tests.feeds.samples import rss

OPML = """<?xml version="1.0" encoding="{encoding}"?>
<opml version="2.0"><head><title>订阅</title></head><body>
<outline text="本地"><outline text="气象"><outline type="rss" text="宜春气象" xmlUrl="https://a.cn/feed"/></outline>
<outline text="宜春新闻" title="宜春新闻网" XMLURL="https://b.cn/rss" htmlUrl="https://b.cn/"/></outline>
<outline text="再一次" xmlUrl="https://a.cn/feed"/><outline text="坏的" xmlUrl="javascript:alert(1)"/>
<outline text="无地址"/></body></opml>"""


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312"])
def test_a_list_gives_each_feed_once_with_its_groups(encoding: str) -> None:
    assert read_opml(OPML.format(encoding=encoding).encode(encoding)) == [
        OpmlSource("https://a.cn/feed", "宜春气象", "本地/气象"),
        OpmlSource("https://b.cn/rss", "宜春新闻网", "本地"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<rss/>",
        b"<opml><body>",
        b"<!DOCTYPE opml [<!ENTITY a 'b'>]><opml><body/></opml>",
        b"<opml>" + b" " * (5 * 2**20) + b"</opml>",
    ],
    ids=["empty", "another root", "cut off", "entities", "too large"],
)
def test_what_is_no_list_says_so(body: bytes) -> None:
    with pytest.raises(OpmlError):
        read_opml(body)


def test_a_list_nested_beyond_reason_is_read_as_deep_as_reason_goes() -> None:
    deep = b"<outline text='a'>" * 500 + b"<outline xmlUrl='https://a.cn/'/>" + b"</outline>" * 500
    assert read_opml(b"<opml><body>" + deep + b"</body></opml>") == []


words = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=8)
sources = st.builds(
    OpmlSource,
    url=st.integers(0, 99).map(lambda n: f"https://a.cn/{n}?x=1&y=2"),
    title=words,
    category=st.lists(words, max_size=2).map("/".join),
)


@given(st.lists(sources, unique_by=lambda source: source.url, max_size=6))
def test_a_written_list_reads_back_the_same(written: list[OpmlSource]) -> None:
    read = read_opml(write_opml(written, "订阅"))
    assert sorted(read, key=lambda source: source.url) == sorted(written, key=lambda source: source.url)


def test_a_page_names_its_feeds() -> None:
    page = """<html><head><base href="/news/"><!-- <link rel="alternate" type="application/rss+xml" href="no"> -->
    <link rel="stylesheet" href="x.css"><LINK REL='Alternate' TYPE='application/rss+xml' TITLE='要闻 &amp; 快讯' HREF='feed.xml'>
    <link rel=alternate type=application/atom+xml href=https://b.cn/atom.xml><link rel="alternate" hreflang="en" href="/en">
    <link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">"""
    assert feed_links(page, "https://a.cn/") == [
        FoundFeed("https://a.cn/news/feed.xml", "要闻 & 快讯"),
        FoundFeed("https://b.cn/atom.xml", ""),
    ]


@pytest.mark.parametrize(
    "unit",
    [
        "<link ",
        "<!--",
        '<link "',
        "<link rel='alternate' ",
        "<base href=x>",
        "<link rel=alternate type=text/xml href=/>",
    ],
)
def test_long_pages_of_nonsense_are_quick(unit: str) -> None:
    assert len(feed_links(unit * (512 * 1024 // len(unit)), "https://a.cn/")) <= 20


async def test_the_feed_of_a_site_is_found(
    session: aiohttp.ClientSession, pool: ParserPool, feed_server: FeedServer
) -> None:
    link = '<html><head><link rel="alternate" type="application/rss+xml" title="新闻" href="/feed"></head></html>'
    page = feed_server.gives("/", link.encode("gbk"), Content_Type="text/html; charset=gbk")
    feed = feed_server.gives("/feed", rss())
    assert await discover(session, pool, page, feed_server.policy) == [FoundFeed(feed, "新闻")]
    assert await discover(session, pool, feed, feed_server.policy) == [FoundFeed(feed, "宜春新闻")]


@pytest.mark.parametrize(
    ("status", "location", "kind"),
    [(200, "", "no_feed"), (404, "", "http_404"), (302, "http://10.0.0.1/", "blocked")],
)
async def test_a_site_without_a_feed_says_why(
    session: aiohttp.ClientSession,
    pool: ParserPool,
    feed_server: FeedServer,
    status: int,
    location: str,
    kind: str,
) -> None:
    page = feed_server.gives(
        "/", b"<html><title>x</title></html>", status=status, **({"Location": location} if location else {})
    )
    with pytest.raises(DiscoveryFailed) as caught:
        await discover(session, pool, page, feed_server.policy)
    assert caught.value.kind == kind
