"""feedparser's result to our values. Its sanitiser is off (it is no guard); ours runs on every HTML field.

Does not decode, cut or follow anything. RSS 0.9x, 1.0, 2.0, Atom 0.3 and 1.0, CDF.
"""

import html
import io
import re
from datetime import datetime
from typing import Any

import feedparser
import xxhash

from service.feeds.cap_entries import embedded_alerts
from service.feeds.dates import entry_time
from service.feeds.errors import ParseError
from service.feeds.html import CONTROLS, plain_text, safe_html, tidy_line, tidy_text
from service.feeds.parsed import Enclosure, ParsedEntry, ParsedFeed
from service.feeds.plain import read_plain
from service.feeds.prepare import root_name
from service.feeds.urls import web_url

LONGEST_GUID = 1000
LONGEST_TITLE = 10_000
# feedparser looks for a libxml2 binding of the last century on every document; the standard parser is meant anyway.
feedparser.api.PREFERRED_XML_PARSERS[:] = []

FEED_ROOTS = {"rss", "feed", "rdf", "channel"}
# A feed that does not name its language is Chinese when its titles are.
HAN, KANA = re.compile("[\u4e00-\u9fff]"), re.compile("[\u3040-\u30ff]")
MOST_AUTHORS = 20
MOST_ENCLOSURES = 20
HTML_TYPES = {"text/html", "application/xhtml+xml"}
ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.I)


def parse_xml(
    text: str,
    charset: str,
    base_url: str,
    max_items: int,
    *,
    damaged: bool = False,
    entry_count: int | None = None,
    entry_hashes: frozenset[str] = frozenset(),
    more: bool = False,
) -> ParsedFeed:
    """The feed in `text`, at most `max_items` entries. ParseError when it is none."""
    result = read_plain(text, base_url) or read_any(text, base_url)
    entries: list[Any] = result["entries"]
    if not entries and not result.get("version") and root_name(text) not in FEED_ROOTS:
        raise ParseError("not_a_feed")
    if not entries and damaged:
        raise ParseError("broken")
    feed = result["feed"]
    language = _language(feed.get("language"))
    taken = entries[:max_items]
    alerts = embedded_alerts(text, len(entries))
    parsed = tuple(
        _entry(entry, alert, base_url, language) for entry, alert in zip(taken, alerts, strict=False)
    )
    return ParsedFeed(
        kind=result.get("version") or "unknown",
        title=_line(feed, "title"),
        home_url=web_url(feed.get("link"), base_url),
        language=language,
        charset=charset,
        entries=parsed,
        entry_count=len(entries) if entry_count is None else entry_count,
        entry_hashes=entry_hashes,
        more=more,
        damaged=damaged,
        weak_guids=_weak_guids(parsed),
    )


def read_any(text: str, base_url: str) -> Any:
    """feedparser's result."""
    headers = {"content-type": "application/xml; charset=utf-8"}
    if base_url:
        headers["content-location"] = base_url
    body = io.BytesIO(text.encode("utf-8", "replace"))
    return feedparser.parse(body, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)


def _entry(entry: Any, alert: str | None, base_url: str, language: str | None) -> ParsedEntry:
    title = _line(entry, "title")
    chinese = language.startswith("zh") if language else bool(HAN.search(title)) and not KANA.search(title)
    summary, text = _words(entry, base_url)
    own = _language(_detail(entry, "title").get("language") or _detail(entry, "summary").get("language"))
    url = web_url(_get(entry, "link"), base_url)
    # RSS 1.0 and early Atom know one date only, and feedparser files it under `updated`.
    published, created, updated = (
        _time(entry, name, chinese) for name in ("published", "created", "updated")
    )
    return ParsedEntry(
        guid=_guid(str(_get(entry, "id") or "")),
        url=url,
        title=title,
        summary_html=summary,
        text=text,
        authors=_authors(entry),
        published=published or created or updated,
        updated=updated,
        language=own or language,
        enclosures=_enclosures(entry, base_url),
        cap=alert,
    )


def _time(entry: Any, name: str, chinese: bool) -> datetime | None:
    return entry_time(_get(entry, name), _get(entry, f"{name}_parsed"), chinese)


def _guid(raw: str) -> str:
    """An id is nobody's text: kept as it is, unless it is absurdly long."""
    guid = " ".join(CONTROLS.sub("", raw).split())
    if len(guid) <= LONGEST_GUID:
        return guid
    return f"hash:{xxhash.xxh3_128_hexdigest(guid.encode('utf-8', 'replace'))}"


def _get(entry: Any, name: str) -> Any:
    """The field itself: feedparser answers for `updated` with `published` when asked the usual way."""
    return dict.get(entry, name)


def _detail(entry: Any, name: str) -> Any:
    return _get(entry, f"{name}_detail") or {}


def _line(holder: Any, name: str) -> str:
    """A title: HTML where the feed says so or where RSS means it by habit, words in the end."""
    raw = str(dict.get(holder, name) or "")[:LONGEST_TITLE]
    kind = (dict.get(holder, f"{name}_detail") or {}).get("type")
    if kind in HTML_TYPES:
        return tidy_line(plain_text(raw))
    # RSS titles are often escaped twice: `AT&amp;amp;T`.
    return tidy_line(html.unescape(raw) if ENTITY.search(raw) else raw)


def _words(entry: Any, base_url: str) -> tuple[str, str]:
    """The summary as safe HTML, and the longest account of the entry as plain text."""
    summary = _html(_get(entry, "summary"), _detail(entry, "summary").get("type"), base_url)
    contents = [
        (str(part.get("value") or ""), part.get("type"))
        for part in (_get(entry, "content") or [])
        if isinstance(part, dict)
    ]
    texts = [_plain(value, kind) for value, kind in contents]
    texts.append(plain_text(summary))
    if not summary and contents:
        summary = _html(*contents[0], base_url)
    return summary, max(texts, key=len)


def _html(value: Any, kind: str | None, base_url: str) -> str:
    value = str(value or "")
    if kind == "text/plain" and "<" in value:
        value = html.escape(value, quote=False)
    return safe_html(value, base_url)


def _plain(value: str, kind: str | None) -> str:
    return tidy_text(value) if kind == "text/plain" else plain_text(value)


def _authors(entry: Any) -> tuple[str, ...]:
    names = [
        tidy_line(str(author.get("name") or author.get("email") or ""))
        for author in (_get(entry, "authors") or [])
        if isinstance(author, dict)
    ]
    if not any(names) and _get(entry, "author"):
        names = [tidy_line(str(_get(entry, "author")))]
    return tuple(dict.fromkeys(name for name in names if name))[:MOST_AUTHORS]


def _enclosures(entry: Any, base_url: str) -> tuple[Enclosure, ...]:
    found: dict[str, Enclosure] = {}
    for raw in (_get(entry, "links") or []) + (_get(entry, "enclosures") or []):
        if raw.get("rel") != "enclosure":
            continue
        url = web_url(raw.get("href") or raw.get("url"), base_url)
        if url and url not in found:
            length = str(raw.get("length") or "")
            found[url] = Enclosure(
                url=url,
                type=tidy_line(str(raw.get("type") or "")) or None,
                length=int(length) if length.isascii() and length.isdigit() and len(length) < 15 else None,
            )
    return tuple(found.values())[:MOST_ENCLOSURES]


def _language(raw: object) -> str | None:
    tag = str(raw or "").strip().replace("_", "-").lower()
    return tag if re.fullmatch(r"[a-z]{2,8}(?:-[a-z0-9]{1,8}){0,4}", tag) else None


def _weak_guids(entries: tuple[ParsedEntry, ...]) -> bool:
    """Whether one guid stands for several addresses: then it is no identity."""
    seen: dict[str, str] = {}
    return any(entry.guid and seen.setdefault(entry.guid, entry.url) != entry.url for entry in entries)
