"""The fast reader never differs from feedparser: it gives the same or it gives up."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.feeds import mapping
from service.feeds.cut import cut
from service.feeds.decode import decode
from service.feeds.errors import ParseError
from service.feeds.mapping import parse_xml, read_any
from service.feeds.parsed import ParsedFeed
from service.feeds.plain import read_plain
from service.feeds.prepare import prepare
from tests.feeds.samples import atom, rss
from tests.feeds.test_delta import OWN, repeated

BASES = ("", "https://news.example.cn/list/feed.xml")


def slow(text: str, base: str) -> ParsedFeed | None:
    """The feed as feedparser alone gives it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mapping, "read_plain", lambda text, base: None)
        return quick(text, base)


def quick(text: str, base: str) -> ParsedFeed | None:
    try:
        return parse_xml(text, "utf-8", base, 10_000)
    except ParseError:
        return None


def compare(body: bytes) -> bool:
    """Whether the fast reader dared; fails when it dared and was wrong."""
    text = prepare(decode(body)[0])
    dared = False
    for base in BASES:
        plain = read_plain(text, base)
        if plain is None:
            continue
        dared = True
        assert quick(text, base) == slow(text, base)
        assert [entry.get("link") for entry in plain["entries"]] == [
            dict.get(entry, "link") for entry in read_any(text, base)["entries"]
        ]
    return dared


@pytest.mark.parametrize("write", [rss, atom])
def test_plain_feeds_are_read_by_the_fast_reader(write: object) -> None:
    assert compare(write())  # type: ignore[operator]


@pytest.mark.parametrize("path", sorted(OWN.glob("*.xml")), ids=lambda path: path.name)
def test_our_own_corpus_reads_the_same(path: Path) -> None:
    compare(path.read_bytes())


def test_the_public_corpora_read_the_same(corpora: Path) -> None:
    dared = 0
    for path in sorted(corpora.rglob("*.xml")):
        body = path.read_bytes()
        dared += compare(body)
        document = cut(prepare(decode(body)[0]))
        if document is not None and len(document.pieces) == 1:
            compare(repeated(document)[0])
    assert dared > 400


fragments = st.sampled_from(
    [
        "<title>暴雨预警</title>",
        "<title>a &amp;lt;b&amp;gt; &lt;b&gt;x&lt;/b&gt;</title>",
        "<title type='html'>x</title>",
        "<title>玛丽·居里</title>",
        "<title>caf\u00e9</title>",
        "<title><![CDATA[<i>洪水</i> & 谣言]]></title>",
        "<title/>",
        "<link>http://a.cn/x?a=1&amp;b=2</link>",
        "<link>/x</link>",
        "<link> </link>",
        "<link href='/y'/>",
        "<guid>http://a.cn/g</guid>",
        "<guid isPermaLink='false'>g</guid>",
        "<guid isPermaLink='TRUE'>g</guid>",
        "<description>&lt;p&gt;摘要&lt;/p&gt;</description>",
        "<description/>",
        "<description>纯文本 &amp; 符号</description>",
        "<content:encoded>&lt;p&gt;全文&lt;/p&gt;</content:encoded>",
        "<pubDate>Tue, 24 Nov 2026 08:00:00 +0800</pubDate>",
        "<pubDate>2026-11-24</pubDate>",
        "<author>a@b.cn (张三)</author>",
        "<author>张三</author>",
        "<author>a@b.cn</author>",
        "<dc:creator>李四</dc:creator>",
        "<dc:date>2026-11-24T08:00:00+08:00</dc:date>",
        "<category domain='x'>灾害</category>",
        "<comments>http://a.cn/c</comments>",
        "<enclosure url='http://a.cn/a.mp3' type='Audio/MPEG' length='5'/>",
        "<enclosure url='/a.mp3'/>",
        "<enclosure/>",
        "<source url='http://b.cn/'>来源</source>",
        "<!-- 注释 --><?pi x?>",
        "文字",
        "<media:title xmlns:media='http://search.yahoo.com/mrss/'>m</media:title>",
    ]
)


@given(
    st.lists(st.lists(fragments, max_size=6).map("".join), min_size=1, max_size=3),
    st.lists(fragments, max_size=3),
)
def test_any_mixture_of_elements_reads_the_same(items: list[str], channel: list[str]) -> None:
    spaces = (
        "xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:dc='http://purl.org/dc/elements/1.1/'"
    )
    inside = "".join(channel) + "".join(f"<item>{item}</item>" for item in items)
    compare(f"<rss version='2.0' {spaces}><channel>{inside}</channel></rss>".encode())


pieces = st.sampled_from(
    [
        "<title>暴雨预警</title>",
        "<title type='html'>&lt;b&gt;x&lt;/b&gt;</title>",
        "<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>x</div></title>",
        "<id>http://a.cn/1</id>",
        "<id>urn:x</id>",
        "<id>x</id>",
        "<link href='/y'/>",
        "<link rel='alternate' type='text/html' href='http://a.cn/z'/>",
        "<link rel='self' href='/self'/>",
        "<link rel='enclosure' href='/a.mp3' length='9'/>",
        "<link rel='alternate' type='application/json' href='/j'/>",
        "<updated>2026-11-24T08:00:00+08:00</updated>",
        "<published>2026-11-24T08:00:00+08:00</published>",
        "<summary>纯 &amp; &lt;b&gt;</summary>",
        "<summary type='html'>&lt;p&gt;摘要&lt;/p&gt;</summary>",
        "<content type='html'>&lt;p&gt;全文&lt;/p&gt;</content>",
        "<content type='text'>全文</content>",
        "<content src='/x' type='text/html'/>",
        "<author><name>张三</name><email>a@b.cn</email></author>",
        "<author><email>a@b.cn</email></author>",
        "<author>张三</author>",
        "<category term='x'/>",
        "<rights>©</rights>",
        "<source><title>别处</title><id>s</id></source>",
        "<!-- 注释 -->",
    ]
)


@given(
    st.lists(st.lists(pieces, max_size=6).map("".join), min_size=1, max_size=3),
    st.lists(pieces, max_size=3),
    st.sampled_from(
        ["", " xml:lang='zh-CN'", " xml:base='https://b.cn/p/'", " xml:base='p/' xml:lang='zh_TW'"]
    ),
)
def test_any_mixture_of_atom_elements_reads_the_same(
    items: list[str], feed: list[str], attributes: str
) -> None:
    inside = "".join(feed) + "".join(f"<entry>{item}</entry>" for item in items)
    compare(f"<feed xmlns='http://www.w3.org/2005/Atom'{attributes}>{inside}</feed>".encode())
