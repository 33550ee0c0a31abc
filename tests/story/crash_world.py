"""A whole newsroom around one real `serve` process that may be killed at any moment: feed, receiver, people, browsers.

Every act of a person is tried until the database shows it: after a crash a person presses the button again.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp
from aiohttp import web

from content.permissions import SERVICE, Actor
from service import keys, settings
from service.context import Context
from service.store import migrate
from service.store.engine import Database, make_engine
from service.usecases import accounts, channels, experts, sources
from tests.conftest import actor
from tests.ports import free_port
from tests.processes import Process
from tests.sinks import Sink, sink

PASSWORD = "秀江水面有小白鹭四只"
RUMOR = "紧急通知！隔夜的银耳有剧毒，吃了当场中毒身亡，医院已经收治几十人，赶快转发给家人！"
Gone = (aiohttp.ClientError, OSError, TimeoutError)


@dataclass
class Browser:
    """One person's browser. `post` gives the status, or None when the connection broke."""

    url: str
    name: str
    client: aiohttp.ClientSession
    entered: bool = False

    async def page(self, path: str) -> str:
        async with self.client.get(self.url + path) as answer:
            text = await answer.text()
            assert answer.status == 200, f"{path}: {answer.status} {text[:300]}"
            return text

    async def post(self, path: str, **form: str) -> int | None:
        try:
            if not self.entered:
                await self.enter()
            token = _token(await self.page("/account"))
            body = {"csrf": token, **form}
            async with self.client.post(self.url + path, data=body, allow_redirects=False) as answer:
                return answer.status
        except Gone:
            return None

    async def enter(self) -> None:
        """Sign in through the form."""
        token = _token(await self.page("/login"))
        form = {"csrf": token, "name": self.name, "password": PASSWORD}
        async with self.client.post(self.url + "/login", data=form, allow_redirects=False) as answer:
            assert answer.status == 303, await answer.text()
        self.entered = True


def _token(html: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', html)
    assert found, "this page has no form token"
    return found.group(1)


@dataclass
class World:
    """`acknowledged`: what the service has confirmed to a person before it died."""

    process: Process
    database: Database
    ctx: Context
    sink: Sink
    people: dict[str, Browser] = field(default_factory=dict)
    ids: dict[str, UUID] = field(default_factory=dict)
    crashes: int = 0
    acknowledged: list[str] = field(default_factory=list)

    async def start(self, crash_at: str = "") -> None:
        """Start (again). It may die before it is ready: then `revive` sees it."""
        self.process.start(CRASH_AT=crash_at)
        with contextlib.suppress(AssertionError):
            await self.process.ready()

    async def revive(self) -> None:
        """If it is dead: note the crash and start it without a crash point."""
        if not self.process.running:
            assert self.process.popen is not None
            assert self.process.popen.returncode == -9, self.process.errors()
            self.crashes += 1
            await self.start()

    async def until(self, name: str, done: Callable[[], Awaitable[Any]], within: float = 40.0) -> Any:
        """Wait until the database shows it, reviving the process when it dies."""
        ends = asyncio.get_running_loop().time() + within
        while True:
            await self.revive()
            if found := await done():
                return found
            assert asyncio.get_running_loop().time() < ends, f"{name}: not in time. {self.process.errors()}"
            await asyncio.sleep(0.1)

    async def act(
        self, name: str, who: str, path: str, done: Callable[[], Awaitable[Any]], **form: str
    ) -> Any:
        """A person does something, again if need be, until the database shows it."""

        async def pressed() -> Any:
            if found := await done():
                return found
            status = await self.people[who].post(path, **form)
            if status == 303:
                self.acknowledged.append(name)
                assert await done(), f"{name} was confirmed and is not there"
            else:
                assert status is None or status in (409, 503), f"{name}: {status}"
            return await done()

        return await self.until(name, pressed)


@asynccontextmanager
async def newsroom(folder: Path) -> AsyncIterator[World]:
    """A database with people, an expert, a feed with one rumor, a receiver; nothing started yet."""
    data_dir, port, feed_port = folder / "var", free_port(), free_port()
    async with sink() as receiver, _feed(feed_port), aiohttp.ClientSession() as _:
        found = settings.load(data_dir=data_dir, port=port)
        data_dir.mkdir()
        ctx = Context(settings=found, keys=keys.load(data_dir))
        await migrate.upgrade(found.db_url)
        allow = f"127.0.0.1:{feed_port},127.0.0.1:{receiver.port}"
        process = Process(("serve",), data_dir, {"PORT": str(port), "FETCH_ALLOW": allow})
        world = World(process, Database(make_engine(found.db_url)), ctx, receiver)
        try:
            await _furnish(world, f"http://127.0.0.1:{feed_port}/feed.xml")
            yield world
        finally:
            process.kill()
            for person in world.people.values():
                await person.client.close()
            await world.database.dispose()


@asynccontextmanager
async def _feed(port: int) -> AsyncIterator[None]:
    async def answer(_: web.Request) -> web.Response:
        items = "".join(
            f"<item><guid isPermaLink='false'>{guid}</guid><title>{title}</title><description>{text}</description></item>"
            for guid, title, text in (
                ("rumor", "隔夜银耳有剧毒？", RUMOR),
                ("news", "秀江两岸步道完成照明改造", "沿江步道更换了路灯，晚间散步更亮堂。"),
            )
        )
        body = f"<rss version='2.0'><channel><title>示例</title>{items}</channel></rss>"
        return web.Response(text=body, content_type="application/rss+xml")

    app = web.Application()
    app.router.add_get("/feed.xml", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield
    finally:
        await runner.cleanup()


async def _furnish(world: World, feed_url: str) -> None:
    ctx, editor, sysadmin = world.ctx, actor("cli:root", "editor"), actor("cli:root", "sysadmin")
    async with world.database.write() as session:
        agreed = {"given": True, "on": "2025-01-01"}
        person = {
            "name": "示例专家·银耳",
            "unit": "示例单位",
            "hazards": ["food_safety"],
            "topics": ["food"],
            "profile": "食品安全、食用菌中毒与米酵菌酸",
            "consent": {"assignments": agreed, "public_name": agreed},
        }
        expert = await experts.create(ctx, session, person, editor)
        world.ids["expert"] = expert.id
        await channels.add(ctx, session, "接收方", "webhook", world.sink.url, sysadmin)
        await sources.add(ctx, session, feed_url, editor)
    for name, roles, expert_id in (
        ("bianji", ["editor"], None),
        ("qianfa", ["issuer"], None),
        ("zhuanjia", ["expert"], expert.id),
    ):
        await _hire(world, name, roles, expert_id)


async def _hire(world: World, name: str, roles: list[str], expert_id: UUID | None) -> None:
    by: Actor = SERVICE
    async with world.database.write() as session:
        _, token = await accounts.create_user(world.ctx, session, name, roles, by, expert_id=expert_id)
        await accounts.set_password(world.ctx, session, token, PASSWORD)
    jar = aiohttp.CookieJar(unsafe=True)
    world.people[name] = Browser(world.process.url, name, aiohttp.ClientSession(cookie_jar=jar))
