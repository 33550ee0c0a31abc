"""Atom (RFC 4287). `published` is the first publication, `updated` the newest version; the id never changes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from feedgenerator import Atom1Feed

from content.render import article
from content.render.feed import FeedInfo, entry_id, entry_summary, entry_title, tags
from content.render.plain import bare
from content.render.told import House, Told


class _Atom(Atom1Feed):  # type: ignore[misc]  # feedgenerator has no types
    updated: datetime
    hubs: tuple[str, ...] = ()

    def latest_post_date(self) -> datetime:
        return self.updated  # the library's own asks the clock when there are no entries

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        for hub in self.hubs:
            handler.addQuickElement("link", None, {"rel": "hub", "href": hub})


def render(entries: Sequence[Told], info: FeedInfo, house: House) -> bytes:
    """The feed as UTF-8."""
    feed = _Atom(
        title=bare(info.title),
        link=f"{house.base_url}{info.page}",
        description=bare(info.description),
        language=info.language,
        feed_url=f"{house.base_url}{info.path}",
        feed_guid=f"{house.base_url}{info.path}",
        author_name=bare(house.desk),
        author_link=f"{house.base_url}/",
    )
    feed.updated, feed.hubs = info.updated, info.hubs
    for entry in entries:
        feed.add_item(
            title=entry_title(entry),
            link=f"{house.base_url}{entry.path}",
            description=entry_summary(entry),
            unique_id=entry_id(entry, house),
            pubdate=entry.published_at,
            updateddate=entry.issued_at,
            categories=tags(entry),
            content=article.html(entry, house),
        )
    out = io.StringIO()
    feed.write(out, "utf-8")
    return out.getvalue().encode()
