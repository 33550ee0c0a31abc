"""A language model's server on this machine: it answers as the real interface does, and misbehaves on demand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from service.drafter import Drafter
from service.feeds.guard import guarded_session
from service.feeds.policy import FetchPolicy

GOOD = {
    "title": ["水质达标，正常供水"],
    "fact": ["今天三次检测全部达标。", "没有停水安排。"],
    "why": ["水务部门每天检测并公布结果。"],
    "todo": ["照常用水。"],
}


def completion(content: Any, finish: str = "stop") -> dict[str, Any]:
    """An answer in the interface's shape."""
    message = {"role": "assistant", "content": content}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "model": "served-model",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {"prompt_tokens": 900, "completion_tokens": 120, "total_tokens": 1020},
    }


@dataclass
class Model:
    """The server. `does` replaces the usual answer once."""

    key: str = "sk-test"
    port: int = 0
    says: Any = None
    asked: list[dict[str, Any]] = field(default_factory=list)
    does: list[Callable[[web.Request], Awaitable[web.StreamResponse]]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if request.path != "/v1/chat/completions":
            return web.json_response({"error": {"message": "no such path"}}, status=404)
        if request.headers.get("Authorization") != f"Bearer {self.key}":
            return web.json_response({"error": {"message": "Incorrect API key"}}, status=401)
        self.asked.append(await request.json())
        if self.does:
            return await self.does.pop(0)(request)
        content = self.says if self.says is not None else json.dumps(GOOD, ensure_ascii=False)
        return web.json_response(completion(content))


def answers(status: int = 200, **body: Any) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.json_response(body, status=status)

    return answer


async def hangs(_request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(30)
    return web.Response()


async def drops(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def floods(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    for _ in range(200):
        await response.write(b"x" * 65_536)
    return response


async def leads_away(_request: web.Request) -> web.StreamResponse:
    raise web.HTTPTemporaryRedirect("http://169.254.169.254/v1/chat/completions")


@asynccontextmanager
async def served() -> AsyncIterator[tuple[Model, Drafter]]:
    """The server and a drafter that talks to it."""
    model = Model()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", model.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    model.port = runner.addresses[0][1]
    policy = FetchPolicy(allow=frozenset({("127.0.0.1", model.port)}))
    async with guarded_session(policy) as session:
        yield model, Drafter(session, model.url, "qwen-plus", model.key, seconds=2)
    await runner.cleanup()
