"""/healthz (the process lives), /readyz (it can work), /metrics (Prometheus; loopback or token only)."""

from __future__ import annotations

import hmac
import ipaddress

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text

from service.errors import NotFound
from service.web.clients import client_ip
from service.web.keys import house


async def healthz(request: web.Request) -> web.Response:
    """Always 200 while the event loop turns."""
    return web.json_response({"status": "ok"})


async def readyz(request: web.Request) -> web.Response:
    """200 when the database answers, else 503."""
    async with house(request).db.read() as session:
        await session.execute(text("SELECT 1"))
    return web.json_response({"status": "ready"})


async def metrics(request: web.Request) -> web.Response:
    """Figures for Prometheus. From elsewhere than loopback it needs `Authorization: Bearer <METRICS_TOKEN>`."""
    token = house(request).ctx.settings.metrics_token
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    local = ipaddress.ip_address(client_ip(request)).is_loopback
    if not local and not (token and hmac.compare_digest(sent.encode(), token.encode())):
        raise NotFound()
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})
