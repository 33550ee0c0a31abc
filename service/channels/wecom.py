"""A WeCom (企业微信) group robot: markdown of at most 4,096 bytes. Its address is its password.

Not idempotent: the robot posts whatever arrives, twice if it arrives twice.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import ClientSession

from content.messages import Message
from content.render.chat import wecom
from service.channels.answers import read_code
from service.channels.http import post
from service.channels.protocol import Sent

BUSY = frozenset({-1, 45009, 45033})  # busy; too many a minute; too many at once
WAIT = timedelta(minutes=1)


@dataclass(frozen=True)
class WecomChannel:
    """Sends to one group."""

    name: str
    url: str
    http: ClientSession
    now: Callable[[], datetime]
    idempotent: bool = False

    async def send(self, message: Message, key: str) -> Sent:
        """POST the message; only `errcode` 0 means that it was posted."""
        payload = {"msgtype": "markdown", "markdown": {"content": wecom(message)}}
        body = json.dumps(payload, ensure_ascii=False).encode()
        answer = await post(self.http, self.url, body, {"Content-Type": "application/json"}, self.now())
        return read_code(answer, ("errcode",), BUSY, WAIT)
