"""Text messages through a gateway: one signed POST a message, `{"id", "to", "text", "parts"}`; a 2xx answer takes it,
unless it says no within (`errcode`, `code`, `Code`; `success` false).

The gateway of the city (or a small bridge to 阿里云/腾讯云 SMS) checks the signature as a webhook's receiver does. Not
idempotent unless the settings say that the gateway honours `webhook-id`: people are not to get a text twice.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from aiohttp import ClientSession

from content.messages import Message
from content.render.chat import SMS_PARTS, sms, sms_parts
from service.channels.answers import read_plain_no
from service.channels.errors import Permanent
from service.channels.http import post
from service.channels.protocol import Sent
from service.channels.webhook import signed_headers


@dataclass(frozen=True)
class SmsChannel:
    """Sends to a fixed list of numbers or to a group that the gateway knows by name."""

    name: str
    url: str
    secret: str
    to: tuple[str, ...]
    http: ClientSession
    now: Callable[[], datetime]
    idempotent: bool = False

    async def send(self, message: Message, key: str) -> Sent:
        """POST one message for all recipients."""
        if not self.to:
            raise Permanent("no_recipients")
        text = sms(message, SMS_PARTS)
        payload = {"id": key, "to": list(self.to), "text": text, "parts": sms_parts(text)}
        body = json.dumps(payload, ensure_ascii=False).encode()
        now = self.now()
        answer = await post(self.http, self.url, body, signed_headers(self.secret, key, now, body), now)
        read_plain_no(answer, ("errcode", "code", "Code"))
        return Sent(code=f"http_{answer.status}", detail={"parts": sms_parts(text)})
