"""Parse one document: bytes to entries. Pure, but not safe to call on strangers' bytes outside the killable child.

    bytes
    | decode     text
    | prepare    text a strict parser accepts; JSON Feed and CAP alerts leave here
    | cut        only entries whose hash is not known
    | feedparser → ParsedFeed

Gives the same entries as parsing the whole document and leaving out the known ones. Raises ParseError, nothing else.
"""

from collections.abc import Set

from service.feeds.cap_entries import is_cap, parse_alerts
from service.feeds.cut import cut
from service.feeds.decode import decode
from service.feeds.errors import ParseError
from service.feeds.jsonfeed import parse_json
from service.feeds.mapping import parse_xml
from service.feeds.parsed import Enclosure, ParsedEntry, ParsedFeed
from service.feeds.prepare import is_cut_off, is_html, prepare, root_name

__all__ = ["Enclosure", "ParsedEntry", "ParsedFeed", "parse"]


def parse(
    body: bytes,
    content_type: str | None = None,
    base_url: str = "",
    known: Set[str] = frozenset(),
    max_items: int = 200,
) -> ParsedFeed:
    """The feed in `body`; entries whose hash is in `known` are left out.

    When nothing is left, the envelope is not read either: kind, title and language are empty.
    """
    try:
        return _parse(body, content_type, base_url, known, max_items)
    except (ParseError, MemoryError):
        raise
    except Exception as error:  # whatever a parser library stumbles over is this document's fault
        raise ParseError("parse_failed") from error


def _parse(
    body: bytes, content_type: str | None, base_url: str, known: Set[str], max_items: int
) -> ParsedFeed:
    raw, charset = decode(body, content_type)
    text = prepare(raw)
    root = root_name(text)
    if root == "json":
        return parse_json(text, base_url, known, max_items)
    if not root or is_html(text):
        raise ParseError("not_a_feed")
    if is_cap(text, root):
        return parse_alerts(text, root, charset, known)
    pieces = cut(text)
    if pieces is None:
        return parse_xml(text, charset, base_url, max_items, damaged=is_cut_off(text))
    selection = pieces.without(known, max_items)
    if known and not selection.fresh:
        return ParsedFeed("", charset=charset, entry_count=len(pieces.pieces), entry_hashes=selection.digests)
    feed = parse_xml(
        selection.text,
        charset,
        base_url,
        max_items,
        entry_count=len(pieces.pieces),
        entry_hashes=selection.digests,
        more=selection.more,
    )
    if len(feed.entries) != selection.fresh:
        # The cutter sees other entries than the parser does; believe the parser, with the whole document.
        return parse_xml(text, charset, base_url, max_items, damaged=is_cut_off(text))
    return feed
