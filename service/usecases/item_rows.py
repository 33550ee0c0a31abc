"""One cleaned entry as the row that is stored. Pure.

Makes strangers' values fit the columns of both databases: no NUL, no half characters, and no key longer than an index takes.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from service.feeds.clean import NewItem

LONGEST_KEY: Final = 1000  # bytes; PostgreSQL indexes take 2,704
LONGEST_URL: Final = 2000
LONGEST_LANGUAGE: Final = 35


def item_row(
    item: NewItem, item_id: UUID, source_id: UUID, revision: int, seen_at: datetime
) -> dict[str, Any]:
    """All columns of one `items` row."""
    url = storable(item.url)
    return {
        "id": item_id,
        "source_id": source_id,
        "guid": key(item.guid),
        "revision": revision,
        "url": url if 0 < len(url) <= LONGEST_URL else None,
        "canonical_url": key(item.canonical_url) or None,
        "title": storable(item.title),
        "summary_html": storable(item.summary),
        "text": storable(item.text),
        "authors": [storable(name) for name in item.authors],
        "published": item.published,
        "updated": item.updated,
        "language": storable(item.language or "")[:LONGEST_LANGUAGE] or None,
        "enclosures": [asdict(e) | {"url": storable(e.url)} for e in item.enclosures],
        "content_hash": item.content_hash,
        "cap": storable(item.cap) if item.cap else None,
        "seen_at": seen_at,
    }


def storable(text: str) -> str:
    """The text without what a database refuses."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def key(text: str) -> str:
    """The text as an index can hold it: a long one by its hash."""
    plain = storable(text)
    raw = plain.encode()
    return plain if len(raw) <= LONGEST_KEY else f"sha256:{hashlib.sha256(raw).hexdigest()}"
