"""All feeds of the site as one OPML 2.0 list, so that another desk subscribes to them in one step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from content.render.feed import FeedInfo
from content.render.plain import bare
from content.render.told import House


def render(feeds: Sequence[FeedInfo], title: str, changed: datetime, house: House) -> bytes:
    """One outline a feed, in the order given. `changed` is when a feed was last added or removed."""
    root = Element("opml", version="2.0")
    head, body = SubElement(root, "head"), SubElement(root, "body")
    for name, value in (
        ("title", bare(title)),
        ("dateModified", format_datetime(changed, usegmt=True)),
        ("ownerName", bare(house.desk)),
    ):
        SubElement(head, name).text = value
    for feed in feeds:
        SubElement(
            body,
            "outline",
            type="rss",
            text=bare(feed.title),
            title=bare(feed.title),
            description=bare(feed.description),
            xmlUrl=f"{house.base_url}{feed.path}",
            htmlUrl=f"{house.base_url}{feed.page}",
            language=feed.language,
            version="RSS2",
        )
    document: bytes = tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + document
