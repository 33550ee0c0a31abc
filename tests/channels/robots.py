"""Sinks that behave as the real robots and hubs do: they check signature and limits, and say no inside a 200."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from urllib.parse import parse_qs

from aiohttp import web

SECRET = "SEC-示例-9f3"
WEBHOOK_SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()


def said(code: int, words: str = "ok", field: str = "errcode") -> web.Response:
    """An answer with the service's own code; always HTTP 200."""
    return web.json_response({field: code, "errmsg": words, "msg": words})


async def wecom(request: web.Request) -> web.StreamResponse:
    """企业微信: knows its key, wants markdown of at most 4,096 bytes."""
    body = json.loads(await request.read())
    if "key" not in request.query:
        return said(93000, "invalid webhook url")
    if body.get("msgtype") != "markdown":
        return said(40008, "invalid message type")
    if len(body["markdown"]["content"].encode()) > 4096:
        return said(45002, "content size out of limit")
    return said(0)


async def dingtalk(request: web.Request) -> web.StreamResponse:
    """钉钉: timestamp in milliseconds and sign in the address, at most 20,000 bytes."""
    raw = await request.read()
    timestamp = request.query.get("timestamp", "")
    mac = hmac.new(SECRET.encode(), f"{timestamp}\n{SECRET}".encode(), hashlib.sha256).digest()
    if request.query.get("sign") != base64.b64encode(mac).decode() or len(timestamp) != 13:
        return said(310000, "sign not match")
    if len(raw) > 20_000:
        return said(460101, "message too long")
    body = json.loads(raw)
    if body["at"]["isAtAll"] or not body["markdown"]["title"]:
        return said(400402, "bad message")
    return said(0)


async def feishu(request: web.Request) -> web.StreamResponse:
    """飞书: timestamp in seconds and sign in the body, at most 20 KB."""
    raw = await request.read()
    body = json.loads(raw)
    key = f"{body.get('timestamp', '')}\n{SECRET}".encode()
    if body.get("sign") != base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode():
        return said(19021, "sign match fail or timestamp is not within one hour", "code")
    if len(raw) > 20 * 1024 or len(body["timestamp"]) != 10:
        return said(9499, "bad request", "code")
    return said(0, "success", "code")


async def webhook(request: web.Request) -> web.StreamResponse:
    """A receiver of Standard Webhooks."""
    raw = await request.read()
    signed = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.".encode() + raw
    key = base64.b64decode(WEBHOOK_SECRET.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    if request.headers["webhook-signature"] != f"v1,{expected}":
        return web.Response(status=401)
    return web.json_response({"ok": True})


async def sms(request: web.Request) -> web.StreamResponse:
    """A gateway for text messages: signature as above, at most three parts of 67 characters."""
    body = json.loads(await request.read())
    if len(body["text"]) > 201 or not body["to"] or not body["text"].startswith("【"):
        return web.Response(status=400)
    return await webhook(request)


async def hub(request: web.Request) -> web.StreamResponse:
    """A WebSub hub."""
    form = parse_qs((await request.read()).decode())
    return web.Response(status=204 if form.get("hub.mode") == ["publish"] and form.get("hub.url") else 400)


USUAL = {"wecom": wecom, "dingtalk": dingtalk, "feishu": feishu, "webhook": webhook, "sms": sms}
