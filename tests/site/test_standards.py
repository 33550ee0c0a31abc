"""A site with three hundred publications, corrections, tombstones and hostile text keeps to the formats' specifications.

The rules are those that the W3C's feed validator tells errors by: what must be there, how often, in which spelling.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, fromstring

import feedparser
import pytest
from jsonschema import Draft202012Validator

from content.render import claimreview
from service.channels import websub
from tests.render.situations import HOUSE
from tests.render.test_feeds import JSON_FEED
from tests.site.three_hundred import exported_sources, pieces, site

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
RSS_CHANNEL = {
    *("title", "link", "description", "language", "lastBuildDate", "pubDate", "generator", "docs", "ttl"),
    *("managingEditor", "webMaster", "copyright", "category", "image", "item"),
}
RSS_ITEM = {"title", "link", "description", "author", "category", "comments", "enclosure", "guid", "pubDate"}
RSS_ITEM |= {"source"}
ATOM_FEED = {*("id", "title", "updated", "author", "link", "category", "contributor", "generator", "icon")}
ATOM_FEED |= {"logo", "rights", "subtitle", "entry"}
ATOM_ENTRY = {
    *("id", "title", "updated", "author", "link", "category", "content", "contributor", "published")
}
ATOM_ENTRY |= {"rights", "source", "summary"}
OPML_HEAD = {"title", "dateCreated", "dateModified", "ownerName", "ownerEmail", "ownerId", "expansionState"}
OPML_OUTLINE = {
    "text",
    "title",
    "type",
    "xmlUrl",
    "htmlUrl",
    "description",
    "language",
    "version",
    "category",
}
RATING = {
    "required": ["@type", "alternateName", "ratingValue", "bestRating", "worstRating"],
    "properties": {
        "@type": {"const": "Rating"},
        "alternateName": {"type": "string", "minLength": 1},
        **{name: {"type": "integer"} for name in ("ratingValue", "bestRating", "worstRating")},
    },
}
CLAIM_REVIEW = {
    "required": [
        "@context",
        "@type",
        "url",
        "claimReviewed",
        "datePublished",
        "author",
        "reviewRating",
        "itemReviewed",
    ],
    "properties": {
        "@context": {"const": "https://schema.org"},
        "@type": {"const": "ClaimReview"},
        "claimReviewed": {"type": "string", "minLength": 1},
        "datePublished": {"pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+Z]"},
        "author": {
            "required": ["@type", "name", "url"],
            "properties": {"@type": {"const": "Organization"}, "name": {"type": "string", "minLength": 1}},
        },
        "reviewRating": RATING,
        "itemReviewed": {"required": ["@type", "name"], "properties": {"@type": {"const": "Claim"}}},
        "correction": {"type": "array", "items": {"required": ["@type", "text", "datePublished"]}},
    },
}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
MARKUP = re.compile(r"<[/!?a-zA-Z]|&#?\w+;")
RFC822 = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} (?:GMT|[+-]\d{4})"
)
RFC3339 = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})")
TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def feeds(name: str) -> list[tuple[str, bytes]]:
    found = [(path, body) for path, body in site().items() if path.endswith(name)]
    assert found
    return found


class Fragment(HTMLParser):
    """What a feed validator complains of in content: scripts, styles, relative addresses, event handlers."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag in ("script", "style", "iframe", "object", "embed", "meta", "link", "form", "base"):
            self.wrong.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.wrong.append(name)
            if name in ("href", "src") and not absolute(value or ""):
                self.wrong.append(f"{name}={value}")


def absolute(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not re.search(r"[\s<>\"]", url)


def wrong_in(html: str) -> list[str]:
    reader = Fragment()
    reader.feed(html)
    return reader.wrong


def tags_in(html: str) -> list[str]:
    reader = Fragment()
    reader.feed(html)
    return reader.tags


def local(element: Element) -> Iterator[Element]:
    return (child for child in element if not child.tag.startswith("{"))


def once(element: Element, *names: str) -> None:
    for name in names:
        assert len(element.findall(name)) == 1, f"{element.tag}: {name}"
        assert (element.findtext(name) or "").strip() or name.endswith("link"), name


def rfc822(text: str | None) -> None:
    assert text
    assert RFC822.fullmatch(text), text
    assert parsedate_to_datetime(text).strftime("%a") == text[:3]


def test_every_rss_feed_keeps_to_rss_2() -> None:
    for path, body in feeds("feed.xml"):
        root = fromstring(body)
        assert (root.tag, root.get("version"), len(root)) == ("rss", "2.0", 1), path
        channel = root[0]
        once(channel, "title", "link", "description", "language", "lastBuildDate")
        assert {child.tag for child in local(channel)} <= RSS_CHANNEL
        assert absolute(channel.findtext("link") or "")
        assert TAG.fullmatch(channel.findtext("language") or "")
        rfc822(channel.findtext("lastBuildDate"))
        own = [link.get("href") for link in channel.findall(f"{ATOM}link") if link.get("rel") == "self"]
        assert own == [HOUSE.base_url + path]
        guids = [item.findtext("guid") for item in channel.iter("item")]
        assert len(guids) == len(set(guids)) <= 50
        for item in channel.iter("item"):
            assert {child.tag for child in local(item)} <= RSS_ITEM
            once(item, "title", "link", "guid", "pubDate")
            rfc822(item.findtext("pubDate"))
            assert absolute(item.findtext("link") or "")
            assert not MARKUP.search(item.findtext("title") or "")
            assert not tags_in(item.findtext("description") or "")
            guid = item.find("guid")
            assert guid is not None
            assert guid.get("isPermaLink") == "false" or absolute(guid.text or "")
            assert not wrong_in(item.findtext(f"{CONTENT}encoded") or item.findtext("description") or "")


@pytest.mark.parametrize("name", ["atom.xml", "cap.xml"])
def test_every_atom_feed_keeps_to_rfc_4287(name: str) -> None:
    for path, body in feeds(name):
        root = fromstring(body)
        assert (root.tag, root.get(LANG)) == (f"{ATOM}feed", "zh-CN"), path
        once(root, f"{ATOM}id", f"{ATOM}title", f"{ATOM}updated")
        known = {f"{ATOM}{n}" for n in ATOM_FEED}
        assert {child.tag for child in root if child.tag.startswith(ATOM)} <= known
        assert [x.get("href") for x in root.findall(f"{ATOM}link") if x.get("rel") == "self"] == [
            HOUSE.base_url + path
        ]
        entries = root.findall(f"{ATOM}entry")
        ids = [entry.findtext(f"{ATOM}id") for entry in entries]
        assert len(ids) == len(set(ids)) <= 50
        for entry in entries:
            once(entry, f"{ATOM}id", f"{ATOM}title", f"{ATOM}updated")
            assert {e.tag for e in entry if e.tag.startswith(ATOM)} <= {f"{ATOM}{n}" for n in ATOM_ENTRY}
            assert (
                entry.find(f"{ATOM}author/{ATOM}name") is not None or root.find(f"{ATOM}author") is not None
            )
            for stamp in ("updated", "published"):
                text = entry.findtext(f"{ATOM}{stamp}")
                assert text is None or (RFC3339.fullmatch(text) and datetime.fromisoformat(text)), text
            alternates = [x for x in entry.findall(f"{ATOM}link") if x.get("rel", "alternate") == "alternate"]
            kinds = [(x.get("type"), x.get("hreflang")) for x in alternates]
            assert len(kinds) == len(set(kinds))
            assert all(absolute(x.get("href") or "") for x in entry.findall(f"{ATOM}link"))
            assert alternates or entry.find(f"{ATOM}content") is not None
            assert not MARKUP.search(entry.findtext(f"{ATOM}title") or "")
            summary = entry.find(f"{ATOM}summary")
            assert summary is not None
            assert summary.get("type", "text") == "text" or not tags_in(summary.text or "")
            content = entry.find(f"{ATOM}content")
            if content is not None and content.get("type") == "html":
                assert not wrong_in(content.text or "")


def test_every_json_feed_keeps_to_version_1_1() -> None:
    check = Draft202012Validator(JSON_FEED)
    for path, body in feeds("feed.json"):
        found = json.loads(body)
        check.validate(found)
        assert found["feed_url"] == HOUSE.base_url + path
        ids = [item["id"] for item in found["items"]]
        assert len(ids) == len(set(ids))
        for item in found["items"]:
            assert RFC3339.fullmatch(item["date_published"])
            assert RFC3339.fullmatch(item["date_modified"])
            assert absolute(item["url"])
            assert not wrong_in(item["content_html"])


def test_every_claim_review_has_the_required_fields() -> None:
    check = Draft202012Validator(CLAIM_REVIEW, format_checker=Draft202012Validator.FORMAT_CHECKER)
    reviews = [review for one in pieces() if (review := claimreview.render(one, HOUSE)) is not None]
    assert len(reviews) == sum(bool(one.body.claim) and not one.retracted for one in pieces()) > 100
    for review in reviews:
        check.validate(review)
        assert absolute(review["url"])
        rating = review["reviewRating"]
        assert rating["worstRating"] <= rating["ratingValue"] <= rating["bestRating"]


def test_the_feeds_that_a_hub_is_told_of_name_it_and_no_others_do() -> None:
    told = sorted(path for path, body in site().items() if b"https://hub.example.org/ping" in body)
    assert told == sorted(f"/{name}" for name in websub.FEEDS)


def test_the_list_of_feeds_is_opml_2_and_names_every_rss_feed() -> None:
    (body,) = [body for _, body in feeds(".opml")]
    root = fromstring(body)
    assert (root.tag, root.get("version"), [child.tag for child in root]) == ("opml", "2.0", ["head", "body"])
    once(root[0], "title", "dateModified", "ownerName")
    assert {child.tag for child in root[0]} <= OPML_HEAD
    rfc822(root[0].findtext("dateModified"))
    outlines = list(root[1])
    assert {o.get("xmlUrl") for o in outlines} == {HOUSE.base_url + path for path, _ in feeds("feed.xml")}
    for outline in outlines:
        assert outline.tag == "outline"
        assert outline.get("text")
        assert set(outline.keys()) <= OPML_OUTLINE
        assert (outline.get("type"), outline.get("version")) == ("rss", "RSS2")
        assert absolute(outline.get("htmlUrl") or "")


def test_the_exported_list_of_sources_is_opml_2() -> None:
    root = fromstring(exported_sources())
    assert (root.tag, root.get("version"), [child.tag for child in root]) == ("opml", "2.0", ["head", "body"])
    assert {child.tag for child in root[0]} <= OPML_HEAD
    outlines = list(root.iter("outline"))
    assert all(o.get("text") and set(o.keys()) <= OPML_OUTLINE for o in outlines)
    assert sum(o.get("type") == "rss" and absolute(o.get("xmlUrl") or "") for o in outlines) == 3


def test_a_reader_of_feeds_finds_nothing_to_complain_of() -> None:
    for path, body in (*feeds("feed.xml"), *feeds("atom.xml"), *feeds("cap.xml")):
        found = feedparser.parse(body)
        assert not found.bozo, (path, found.get("bozo_exception"))
        assert found.version in ("rss20", "atom10")


def test_the_site_has_every_feed_for_counties_audiences_and_topics() -> None:
    assert len(feeds("feed.xml")) == len(feeds("atom.xml")) == len(feeds("feed.json")) > 20
    assert Path(feeds("feed.xml")[0][0]).name == "feed.xml"
