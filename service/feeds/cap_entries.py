"""CAP alerts as feed entries: a bare alert document, an EDXL envelope of alerts, or alerts inside the entries of a feed.

Keeps each alert's raw XML for the later stages. A test or exercise is an entry too; what it may not become is theirs to say.
"""

import html
import re
from collections.abc import Set
from xml.etree.ElementTree import Element

import xxhash

from service.feeds.cap import alert_elements, aware_time, child_text, parse_tree, raw_alert
from service.feeds.errors import CapError, ParseError
from service.feeds.html import safe_html, tidy_line, tidy_text
from service.feeds.parsed import ParsedEntry, ParsedFeed
from service.feeds.prepare import CAP_NAMESPACE
from service.feeds.urls import web_url

ROOTS = {"alert": "cap", "edxldistribution": "edxl"}
ENTRY_NAMES = {"entry", "item"}
VERSION = re.compile(re.escape(CAP_NAMESPACE) + r"([12])")


def is_cap(text: str, root: str) -> bool:
    """Whether the document is an alert or an envelope made for alerts."""
    return root in ROOTS and CAP_NAMESPACE in text


def parse_alerts(text: str, root: str, charset: str, known: Set[str]) -> ParsedFeed:
    """The alerts of a CAP or EDXL document; ParseError when it has none that can be read."""
    try:
        elements = alert_elements(parse_tree(text))
    except CapError as error:
        raise ParseError("broken", str(error)) from error
    if not elements:
        raise ParseError("not_a_feed")
    hashed = [(xxhash.xxh3_64_hexdigest(raw.encode()), raw) for raw in map(raw_alert, elements)]
    version = VERSION.search(text)
    return ParsedFeed(
        kind=f"{ROOTS[root]}1{version[1]}" if version else ROOTS[root],
        title=tidy_line(child_text(elements[0], "sender")),
        charset=charset,
        entries=tuple(
            _entry(raw, element)
            for (digest, raw), element in zip(hashed, elements, strict=True)
            if digest not in known
        ),
        entry_count=len(hashed),
        entry_hashes=frozenset(digest for digest, _ in hashed),
    )


def embedded_alerts(text: str, count: int) -> tuple[str | None, ...]:
    """The raw alert inside each of the `count` entries of a feed, in order; None where there is none."""
    nothing = (None,) * count
    if CAP_NAMESPACE not in text or "alert" not in text:
        return nothing
    try:
        tree = parse_tree(text)
    except CapError:
        return nothing
    entries = [element for element in tree.iter() if element.tag.rpartition("}")[2] in ENTRY_NAMES]
    if len(entries) != count:
        return nothing
    return tuple(_first_alert(entry) for entry in entries)


def _first_alert(entry: Element) -> str | None:
    found = alert_elements(entry)
    return raw_alert(found[0]) if found else None


def _entry(raw: str, alert: Element) -> ParsedEntry:
    """An alert as an entry, also one that lacks what the standard requires: a warning is not lost over a formality."""
    info = _preferred(alert)
    words = tidy_text("\n".join(filter(None, (_of(info, "description"), _of(info, "instruction")))))
    sent = aware_time(child_text(alert, "sent"))
    title = (
        _of(info, "headline")
        or _of(info, "event")
        or child_text(alert, "note")
        or child_text(alert, "msgType")
    )
    return ParsedEntry(
        guid=tidy_line(child_text(alert, "identifier")),
        url=web_url(_of(info, "web")),
        title=tidy_line(title),
        summary_html=safe_html(html.escape(words, quote=False)),
        text=words,
        authors=tuple(filter(None, (tidy_line(_of(info, "senderName") or child_text(alert, "sender")),))),
        published=sent,
        updated=sent,
        language=_of(info, "language").lower() or None,
        cap=raw,
    )


def _of(info: Element | None, name: str) -> str:
    return child_text(info, name) if info is not None else ""


def _preferred(alert: Element) -> Element | None:
    """The Chinese account if there is one, else the first."""
    infos = [child for child in alert if child.tag.rpartition("}")[2] == "info"]
    chinese = [info for info in infos if child_text(info, "language").lower().startswith("zh")]
    return next(iter(chinese or infos), None)
