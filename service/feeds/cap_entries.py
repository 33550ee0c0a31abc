"""CAP alerts as feed entries: a bare alert document, an EDXL envelope of alerts, or alerts inside the entries of a feed.

Keeps each alert's raw XML for the later stages. A test or exercise is an entry too; what it may not become is theirs to say.
"""

import re
from collections.abc import Set
from xml.etree.ElementTree import Element

import xxhash

from service.feeds.cap import CapAlert, CapInfo, alert_elements, parse_cap, parse_tree, raw_alert
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
        found = [(raw := raw_alert(element), parse_cap(raw)) for element in alert_elements(parse_tree(text))]
    except CapError as error:
        raise ParseError("broken", str(error)) from error
    if not found:
        raise ParseError("not_a_feed")
    hashed = [(xxhash.xxh3_64_hexdigest(raw.encode()), raw, alert) for raw, alert in found]
    version = VERSION.search(text)
    return ParsedFeed(
        kind=f"{ROOTS[root]}1{version[1]}" if version else ROOTS[root],
        title=tidy_line(found[0][1].sender),
        charset=charset,
        entries=tuple(_entry(raw, alert) for digest, raw, alert in hashed if digest not in known),
        entry_count=len(hashed),
        entry_hashes=frozenset(digest for digest, _, _ in hashed),
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


def _entry(raw: str, alert: CapAlert) -> ParsedEntry:
    info = _preferred(alert)
    words = (
        tidy_text("\n".join(part for part in (info.description, info.instruction) if part)) if info else ""
    )
    escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return ParsedEntry(
        guid=tidy_line(alert.identifier),
        url=web_url(info.web) if info else "",
        title=tidy_line((info.headline or info.event) if info else alert.note or alert.message_type),
        summary_html=safe_html(escaped),
        text=words,
        authors=tuple(filter(None, (tidy_line((info.sender_name if info else "") or alert.sender),))),
        published=alert.sent,
        updated=alert.sent,
        language=info.language.lower() if info else None,
        cap=raw,
    )


def _preferred(alert: CapAlert) -> CapInfo | None:
    """The Chinese account if there is one, else the first."""
    for info in alert.infos:
        if info.language.lower().startswith("zh"):
            return info
    return alert.infos[0] if alert.infos else None
