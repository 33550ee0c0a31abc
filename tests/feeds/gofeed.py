"""Compare our reading of the gofeed corpus with the values its authors expect.

Words are compared as words: we give plain text for titles and text, so markup and entities of the expected value are resolved
the same way a browser would before comparing. Feed-level values that we do not keep (icons, clouds, ...) are not compared.
"""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from service.feeds.errors import ParseError
from service.feeds.parse import ParsedEntry, ParsedFeed, parse


@dataclass(frozen=True)
class Comparison:
    """One expected value and ours."""

    file: str
    field: str
    expected: object
    ours: object

    @property
    def equal(self) -> bool:
        return self.expected == self.ours


def comparisons(folder: Path) -> Iterator[Comparison]:
    """All comparable values of the corpus below `folder` (gofeed's `testdata`)."""
    for path in sorted(folder.rglob("*.json")):
        feed_path = _feed_of(path)
        if feed_path is None:
            continue
        expected = json.loads(path.read_bytes())
        try:
            feed = parse(feed_path.read_bytes())
        except ParseError:
            feed = None
        name = str(feed_path.relative_to(folder))
        yield from _compare(name, expected, feed)


def _feed_of(path: Path) -> Path | None:
    if path.name.endswith("_expected.json"):
        return path.with_name(path.name.replace("_expected", ""))
    xml = path.with_suffix(".xml")
    return xml if xml.exists() else None


def _compare(name: str, expected: dict[str, Any], feed: ParsedFeed | None) -> Iterator[Comparison]:
    items: list[dict[str, Any]] = expected.get("entries") or expected.get("items") or []
    ours = feed.entries if feed else ()
    yield Comparison(name, "count", len(items), len(ours))
    for key, value in (("title", feed.title if feed else ""), ("language", feed.language if feed else "")):
        if expected.get(key):
            wanted = words(expected[key]) if key == "title" else expected[key].lower()
            yield Comparison(name, f"feed.{key}", wanted, value)
    for item, entry in zip(items, ours, strict=False):
        for field, want, got in _entry(item, entry):
            yield Comparison(name, field, want, got)


def _entry(item: dict[str, Any], entry: ParsedEntry) -> Iterator[tuple[str, object, object]]:
    if "title" in item:
        yield "title", words(item["title"]), entry.title
    guid = item.get("guid") or item.get("id")
    if guid:
        yield "guid", guid["value"] if isinstance(guid, dict) else guid, entry.guid
    link = item.get("link") or item.get("url")
    if link:
        yield "url", link, entry.url
    summary = item.get("summary") or item.get("description")
    if summary:
        yield "summary", words(summary), words(entry.summary_html)
    content = item.get("content")
    value = content.get("value") if isinstance(content, dict) else content
    if value:
        yield "content", words(value), words(entry.text)
    authors = item.get("authors") or ([item["author"]] if item.get("author") else [])
    if any(map(_author, authors)):
        yield "authors", [_author(author) for author in authors], list(entry.authors)
    for field, keys in (
        ("published", ("publishedParsed", "pubDateParsed", "date_published")),
        ("updated", ("updatedParsed", "date_modified")),
    ):
        raw = next((item[key] for key in keys if item.get(key)), None)
        if raw:
            yield field, datetime.fromisoformat(raw).astimezone(UTC), getattr(entry, field)
    enclosures = item.get("enclosures") or ([item["enclosure"]] if item.get("enclosure") else [])
    if enclosures:
        yield "enclosures", [one.get("url") for one in enclosures], [one.url for one in entry.enclosures]


def _author(author: Any) -> str:
    if isinstance(author, str):
        named = re.fullmatch(r"\S+@\S+ \((.*)\)|(.*?) [(<]?\S+@\S+[)>]?", author)
        return next((group for group in named.groups() if group), author) if named else author
    return str(author.get("name") or author.get("email") or "")


def words(markup: object) -> str:
    """Text as a reader sees it, without the space between words that markup makes unclear."""
    text = re.sub(r"<[^>]*>", " ", html.unescape(str(markup)))
    return " ".join(re.sub(r"<[^>]*>", " ", html.unescape(text)).split())
