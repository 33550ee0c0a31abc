"""The three feeds: what every reader relies on, for every situation, hostile text included."""

from __future__ import annotations

import json
from calendar import timegm
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from xml.etree.ElementTree import fromstring

import feedparser
import pytest
from jsonschema import Draft202012Validator

from content.render import atom, jsonfeed, rss
from content.render.feed import FeedInfo
from content.render.told import Told
from tests.render.situations import ALL, HOUSE, a_corrected_rebuttal, a_rebuttal, a_retraction, hostile_text

A = "{http://www.w3.org/2005/Atom}"
INFO = FeedInfo(
    title="清源 宜春市",
    description="宜春市应急科普与辟谣",
    page="/",
    path="/feed.xml",
    updated=datetime(2026, 11, 24, tzinfo=UTC),
)
EVERYTHING = [make() for make in ALL]
JSON_FEED = {
    "type": "object",
    "required": ["version", "title", "items"],
    "additionalProperties": False,
    "patternProperties": {"^_[^.]+$": {"type": "object"}},
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "home_page_url": {"type": "string", "format": "uri"},
        "feed_url": {"type": "string", "format": "uri"},
        "title": {"type": "string", "minLength": 1},
        "description": {"type": "string"},
        "hubs": {
            "type": "array",
            "items": {
                "required": ["type", "url"],
                "additionalProperties": False,
                "properties": {"type": {}, "url": {}},
            },
        },
        "language": {"type": "string", "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"},
        "authors": {"type": "array", "items": {"required": ["name"]}},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "url", "title", "content_html", "date_published", "date_modified"],
                "additionalProperties": False,
                "patternProperties": {"^_[^.]+$": {"type": "object"}},
                "properties": {
                    "id": {"type": "string", "minLength": 1},
                    "url": {"type": "string", "format": "uri"},
                    "title": {"type": "string", "minLength": 1},
                    "summary": {"type": "string"},
                    "content_html": {"type": "string", "minLength": 1},
                    "date_published": {"type": "string", "format": "date-time"},
                    "date_modified": {"type": "string", "format": "date-time"},
                    "language": {"type": "string", "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"},
                    "tags": {
                        "type": "array",
                        "uniqueItems": True,
                        "items": {"type": "string", "minLength": 1},
                    },
                },
            },
        },
    },
}


def test_an_entry_has_the_same_id_in_all_three_feeds() -> None:
    wanted = [f"https://qingyuan.example.org/p/{t.public_id}" for t in EVERYTHING]
    assert [g.text for g in fromstring(rss.render(EVERYTHING, INFO, HOUSE)).iter("guid")] == wanted
    assert [
        e.findtext(f"{A}id") for e in fromstring(atom.render(EVERYTHING, INFO, HOUSE)).iter(f"{A}entry")
    ] == wanted
    assert [i["id"] for i in json.loads(jsonfeed.render(EVERYTHING, INFO, HOUSE))["items"]] == wanted


@pytest.mark.parametrize("make", ALL)
@pytest.mark.parametrize("renderer", [rss.render, atom.render])
def test_a_feed_reader_sees_title_link_time_and_text(make: Callable[[], Told], renderer: object) -> None:
    one = make()
    parsed = feedparser.parse(renderer([one], INFO, HOUSE), sanitize_html=False)  # type: ignore[operator]
    assert not parsed.bozo
    entry = parsed.entries[0]
    assert entry.link == f"https://qingyuan.example.org/p/{one.public_id}"
    assert entry.title.replace(" ", "").startswith(one.mark + one.body.title[:2])
    assert timegm(entry.published_parsed) == one.published_at.timestamp()
    assert timegm(entry.updated_parsed) == one.issued_at.timestamp()
    assert entry.content[0].value


def test_every_feed_names_the_hubs_that_are_told_of_it() -> None:
    hub = "https://hub.example.org/?a=1&b=2"
    info = replace(INFO, hubs=(hub,))
    channel = fromstring(rss.render(EVERYTHING, info, HOUSE))[0]
    for holder in (channel, fromstring(atom.render(EVERYTHING, info, HOUSE))):
        links = [(one.get("rel"), one.get("href")) for one in holder.findall(f"{A}link")]
        assert ("hub", hub) in links
        assert [rel for rel, _ in links].count("self") == 1
    feed = json.loads(jsonfeed.render(EVERYTHING, info, HOUSE))
    assert feed["hubs"] == [{"type": "WebSub", "url": hub}]
    Draft202012Validator(JSON_FEED).validate(feed)


def test_json_feed_follows_its_specification() -> None:
    feed = json.loads(jsonfeed.render(EVERYTHING, INFO, HOUSE))
    Draft202012Validator(JSON_FEED).validate(feed)
    assert all(datetime.fromisoformat(i["date_published"]).tzinfo for i in feed["items"])


@pytest.mark.parametrize("renderer", [rss.render, atom.render, jsonfeed.render])
def test_the_same_entries_give_the_same_bytes(renderer: Callable[..., bytes]) -> None:
    assert renderer(EVERYTHING, INFO, HOUSE) == renderer(EVERYTHING, INFO, HOUSE)


@pytest.mark.parametrize("renderer", [rss.render, atom.render])
def test_an_empty_feed_is_a_feed(renderer: Callable[..., bytes]) -> None:
    parsed = feedparser.parse(renderer([], INFO, HOUSE))
    assert not parsed.bozo
    assert parsed.feed.title == "清源 宜春市"


def test_rss_times_are_rfc_822_and_the_channel_time_is_the_newest_change() -> None:
    channel = fromstring(rss.render([a_rebuttal()], INFO, HOUSE)).find("channel")
    assert channel is not None
    assert parsedate_to_datetime(channel.findtext("lastBuildDate") or "") == INFO.updated
    link = channel.find(f"{A}link")
    assert link is not None
    assert link.attrib["href"] == "https://qingyuan.example.org/feed.xml"


def test_hostile_text_stays_text_in_every_feed() -> None:
    for document in (rss.render([hostile_text()], INFO, HOUSE), atom.render([hostile_text()], INFO, HOUSE)):
        fromstring(document)
        content = feedparser.parse(document, sanitize_html=False).entries[0].content[0].value
        assert "<script" not in content
        assert "<img" not in content
        assert "&lt;b&gt;" in content
    item = json.loads(jsonfeed.render([hostile_text()], INFO, HOUSE))["items"][0]
    assert "\n" not in item["title"]
    assert "\x07" not in item["title"]


@pytest.mark.parametrize("renderer", [rss.render, atom.render])
def test_a_summary_is_html_that_shows_what_was_written(renderer: Callable[..., bytes]) -> None:
    told = replace(
        hostile_text(), body=hostile_text().body.model_copy(update={"summary": "血压<b>140</b> & 以上"})
    )
    entry = feedparser.parse(renderer([told], INFO, HOUSE), sanitize_html=False).entries[0]
    assert entry.summary_detail.type == "text/html"
    assert entry.summary == "血压&lt;b&gt;140&lt;/b&gt; &amp; 以上"


@pytest.mark.parametrize("renderer", [rss.render, atom.render])
def test_the_house_itself_may_be_called_anything(renderer: Callable[..., bytes]) -> None:
    name = "科协\x00<b>\ud800\r\n&lt; Q&A"
    info = replace(INFO, title=name, description=name)
    parsed = feedparser.parse(renderer([a_rebuttal()], info, replace(HOUSE, desk=name)))
    assert not parsed.bozo
    assert parsed.feed.title == "科协 ＜b> ＆lt; Q&A"


def test_a_correction_keeps_its_id_and_says_what_was_wrong() -> None:
    before, after = a_rebuttal(), a_corrected_rebuttal()
    item = json.loads(jsonfeed.render([after], INFO, HOUSE))["items"][0]
    assert item["id"] == json.loads(jsonfeed.render([before], INFO, HOUSE))["items"][0]["id"]
    assert item["title"].startswith("【更正】")
    assert "写成了24项" in item["content_html"]
    assert item["date_modified"] > item["date_published"]


def test_a_retraction_says_why_and_repeats_nothing() -> None:
    item = json.loads(jsonfeed.render([a_retraction()], INFO, HOUSE))["items"][0]
    assert item["title"].startswith("【撤回】")
    assert "检测报告引用有误" in item["content_html"]
    assert "42项" not in item["content_html"]
    assert item["_qingyuan"]["verdict"] is None
