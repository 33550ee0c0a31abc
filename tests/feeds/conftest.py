"""A real feed server on the loopback address, and the parts that talk to it."""

import random
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from service.feeds.guard import guarded_session
from service.feeds.parser_pool import ParserPool
from service.feeds.policy import FetchPolicy

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class FeedServer:
    """Answers every path with what a test put there, and keeps the requests it saw."""

    server: TestServer
    answers: dict[str, Handler] = field(default_factory=dict)
    seen: list[web.Request] = field(default_factory=list)

    @property
    def port(self) -> int:
        port = self.server.port
        assert port is not None
        return port

    @property
    def policy(self) -> FetchPolicy:
        """The default limits with this server as the only exception."""
        return FetchPolicy(allow=frozenset({("127.0.0.1", self.port)}), timeout=5)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def gives(self, path: str, body: bytes | str, status: int = 200, **headers: str) -> str:
        """Answer `path` with these bytes from now on; the address to ask."""
        raw = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}

        async def answer(request: web.Request) -> web.Response:
            tag = named.get("ETag")
            if tag and request.headers.get("If-None-Match") == tag:
                return web.Response(status=304, headers=named)
            return web.Response(body=raw, status=status, headers=named)

        return self.does(path, answer)

    def does(self, path: str, handler: Handler) -> str:
        """Answer `path` by calling `handler`; the address to ask."""
        self.answers[path] = handler
        return self.url(path)


@pytest.fixture
async def feed_server() -> AsyncIterator[FeedServer]:
    app = web.Application()
    server = FeedServer(TestServer(app, host="127.0.0.1"))

    async def answer(request: web.Request) -> web.StreamResponse:
        server.seen.append(request)
        handler = server.answers.get(request.path)
        return await handler(request) if handler else web.Response(status=404)

    app.router.add_route("*", "/{path:.*}", answer)
    await server.server.start_server()
    yield server
    await server.server.close()


@pytest.fixture
async def session(feed_server: FeedServer) -> AsyncIterator[aiohttp.ClientSession]:
    async with guarded_session(feed_server.policy) as opened:
        yield opened


@pytest.fixture
async def pool() -> AsyncIterator[ParserPool]:
    async with ParserPool(size=2) as opened:
        yield opened


@pytest.fixture
def rng() -> random.Random:
    return random.Random(1)


@pytest.fixture(scope="session")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The public feed corpora, unpacked to a temporary folder; the test is skipped where they are absent."""
    import tarfile

    archive = Path(__file__).resolve().parents[3] / "shared" / "data" / "feeds" / "corpora.tar.gz"
    if not archive.exists():
        pytest.skip("the feed corpora (../shared/data/feeds/corpora.tar.gz) are not on this machine")
    folder = tmp_path_factory.mktemp("corpora")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder
