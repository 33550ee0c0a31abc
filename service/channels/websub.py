"""A WebSub hub: tell it that our feeds are new, and it tells their readers. Idempotent: a ping carries no content."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from aiohttp import ClientSession

from content.messages import Message
from service.channels.http import post
from service.channels.protocol import Sent

FEEDS = ("feed.xml", "atom.xml", "feed.json")


@dataclass(frozen=True)
class WebsubChannel:
    """Pings one hub about all three feeds in one request (`hub.url` repeated)."""

    name: str
    url: str
    http: ClientSession
    now: Callable[[], datetime]
    idempotent: bool = True

    async def send(self, message: Message, key: str) -> Sent:
        """POST the ping; the hub fetches the feeds by itself."""
        topics = [("hub.url", f"{message.house.base_url}/{feed}") for feed in FEEDS]
        body = urlencode([("hub.mode", "publish"), *topics]).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await post(self.http, self.url, body, headers, self.now())
        return Sent(code=f"http_{answer.status}")
