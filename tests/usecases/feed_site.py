"""A news site on 127.0.0.1 whose feeds the test writes: what lies across the network."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from email.utils import format_datetime
from html import escape

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.conftest import START


@dataclass(frozen=True)
class Story:
    """One entry of a feed."""

    guid: str
    title: str
    text: str = ""
    link: str = ""


def rss(*stories: Story, title: str = "宜春日报") -> bytes:
    """An RSS 2.0 feed with these stories."""
    date = format_datetime(START)
    entries = "".join(
        f"<item><guid isPermaLink='false'>{escape(s.guid)}</guid><title>{escape(s.title)}</title>"
        f"<link>{escape(s.link or 'https://news.example.cn/' + s.guid)}</link><pubDate>{date}</pubDate>"
        f"<description>{escape(s.text)}</description></item>"
        for s in stories
    )
    return (
        f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>{title}</title>"
        f"<link>https://news.example.cn/</link><description>.</description>{entries}</channel></rss>"
    ).encode()


@dataclass
class FeedSite:
    """Answers GET with the body of the path; a missing path is a 404, an int is a status, a float a delay."""

    bodies: dict[str, bytes | int | float] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    server: TestServer | None = None

    async def start(self) -> None:
        """Listen on a free port."""
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        self.server = TestServer(app)
        await self.server.start_server()

    async def _answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        body = self.bodies.get(request.path, 404)
        if isinstance(body, float):
            await asyncio.sleep(body)
            body = 503
        if isinstance(body, int):
            return web.Response(status=body)
        return web.Response(body=body, content_type="application/rss+xml")

    def url(self, path: str) -> str:
        """The address of a path."""
        assert self.server is not None
        return f"http://127.0.0.1:{self.server.port}{path}"
