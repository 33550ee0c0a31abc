"""A Feishu (飞书) group robot: a card, signed in the body with seconds and an empty message under the text as key.

    sign = base64(HMAC-SHA256(key = "seconds\\nsecret", message = ""))               not the same as DingTalk's

Not idempotent. 100 messages a minute and 5 a second; at the full and the half hour it is often told to come back.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiohttp import ClientSession

from content.messages import Message
from content.render.chat import feishu
from service.channels.answers import read_code
from service.channels.http import post
from service.channels.protocol import Sent

BUSY = frozenset({11232})  # sent too fast, or at a crowded minute
WAIT = timedelta(seconds=65)


def sign(secret: str, seconds: int) -> str:
    """The signature that stands in the body."""
    return base64.b64encode(hmac.digest(f"{seconds}\n{secret}".encode(), b"", hashlib.sha256)).decode()


@dataclass(frozen=True)
class FeishuChannel:
    """Sends to one group. Without a secret the robot is guarded by keywords or by its list of addresses."""

    name: str
    url: str
    secret: str
    http: ClientSession
    now: Callable[[], datetime]
    idempotent: bool = False

    async def send(self, message: Message, key: str) -> Sent:
        """POST the card; only `code` (or the older `StatusCode`) 0 means that it was posted."""
        now = self.now()
        payload: dict[str, Any] = {"msg_type": "interactive", "card": feishu(message)}
        if self.secret:
            seconds = int(now.timestamp())
            payload |= {"timestamp": str(seconds), "sign": sign(self.secret, seconds)}
        body = json.dumps(payload, ensure_ascii=False).encode()
        answer = await post(self.http, self.url, body, {"Content-Type": "application/json"}, now)
        return read_code(answer, ("code", "StatusCode"), BUSY, WAIT)
