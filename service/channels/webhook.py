"""The generic webhook: the contract's payload, signed as Standard Webhooks says, the same id on every retry.

    webhook-signature: v1,<base64 of HMAC-SHA256 over "id.timestamp.body">

Idempotent: a receiver that remembers `webhook-id` takes a repeated delivery once.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from aiohttp import ClientSession

from content.messages import Message
from service.channels.answers import read_plain_no
from service.channels.http import post
from service.channels.protocol import Sent

PREFIX = "whsec_"


def new_secret() -> str:
    """A fresh secret in Standard Webhooks' spelling: `whsec_` and base64 of 32 random bytes."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def key_bytes(secret: str) -> bytes:
    """The key in a secret: what follows `whsec_` is base64; any other text is taken as it is."""
    if secret.startswith(PREFIX):
        try:
            return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
        except binascii.Error:
            pass
    return secret.encode()


def signature(secret: str, webhook_id: str, timestamp: int, body: bytes) -> str:
    """The value of `webhook-signature`."""
    signed = f"{webhook_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key_bytes(secret), signed, hashlib.sha256)).decode()


def signed_headers(secret: str, key: str, now: datetime, body: bytes) -> dict[str, str]:
    """All headers of a signed request. `key` is the same on every retry; the timestamp is not."""
    timestamp = int(now.timestamp())
    return {
        "Content-Type": "application/json; charset=utf-8",
        "webhook-id": key,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, key, timestamp, body),
        "Idempotency-Key": key,
    }


@dataclass(frozen=True)
class WebhookChannel:
    """Sends to one receiver."""

    name: str
    url: str
    secret: str
    http: ClientSession
    now: Callable[[], datetime]
    idempotent: bool = True

    async def send(self, message: Message, key: str) -> Sent:
        """POST the payload. Any 2xx means that it was taken, unless it says no within: `errcode` other than 0, or `success` false."""
        body = json.dumps(message.payload(), ensure_ascii=False, separators=(",", ":")).encode()
        now = self.now()
        answer = await post(self.http, self.url, body, signed_headers(self.secret, key, now, body), now)
        read_plain_no(answer)
        return Sent(code=f"http_{answer.status}")
