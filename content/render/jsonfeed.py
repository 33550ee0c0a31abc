"""JSON Feed 1.1. What other programs may want beside the text stands under `_qingyuan`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from content.render import article
from content.render.feed import FeedInfo, entry_id, tags
from content.render.plain import clean, one_line
from content.render.told import House, Told


def render(entries: Sequence[Told], info: FeedInfo, house: House) -> bytes:
    """The feed as UTF-8."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": info.title,
        "description": info.description,
        "home_page_url": f"{house.base_url}{info.page}",
        "feed_url": f"{house.base_url}{info.path}",
        "language": info.language,
        **({"hubs": [{"type": "WebSub", "url": hub} for hub in info.hubs]} if info.hubs else {}),
        "authors": [{"name": house.desk, "url": f"{house.base_url}/"}],
        "items": [_item(entry, house) for entry in entries],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def _item(entry: Told, house: House) -> dict[str, Any]:
    return {
        "id": entry_id(entry, house),
        "url": f"{house.base_url}{entry.path}",
        "title": one_line(entry.headline),
        "summary": clean(entry.summary),
        "content_html": article.html(entry, house),
        "date_published": _moment(entry.published_at),
        "date_modified": _moment(entry.issued_at),
        "language": entry.body.language,
        "tags": tags(entry),
        "_qingyuan": {
            "public_id": entry.public_id,
            "type": entry.type,
            "kind": entry.kind,
            "version": entry.version,
            "verdict": None if entry.retracted else entry.body.verdict,
            "sha256": entry.sha256,
        },
    }


def _moment(value: datetime) -> str:
    return value.isoformat(timespec="seconds")
