"""One parsed entry to one item of ours: identity, canonical address, content hash. Pure and idempotent.

The words, the HTML and the addresses of a `ParsedEntry` are clean already: the parser's child did that, where it can be killed.
Does not look at other entries, at what is stored or at the clock; whether the item is new is `decide`'s business.
"""

from dataclasses import dataclass
from datetime import datetime

import xxhash

from service.feeds.parsed import Enclosure, ParsedEntry
from service.feeds.urls import canonical_url

TITLE_FROM_TEXT = 60


@dataclass(frozen=True)
class NewItem:
    """A story as a source tells it now.

    `guid` is never empty and identifies the item within its source. `canonical_url` is for comparing, `url` for opening;
    both may be "". `title`, `text` and `authors` are plain text, `summary` is safe HTML. `content_hash` covers what a reader
    reads (title and text), no dates and no addresses. `cap` is the raw XML of an official alert.
    """

    guid: str
    url: str
    canonical_url: str
    title: str
    summary: str
    text: str
    content_hash: str
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    language: str | None = None
    enclosures: tuple[Enclosure, ...] = ()
    cap: str | None = None


def clean(entry: ParsedEntry | NewItem, weak_guids: bool = False) -> NewItem:
    """The item in `entry`. With `weak_guids` the address becomes part of the identity.

    Cleaning an item again gives the same item.
    """
    canonical = canonical_url(entry.url)
    text = entry.text
    title = entry.title or text.partition("\n")[0][:TITLE_FROM_TEXT].strip()
    summary = entry.summary if isinstance(entry, NewItem) else entry.summary_html
    guid = entry.guid if isinstance(entry, NewItem) else _identity(entry, canonical, title, text, weak_guids)
    return NewItem(
        guid=guid,
        url=entry.url,
        canonical_url=canonical,
        title=title,
        summary=summary,
        text=text,
        content_hash=xxhash.xxh3_128_hexdigest(
            f"{title}\x00{text}\x00{entry.cap or ''}".encode("utf-8", "replace")
        ),
        authors=entry.authors,
        published=entry.published,
        updated=entry.updated,
        language=entry.language,
        enclosures=entry.enclosures,
        cap=entry.cap,
    )


def _identity(entry: ParsedEntry, canonical: str, title: str, text: str, weak: bool) -> str:
    """The source's own id, else the address, else the words."""
    words = f"hash:{xxhash.xxh3_128_hexdigest(f'{title}{chr(0)}{text[:500]}'.encode('utf-8', 'replace'))}"
    if entry.guid and weak:
        return f"{entry.guid} {canonical or words}"
    return entry.guid or canonical or words
