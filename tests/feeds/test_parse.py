"""Documents of every dialect become the same plain values."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.feeds.cap import parse_cap
from service.feeds.errors import CapError, ParseError
from service.feeds.parse import Enclosure, ParsedEntry, ParsedFeed, parse
from tests.feeds.samples import CAP, STORIES, atom, rss

EIGHT_IN_BEIJING = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)


def entry_of(
    item: str, *, language: str = "zh-cn", base: str = "https://news.example.cn/feed"
) -> ParsedEntry:
    """The only entry of an RSS feed with this item."""
    body = "<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/' "
    body += "xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel>"
    body += f"<language>{language}</language><item>{item}</item></channel></rss>"
    (entry,) = parse(body.encode(), base_url=base).entries
    return entry


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "gb2312", "utf-16"])
def test_rss_and_atom_give_the_same_stories(encoding: str) -> None:
    for feed in (parse(rss(encoding=encoding)), parse(atom(encoding=encoding))):
        assert [(entry.guid.removeprefix("urn:"), entry.title, entry.text) for entry in feed.entries] == list(
            STORIES
        )
        assert {entry.url for entry in feed.entries} == {
            f"https://news.example.cn/s/{guid}" for guid, _, _ in STORIES
        }
        assert {entry.published for entry in feed.entries} == {EIGHT_IN_BEIJING}
        assert (feed.title, feed.language) == ("宜春新闻", "zh-cn")


def test_json_feed_gives_the_same_stories() -> None:
    for version in ("https://jsonfeed.org/version/1", "https://jsonfeed.org/version/1.1", "1.1"):
        raw = {
            "version": version,
            "title": "宜春新闻",
            "language": "zh-CN",
            "authors": [{"name": "编辑部"}],
            "items": [
                {
                    "id": guid,
                    "url": f"/s/{guid}",
                    "title": title,
                    "content_html": f"<p>{text}<script>x</script></p>",
                    "date_published": "2026-11-24T08:00:00+08:00",
                    "attachments": [{"url": "/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 9}],
                }
                for guid, title, text in STORIES
            ],
        }
        feed = parse(json.dumps(raw).encode(), base_url="https://news.example.cn/feed.json")
        assert [(entry.guid, entry.title, entry.text) for entry in feed.entries] == list(STORIES)
        first = feed.entries[0]
        assert first.authors == ("编辑部",)
        assert first.published == EIGHT_IN_BEIJING
        assert first.enclosures == (Enclosure("https://news.example.cn/a.mp3", "audio/mpeg", 9),)
        assert first.summary_html == f"<p>{STORIES[0][2]}</p>"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"hello",
        b"<!doctype html><title>login</title><h1>Please log in</h1>",
        "<html><head><title>请登录</title></head></html>".encode("gbk"),
        b"{}",
        b'{"version": "https://jsonfeed.org/version/1.1"}',
        b"[1, 2]",
        b"<opml version='2.0'><body/></opml>",
        b"<kml xmlns='http://www.opengis.net/kml/2.2'/>",
        b"\x89PNG\r\n\x1a\n" + bytes(100),
    ],
)
def test_what_is_no_feed_says_so(body: bytes) -> None:
    with pytest.raises(ParseError) as caught:
        parse(body)
    assert caught.value.kind == "not_a_feed"


def test_a_feed_cut_inside_a_story_gives_what_is_there_and_says_that_it_is_damaged() -> None:
    body = rss()
    feed = parse(body[: body.index("樟树".encode()) + 2])
    assert [entry.guid for entry in feed.entries][:2] == ["g1", "g2"]
    assert feed.damaged
    assert not parse(body).damaged


def test_a_feed_cut_before_its_first_story_is_broken() -> None:
    with pytest.raises(ParseError) as caught:
        parse(b"<?xml version='1.0'?><rss version='2.0'><channel><title>abc")
    assert caught.value.kind == "broken"


def test_an_empty_feed_is_a_feed() -> None:
    assert parse(rss(stories=())).entries == ()


@pytest.mark.parametrize(
    ("item", "title"),
    [
        ("<title>AT&amp;amp;T 与 &lt;b&gt;暴雨&lt;/b&gt;</title>", "AT&T 与 暴雨"),
        ("<title><![CDATA[洪水 & 谣言]]></title>", "洪水 & 谣言"),
        ("<title>预警 &lt;橙色&gt;</title>", "预警 <橙色>"),
        ("<title>&lt;img src=x onerror=alert(1)&gt;标题</title>", "标题"),
        ("<title>  多\n 行\t标题 </title>", "多 行 标题"),
        ("<description>没有标题的一句话。</description>", ""),
    ],
)
def test_titles_are_plain_text(item: str, title: str) -> None:
    assert entry_of(item).title == title


@pytest.mark.parametrize(
    "date",
    [
        "Tue, 24 Nov 2026 08:00:00 +0800",
        "Tue, 24 Nov 2026 08:00:00 CST",
        "2026-11-24T08:00:00+08:00",
        "2026-11-24 08:00:00",
        "2026/11/24 8:00",
        "2026年11月24日 08:00",
        "2026年11月24日 上午8点",
        "Tue, 24 Nov 2026 00:00:00 GMT",
        "2026-11-24T00:00:00Z",
    ],
)
def test_dates_of_chinese_publishers_are_beijing_time(date: str) -> None:
    assert entry_of(f"<title>x</title><pubDate>{date}</pubDate>").published == EIGHT_IN_BEIJING


@pytest.mark.parametrize(
    ("title", "hour"),
    [("暴雨橙色预警", 0), ("Storm warning", 8), ("大雨のお知らせ", 8)],
    ids=["chinese", "english", "japanese"],
)
def test_a_feed_that_names_no_language_is_chinese_when_its_title_is(title: str, hour: int) -> None:
    entry = entry_of(f"<title>{title}</title><pubDate>2026-11-24 08:00:00</pubDate>", language="")
    assert entry.published == datetime(2026, 11, 24, hour, 0, tzinfo=UTC)


def test_cst_is_chicago_elsewhere() -> None:
    item = "<title>x</title><pubDate>Tue, 24 Nov 2026 08:00:00 CST</pubDate>"
    assert entry_of(item, language="en-us").published == datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize("date", ["", "yesterday", "0000-00-00", "9999-99-99 99:99", "1" * 5000])
def test_dates_that_are_none_are_null(date: str) -> None:
    assert entry_of(f"<title>x</title><pubDate>{date}</pubDate>").published is None


def test_the_longest_account_is_the_text_and_the_summary_stays_short() -> None:
    entry = entry_of(
        "<title>x</title><description>摘要</description>"
        "<content:encoded><![CDATA[<p>全文第一段</p><p>全文第二段</p>]]></content:encoded>"
    )
    assert (entry.summary_html, entry.text) == ("摘要", "全文第一段\n全文第二段")


def test_only_web_addresses_survive() -> None:
    entry = entry_of(
        "<title>x</title><link>javascript:alert(1)</link><enclosure url='file:///etc/passwd' length='1' type='a/b'/>"
        "<enclosure url='/a.mp3' length='-1' type='audio/mpeg'/>"
        "<description>&lt;a href='data:text/html,x'&gt;y&lt;/a&gt;</description>"
    )
    assert entry.url == ""
    assert entry.enclosures == (Enclosure("https://news.example.cn/a.mp3", "audio/mpeg", None),)
    assert "data:" not in entry.summary_html


def test_authors_are_names() -> None:
    entry = entry_of("<title>x</title><author>a@b.cn (张三)</author><dc:creator>李四</dc:creator>")
    assert "李四" in entry.authors or "张三" in entry.authors
    assert not any("@" in name for name in entry.authors)


def test_one_guid_for_several_stories_is_noticed() -> None:
    body = rss().replace(b"'false'>g2<", b"'false'>g1<")
    assert parse(body).weak_guids
    assert not parse(rss()).weak_guids


def test_values_survive_the_pipe() -> None:
    for body in (rss(), atom(), CAP.encode()):
        feed = parse(body)
        assert ParsedFeed.from_json(json.loads(json.dumps(feed.to_json()))) == feed


def test_a_cap_alert_is_one_entry_and_keeps_its_document() -> None:
    feed = parse(CAP.encode())
    (entry,) = feed.entries
    assert feed.kind == "cap12"
    assert entry.title == "宜春市气象台发布暴雨橙色预警信号"
    assert entry.text.endswith("请停止户外活动，远离山洪沟口。")
    assert entry.published == EIGHT_IN_BEIJING
    assert entry.cap is not None
    alert = parse_cap(entry.cap)
    assert (alert.identifier, alert.message_type) == ("36090041600000_20261124080000_1", "Update")
    assert alert.references == (
        ("宜春市气象局", "36090041600000_20261124060000_1", "2026-11-24T06:00:00+08:00"),
    )
    (info,) = alert.infos
    assert (info.severity, info.sender_name, info.event) == ("Severe", "宜春市气象台", "暴雨")
    assert info.expires == datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
    assert info.areas[0].geocodes == (("GB/T2260", "360902"), ("GB/T2260", "360922"))


def test_an_alert_inside_a_feed_entry_is_kept_with_its_entry() -> None:
    alert = CAP.partition("?>")[2].strip()
    body = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>预警</title><entry><id>1</id><title>普通消息</title></entry>"
        f"<entry><id>2</id><title>预警</title><content type='text/xml'>{alert}</content></entry></feed>"
    )
    first, second = parse(body.encode()).entries
    assert first.cap is None
    assert second.cap is not None
    assert parse_cap(second.cap).sender == "宜春市气象局"


def test_an_incomplete_alert_is_an_entry_but_no_cap_alert() -> None:
    body = CAP.replace("<scope>Public</scope>", "")
    (entry,) = parse(body.encode()).entries
    assert entry.title == "宜春市气象台发布暴雨橙色预警信号"
    with pytest.raises(CapError):
        parse_cap(body)


@pytest.mark.parametrize(
    "change",
    [
        ("<status>Actual</status>", "<status>Maybe</status>"),
        ("<msgType>Update</msgType>", ""),
        ("2026-11-24T08:00:00+08:00</sent>", "2026-11-24T08:00:00</sent>"),
        ("<alert ", "<!DOCTYPE alert [<!ENTITY x 'y'>]><alert "),
        ("cap:1.2", "cap:9.9"),
    ],
)
def test_what_the_standard_requires_is_required_of_an_alert(change: tuple[str, str]) -> None:
    with pytest.raises(CapError):
        parse_cap(CAP.replace(*change))


@pytest.mark.parametrize(
    "bomb",
    [
        b"<!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]><rss><channel><item>"
        b"<title>&b;</title></item></channel></rss>",
        b"<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss><channel><item><title>&x;</title></item></channel></rss>",
    ],
)
def test_entities_of_the_document_are_not_expanded_into_secrets(bomb: bytes) -> None:
    try:
        titles = [entry.title for entry in parse(bomb).entries]
    except ParseError:
        titles = []
    assert not any("root:" in title or len(title) > 200 for title in titles)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.binary(max_size=200), st.integers(0, 3))
def test_no_bytes_make_the_parser_raise_anything_but_its_own_error(noise: bytes, shape: int) -> None:
    whole = rss()
    cut = len(noise) * 7 % len(whole)
    body = (
        noise,
        whole[:cut] + noise + whole[cut:],
        whole[:cut] + noise,
        b'{"version":"1.1","items":[' + noise,
    )[shape]
    try:
        feed = parse(body)
    except ParseError:
        return
    assert all(isinstance(entry, ParsedEntry) for entry in feed.entries)
