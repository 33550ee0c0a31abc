"""A DingTalk (钉钉) group robot: markdown, signed in the address with milliseconds and the secret as key.

    sign = urlencode(base64(HMAC-SHA256(key = secret, "milliseconds\\nsecret")))      not the same as Feishu's

Not idempotent. More than 20 messages a minute silence the robot for ten minutes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import ClientSession
from yarl import URL

from content.messages import Message
from content.render.chat import dingtalk
from content.render.plain import one_line
from service.channels.answers import read_code
from service.channels.http import post
from service.channels.protocol import Sent

BUSY = frozenset({-1, 130101, 130102, 410100})  # busy; sent too fast
WAIT = timedelta(minutes=10)


def sign(secret: str, milliseconds: int) -> str:
    """The signature, before it is put into the address (which encodes it)."""
    text = f"{milliseconds}\n{secret}".encode()
    return base64.b64encode(hmac.digest(secret.encode(), text, hashlib.sha256)).decode()


@dataclass(frozen=True)
class DingtalkChannel:
    """Sends to one group. Without a secret the robot is guarded by `keyword` or by its list of addresses."""

    name: str
    url: str
    secret: str
    http: ClientSession
    now: Callable[[], datetime]
    keyword: str = ""
    idempotent: bool = False

    async def send(self, message: Message, key: str) -> Sent:
        """POST the message; only `errcode` 0 means that it was posted."""
        now = self.now()
        told = {"title": one_line(message.told.headline), "text": dingtalk(message, self.keyword)}
        payload = {"msgtype": "markdown", "markdown": told, "at": {"isAtAll": False}}
        body = json.dumps(payload, ensure_ascii=False).encode()
        answer = await post(self.http, self._address(now), body, {"Content-Type": "application/json"}, now)
        return read_code(answer, ("errcode",), BUSY, WAIT)

    def _address(self, now: datetime) -> str:
        if not self.secret:
            return self.url
        milliseconds = int(now.timestamp() * 1000)
        signed = {"timestamp": str(milliseconds), "sign": sign(self.secret, milliseconds)}
        return str(URL(self.url).update_query(signed))
