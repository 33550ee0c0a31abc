"""A fleet on one PostgreSQL: two `serve`, two `worker`, each as if on a machine of its own (only the keys are shared)."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.ports import free_port
from tests.processes import Process


@dataclass
class Feeds:
    """A feed server: `feeds` sources with `stories` stories each, answered slowly enough to be killed in between."""

    feeds: int
    stories: int
    port: int = 0
    pause: float = 0.05
    asked: list[str] = field(default_factory=list)

    def urls(self) -> list[str]:
        return [f"http://127.0.0.1:{self.port}/{number}.xml" for number in range(self.feeds)]

    def guids(self) -> set[str]:
        return {f"story-{feed}-{story}" for feed in range(self.feeds) for story in range(self.stories)}

    async def answer(self, request: web.Request) -> web.Response:
        number = request.match_info["number"]
        self.asked.append(number)
        await asyncio.sleep(self.pause)
        items = "".join(
            f"<item><guid isPermaLink='false'>story-{number}-{story}</guid>"
            f"<title>第{number}村第{story}组的水井检测结果公布</title>"
            f"<description>编号{int(number) * 1000 + story}的水井今天检测合格。</description></item>"
            for story in range(self.stories)
        )
        body = f"<rss version='2.0'><channel><title>村务{number}</title>{items}</channel></rss>"
        return web.Response(text=body, content_type="application/rss+xml")


@asynccontextmanager
async def feed_server(feeds: int, stories: int) -> AsyncIterator[Feeds]:
    server = Feeds(feeds, stories, free_port())
    app = web.Application()
    app.router.add_get("/{number}.xml", server.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", server.port).start()
    try:
        yield server
    finally:
        await runner.cleanup()


@dataclass
class Fleet:
    """The processes by name: web-1, web-2, worker-1, worker-2."""

    processes: dict[str, Process]

    def leader(self) -> str:
        """The name of the process whose clock counts, by what the processes say in their logs."""
        since = {
            name: max(line["timestamp"] for line in process.log() if line.get("event") == "leads_the_clock")
            for name, process in self.processes.items()
            if process.running and any(line.get("event") == "leads_the_clock" for line in process.log())
        }
        return max(since, key=lambda name: since[name]) if since else ""

    def complaints(self) -> list[dict[str, Any]]:
        """What any process has logged as an error."""
        lines = (line for process in self.processes.values() for line in process.log())
        return [line for line in lines if line.get("level") in ("error", "critical")]


@asynccontextmanager
async def fleet(folder: Path, database_url: str, keys: Path, allow: str) -> AsyncIterator[Fleet]:
    """All four, started and ready."""
    made: dict[str, Process] = {}
    for name, command in (
        ("web-1", "serve"),
        ("web-2", "serve"),
        ("worker-1", "worker"),
        ("worker-2", "worker"),
    ):
        data_dir = folder / name
        shutil.copytree(keys, data_dir / "keys")
        environment = {"DATABASE_URL": database_url, "PORT": str(free_port()), "FETCH_ALLOW": allow}
        made[name] = Process((command,), data_dir, environment)
    try:
        for process in made.values():
            process.start()
        for process in made.values():
            await process.ready()
        whole = Fleet(made)
        yield whole
        assert whole.complaints() == [], whole.complaints()
    finally:
        for process in made.values():
            process.kill()
