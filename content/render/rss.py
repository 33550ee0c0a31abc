"""RSS 2.0 with the full text in `content:encoded`. Times come from the snapshots, so the same entries give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from feedgenerator import Rss201rev2Feed

from content.render import article
from content.render.feed import FeedInfo, entry_id, entry_summary, entry_title, tags
from content.render.plain import bare
from content.render.told import House, Told


class _Rss(Rss201rev2Feed):  # type: ignore[misc]  # feedgenerator has no types
    updated: datetime
    hubs: tuple[str, ...] = ()

    def latest_post_date(self) -> datetime:
        return self.updated  # the library's own asks the clock when there are no entries

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:content": "http://purl.org/rss/1.0/modules/content/"}

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        for hub in self.hubs:
            handler.addQuickElement("atom:link", None, {"rel": "hub", "href": hub})

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content:encoded", item["content"])
        handler.addQuickElement("atom:updated", item["changed"])


def render(entries: Sequence[Told], info: FeedInfo, house: House) -> bytes:
    """The feed as UTF-8. `pubDate` is the first publication; `atom:updated` the newest version."""
    feed = _Rss(
        title=bare(info.title),
        link=f"{house.base_url}{info.page}",
        description=bare(info.description),
        language=info.language,
        feed_url=f"{house.base_url}{info.path}",
        ttl="5",
    )
    feed.updated, feed.hubs = info.updated, info.hubs
    for entry in entries:
        feed.add_item(
            title=entry_title(entry),
            link=f"{house.base_url}{entry.path}",
            description=entry_summary(entry),
            unique_id=entry_id(entry, house),
            unique_id_is_permalink=True,
            pubdate=entry.published_at,
            author_name=bare(house.desk),
            categories=tags(entry),
            content=article.html(entry, house),
            changed=entry.issued_at.isoformat(timespec="seconds"),
        )
    out = io.StringIO()
    feed.write(out, "utf-8")
    return out.getvalue().encode()
