"""Receivers on this machine that behave as the real ones do, and misbehave on demand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Behaviour = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Sink:
    """An HTTP receiver. `taken`: bodies it accepted in its usual way, in order; `asked`: every request that came whole."""

    port: int = 0
    taken: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[dict[str, str], bytes, str]] = field(default_factory=list)
    behaviours: list[Behaviour] = field(default_factory=list)  # one a request, then the usual
    usual: Behaviour | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.asked.append((dict(request.headers), body, str(request.rel_url)))
        if self.behaviours:
            return await self.behaviours.pop(0)(request)
        answer = await self.usual(request) if self.usual else web.json_response({"ok": True})
        if _says_yes(answer) and request.content_type != "application/x-www-form-urlencoded":
            self.taken.append(json.loads(body))
        return answer

    def keys(self) -> list[str]:
        """The `webhook-id` of every request."""
        return [{k.lower(): v for k, v in headers.items()}["webhook-id"] for headers, _, _ in self.asked]


def _says_yes(answer: web.StreamResponse) -> bool:
    """A 2xx without an error code inside."""
    if not 200 <= answer.status < 300:
        return False
    try:
        said = json.loads(answer.text) if isinstance(answer, web.Response) and answer.text else {}
    except ValueError:
        return False
    return isinstance(said, dict) and said.get("errcode", said.get("code", 0)) == 0


@asynccontextmanager
async def sink(usual: Behaviour | None = None, port: int = 0) -> AsyncIterator[Sink]:
    """A receiver that runs while the block does."""
    receiver = Sink(usual=usual)
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", receiver.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    receiver.port = runner.addresses[0][1]
    try:
        yield receiver
    finally:
        await runner.cleanup()


def status(code: int, headers: dict[str, str] | None = None) -> Behaviour:
    """Answers with this status."""

    async def behave(request: web.Request) -> web.StreamResponse:
        return web.Response(status=code, headers=headers)

    return behave


def answers(body: Any, code: int = 200) -> Behaviour:
    """Answers with this JSON, or with this text."""

    async def behave(request: web.Request) -> web.StreamResponse:
        if isinstance(body, str):
            return web.Response(status=code, text=body)
        return web.json_response(body, status=code)

    return behave


async def hangs_up(request: web.Request) -> web.StreamResponse:
    """Takes the message and closes the connection without a word."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response(status=500)


async def never_answers(request: web.Request) -> web.StreamResponse:
    """Takes the message and says nothing."""
    await asyncio.sleep(3600)
    return web.Response(status=500)
