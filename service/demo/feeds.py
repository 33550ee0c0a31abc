"""The demo's feeds over real HTTP: `/demo/feeds/<slug>`, polled by the same poller as any other source."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from aiohttp import web

from service.demo.newsroom import DemoEntry, DemoFeed

TYPES = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
    "broken": "application/xml",
}


def document(feed: DemoFeed, start: datetime, now: datetime, base: str) -> bytes:
    """The feed as it stands now, in its own format and encoding."""
    entries = feed.visible(start, now)
    if feed.kind == "broken":
        return (
            f"<?xml version='1.0'?><rss><channel><title>{escape(feed.title)}</title><item><title>断".encode()[
                :-1
            ]
        )
    text = {"rss": _rss, "atom": _atom, "json": _json}[feed.kind](feed, entries, start, base)
    return text.encode(feed.encoding)


def _link(base: str, feed: DemoFeed, entry: DemoEntry) -> str:
    return f"{base}/demo/story/{feed.slug}/{entry.id}"


def _rss(feed: DemoFeed, entries: list[DemoEntry], start: datetime, base: str) -> str:
    items = "".join(
        f"<item><title>{escape(e.title)}</title><link>{_link(base, feed, e)}</link>"
        f"<guid isPermaLink='false'>demo-{feed.slug}-{e.id}</guid><description>{escape(e.text)}</description>"
        f"<pubDate>{format_datetime(e.at(start))}</pubDate></item>"
        for e in entries
    )
    return (
        f"<?xml version='1.0' encoding='{feed.encoding}'?><rss version='2.0'><channel><title>{escape(feed.title)}</title>"
        f"<link>{base}/</link><description>示例</description><language>zh-cn</language>{items}</channel></rss>"
    )


def _atom(feed: DemoFeed, entries: list[DemoEntry], start: datetime, base: str) -> str:
    updated = entries[0].at(start) if entries else start
    items = "".join(
        f"<entry><title>{escape(e.title)}</title><id>urn:demo:{feed.slug}:{e.id}</id><link href='{_link(base, feed, e)}'/>"
        f"<updated>{e.at(start).isoformat()}</updated><summary>{escape(e.text)}</summary></entry>"
        for e in entries
    )
    return (
        f"<?xml version='1.0' encoding='{feed.encoding}'?><feed xmlns='http://www.w3.org/2005/Atom' xml:lang='zh-CN'>"
        f"<title>{escape(feed.title)}</title><id>{base}/demo/feeds/{feed.slug}</id>"
        f"<updated>{updated.isoformat()}</updated>{items}</feed>"
    )


def _json(feed: DemoFeed, entries: list[DemoEntry], start: datetime, base: str) -> str:
    items = [
        {
            "id": f"demo-{feed.slug}-{e.id}",
            "url": _link(base, feed, e),
            "title": e.title,
            "content_text": e.text,
            "date_published": e.at(start).isoformat(),
        }
        for e in entries
    ]
    return json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "language": "zh-CN",
            "items": items,
        },
        ensure_ascii=False,
    )


def routes(
    feeds: list[DemoFeed], start: datetime, now: Callable[[], datetime], base: str
) -> list[web.RouteDef]:
    """The routes of the demo's feeds and of the stories that they link to. `now` is the clock."""
    by_slug = {feed.slug: feed for feed in feeds}

    async def feed(request: web.Request) -> web.Response:
        found = by_slug.get(request.match_info["slug"])
        if found is None:
            raise web.HTTPNotFound
        body = document(found, start, now(), base)
        etag = hashlib.sha256(body).hexdigest()[:20]
        if request.headers.get("If-None-Match") == f'"{etag}"':
            return web.Response(status=304, headers={"ETag": f'"{etag}"'})
        charset = "" if found.kind == "broken" else f"; charset={found.encoding}"
        headers = {"ETag": f'"{etag}"', "Content-Type": TYPES[found.kind] + charset}
        return web.Response(body=body, headers=headers)

    async def story(request: web.Request) -> web.Response:
        found = by_slug.get(request.match_info["slug"])
        entry = next((e for e in found.entries if e.id == request.match_info["id"]), None) if found else None
        if entry is None:
            raise web.HTTPNotFound
        return web.Response(text=f"【示例】{entry.title}\n\n{entry.text}\n", content_type="text/plain")

    return [
        web.get("/demo/feeds/{slug}", feed, name="demo.feed"),
        web.get("/demo/story/{slug}/{id}", story, name="demo.story"),
    ]
