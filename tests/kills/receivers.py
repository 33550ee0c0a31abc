"""Everybody to whom the house speaks, in a process of their own that nobody kills.

They check signatures and limits as the real services do, take their time, are sometimes busy and sometimes lose their answer
after taking a message. What each of them took is one line of a file, in the order of taking: the only witness of the test.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import json
import multiprocessing
import random
import urllib.request
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from aiohttp import web
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.channels.accounts import Account
from tests.channels.robots import USUAL, hub
from tests.channels.understood import Taken, understood
from tests.ports import free_port

FORK = multiprocessing.get_context("fork")
SLOW = 0.05  # seconds at most before a message is taken, and again before the answer
BUSY, LOST = 0.03, 0.02  # shares of "come back later" and of answers that never arrive
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Receivers:
    """All of them; `log` is their record."""

    def __init__(self, log: Path, rng: random.Random) -> None:
        self.log, self.rng = log, rng
        self.account = Account(slow=1)
        self.known: set[str] = set()  # webhook ids
        self.busy_with: set[object] = set()

    def note(self, channel: str, key: str, said: str) -> None:
        with self.log.open("ab") as file:
            file.write(
                json.dumps(asdict(understood(channel, key, said)), ensure_ascii=False).encode() + b"\n"
            )

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Any request, from its first byte to its answer."""
        if request.path == "/settle":
            return await self.settled()
        token = object()
        self.busy_with.add(token)
        try:
            return await self.slowly(request)
        finally:
            self.busy_with.discard(token)

    async def slowly(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        kind = request.path.split("/")[1]
        slow = SLOW / 6 if kind == "wechat" else SLOW  # which takes six requests for a message
        await asyncio.sleep(self.rng.uniform(0, slow))
        if self.rng.random() < BUSY:
            return web.Response(status=429)
        answer = await (self.official(request) if kind == "wechat" else self.plain(kind, request, body))
        await asyncio.sleep(self.rng.uniform(0, slow))
        if self.rng.random() < LOST and request.transport:
            request.transport.abort()
        return answer

    async def official(self, request: web.Request) -> web.StreamResponse:
        """The official account: what counts is what its readers saw."""
        seen = len(self.account.ever)
        answer = await self.account.answer(request)
        for article in self.account.ever[seen:]:
            self.note("wechat", "", article["title"] + article["content_source_url"])
        return answer

    async def plain(self, kind: str, request: web.Request, body: bytes) -> web.StreamResponse:
        if kind == "websub":
            self.note(kind, "", "")
            return await hub(request)
        answer = await USUAL[kind](request)
        key = request.headers.get("webhook-id", "")
        if not _says_yes(answer):
            self.note(f"{kind} refused", key, body.decode())
        elif kind != "webhook" or key not in self.known:
            self.note(kind, key, body.decode())
            self.known |= {key} if kind == "webhook" else set()
        else:
            self.note(f"{kind} again", key, body.decode())
        return answer

    async def settled(self) -> web.Response:
        """Answers when everything that had begun before is over, also what still lay in a socket."""
        for _ in range(3):
            begun = set(self.busy_with)
            for _ in range(5000):
                await asyncio.sleep(0.004)
                if not begun & self.busy_with:
                    break
        return web.json_response({})


def _says_yes(answer: web.StreamResponse) -> bool:
    said: Any = json.loads(answer.text) if isinstance(answer, web.Response) and answer.text else {}
    return answer.status < 300 and said.get("errcode", said.get("code", 0)) == 0


class Post:
    """The mail server: takes letters, is sometimes full, sometimes hangs up after taking one."""

    def __init__(self, receivers: Receivers) -> None:
        self.receivers, self.rng = receivers, receivers.rng

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.receivers.busy_with.add(session)
        try:
            await asyncio.sleep(self.rng.uniform(0, SLOW))
            if self.rng.random() < BUSY:
                return "452 full"
            content = envelope.content
            assert isinstance(content, bytes)
            letter = email.message_from_bytes(content, policy=email.policy.default)
            plain = letter.get_body(("plain",))
            said = f"{letter['Subject']} {plain.get_content() if plain else ''}"
            self.receivers.note("email", str(letter["Message-ID"]), said)
            await asyncio.sleep(self.rng.uniform(0, SLOW))
            if self.rng.random() < LOST:
                assert isinstance(server.transport, asyncio.Transport)
                server.transport.abort()
            return "250 OK"
        finally:
            self.receivers.busy_with.discard(session)


def receive(log: Path, pipe: Connection, seed: int) -> None:
    """The process: answers until it is killed; says its two ports first."""
    receivers = Receivers(log, random.Random(seed))
    letters = Controller(Post(receivers), hostname="127.0.0.1", port=free_port())
    letters.start()

    async def serve() -> None:
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", receivers.handle)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        pipe.send((runner.addresses[0][1], letters.port))
        await asyncio.Event().wait()

    asyncio.run(serve())


@dataclass
class Witness:
    """The receivers as the test sees them: their ports, and what they took so far."""

    log: Path
    port: int
    smtp_port: int
    taken: list[Taken]
    read: int = 0

    def settle(self) -> list[Taken]:
        """Wait until nothing is on its way to anybody; everything taken so far, in order."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/settle", timeout=20):
            pass
        raw = self.log.read_bytes()[self.read :]
        self.read += len(raw)
        self.taken += [Taken(**json.loads(line)) for line in raw.splitlines()]
        return self.taken


def start(log: Path, seed: int) -> tuple[multiprocessing.context.ForkProcess, Witness]:
    """The receivers' process and its witness."""
    ours, theirs = FORK.Pipe()
    log.touch()
    process = FORK.Process(target=receive, args=(log, theirs, seed), daemon=True)
    process.start()
    assert ours.poll(20), "the receivers did not start"
    port, smtp_port = ours.recv()
    return process, Witness(log, port, smtp_port, [])
