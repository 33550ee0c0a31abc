"""JSON Feed 1.0 and 1.1 to our values. Lenient about missing fields, strict about types."""

import json
import re
from collections.abc import Set
from typing import Any

import xxhash

from service.feeds.cut import LONGEST_LIST
from service.feeds.dates import iso_time
from service.feeds.errors import ParseError
from service.feeds.html import plain_text, safe_html, tidy_line, tidy_text
from service.feeds.parsed import Enclosure, ParsedEntry, ParsedFeed
from service.feeds.urls import web_url

# The specification wants an address; some publishers write only the number.
VERSION = re.compile(r"(?:https?://(?:www\.)?jsonfeed\.org/version/)?1(?:\.(?P<minor>\d))?/?")


def parse_json(text: str, base_url: str, known: Set[str], max_items: int) -> ParsedFeed:
    """The feed in `text`. ParseError when it is no JSON Feed."""
    try:
        raw = json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise ParseError("broken" if "jsonfeed.org/version" in text[:2000] else "not_a_feed") from error
    version = VERSION.fullmatch(_text(raw, "version").strip())
    items = raw.get("items") if isinstance(raw, dict) else None
    if version is None or not isinstance(items, list):
        raise ParseError("not_a_feed")
    listed = items[: max(LONGEST_LIST, max_items)]
    hashed = [(_digest(item), item) for item in listed if isinstance(item, dict)]
    fresh = [(digest, item) for digest, item in hashed if digest not in known]
    taken = fresh[:max_items]
    language = _text(raw, "language").lower() or None
    shared = _authors(raw)
    base = base_url or _text(raw, "feed_url")
    return ParsedFeed(
        kind=f"json1{version['minor'] or 0}",
        title=tidy_line(_text(raw, "title")),
        home_url=web_url(_text(raw, "home_page_url"), base),
        language=language,
        entries=tuple(_entry(item, base, language, shared) for _, item in taken),
        entry_count=len(hashed),
        entry_hashes=frozenset(digest for digest, _ in hashed if digest in known)
        | frozenset(digest for digest, _ in taken),
        more=len(fresh) > max_items,
    )


def _digest(item: dict[str, Any]) -> str:
    return xxhash.xxh3_64_hexdigest(json.dumps(item, sort_keys=True).encode())


def _entry(item: dict[str, Any], base: str, language: str | None, shared: tuple[str, ...]) -> ParsedEntry:
    content_html, content_text = _text(item, "content_html"), _text(item, "content_text")
    text = plain_text(content_html) if content_html else tidy_text(content_text)
    summary = tidy_text(_text(item, "summary"))
    return ParsedEntry(
        guid=tidy_line(_identity(item.get("id"))),
        url=web_url(_text(item, "url"), base) or web_url(_text(item, "external_url"), base),
        title=tidy_line(_text(item, "title")),
        summary_html=_escaped(summary) if summary else safe_html(content_html or _escaped(text), base),
        text=text or summary,
        authors=_authors(item) or shared,
        published=iso_time(_text(item, "date_published")),
        updated=iso_time(_text(item, "date_modified")),
        language=_text(item, "language").lower() or language,
        enclosures=_attachments(item, base),
    )


def _text(holder: Any, name: str) -> str:
    value = holder.get(name) if isinstance(holder, dict) else None
    return value if isinstance(value, str) else ""


def _identity(raw: object) -> str:
    """Ids are strings; the specification asks readers to accept numbers."""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return ""
    return str(raw)


def _authors(holder: dict[str, Any]) -> tuple[str, ...]:
    many = holder.get("authors")
    found = many if isinstance(many, list) else []
    if isinstance(holder.get("author"), dict):
        found = [*found, holder["author"]]
    names = (tidy_line(_text(author, "name") or _text(author, "url")) for author in found)
    return tuple(dict.fromkeys(name for name in names if name))[:20]


def _attachments(item: dict[str, Any], base: str) -> tuple[Enclosure, ...]:
    many = item.get("attachments")
    found = []
    for raw in many if isinstance(many, list) else []:
        url = web_url(_text(raw, "url"), base)
        size = raw.get("size_in_bytes") if isinstance(raw, dict) else None
        if url:
            fits = isinstance(size, int) and not isinstance(size, bool) and 0 <= size < 10**15
            found.append(Enclosure(url, tidy_line(_text(raw, "mime_type")) or None, size if fits else None))
    return tuple(found[:20])


def _escaped(text: str) -> str:
    return safe_html(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
