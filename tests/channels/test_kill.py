"""kill -9 at random moments while publications and corrections go out to a webhook, a robot and an official account.

Exactly once on the receiver that honours `webhook-id`, never an automatic repeat on the robot or before the readers of the
account, nothing lost, no correction before its original. `QINGYUAN_TEST_KILLS` sets how often (60).
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from aiohttp import web

from content.permissions import Actor
from service import keys, settings
from service.context import Context
from service.store import deliveries
from service.store.engine import Database, make_engine
from service.usecases import channels, deliver, outbox
from tests.channels.accounts import APPID, APPSECRET, Account
from tests.sinks import sink
from tests.writing import REBUTTAL, Site, corrected, published, ways_out

pytestmark = pytest.mark.processes
KILLS = int(os.environ.get("QINGYUAN_TEST_KILLS", "60"))
PIECES = max(KILLS // 2, 10)
FORK = multiprocessing.get_context("fork")
IN_DOUBT = ("wecom", "wechat")  # those that can't recognise a repeat
Heard = tuple[str, str, str]  # channel, webhook-id or "", what was said


def receive(log: Path, pipe: Connection) -> None:
    """All receivers, in a process of their own; every request that came whole is a line in `log`.

    Of the official account, a line is an article that its readers saw.
    """
    account = Account(slow=0)

    async def note(request: web.Request) -> web.StreamResponse:
        body = await request.read()
        await asyncio.sleep(random.uniform(0, 0.004))
        if request.path.startswith("/wechat/"):
            seen = len(account.ever)
            answer = await account.answer(request)
            for article in account.ever[seen:]:
                write("wechat", "", json.dumps(article, ensure_ascii=False))
            return answer
        write(request.path.strip("/"), request.headers.get("webhook-id", ""), body.decode())
        return web.json_response({"errcode": 0})

    def write(*line: str) -> None:
        with log.open("ab") as file:
            file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")

    async def serve() -> None:
        async with sink(note) as receiver:
            pipe.send(receiver.port)
            await asyncio.Event().wait()

    asyncio.run(serve())


def work(data_dir: Path, port: int, pipe: Connection) -> None:
    """A worker as it starts: takes back what a dead one held, then sends what is due, for ever."""

    async def run() -> None:
        ctx, db = open_house(data_dir)
        async with ways_out(ctx, Site(), port) as out:
            pipe.send("ready")
            while True:
                await deliver.recover(ctx, db, starting=True)
                await deliver.deliver_due(ctx, db, out)
                await asyncio.sleep(0.002)

    asyncio.run(run())
    os._exit(0)


def open_house(data_dir: Path) -> tuple[Context, Database]:
    found = settings.load(data_dir=data_dir)
    return Context(found, keys.load(data_dir)), Database(make_engine(found.db_url))


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    ours, theirs = FORK.Pipe()
    log = tmp_path / "heard.jsonl"
    log.touch()
    process = FORK.Process(target=receive, args=(log, theirs), daemon=True)
    process.start()
    assert ours.poll(10)
    yield ours.recv(), log
    process.kill()
    process.join()


def heard(log: Path) -> list[Heard]:
    return [tuple(json.loads(line)) for line in log.read_bytes().splitlines()]


def mark(said: str) -> tuple[str, bool]:
    """Which page a message is about, and whether it is the correction."""
    page = said.split("/p/")[1][:12]
    return page, "更正" in said or '"correct"' in said


async def publish_everything(
    data_dir: Path, port: int, editor: Actor, issuer: Actor, sysadmin: Actor
) -> None:
    ctx, db = open_house(data_dir)
    async with db.write() as session:
        for kind in ("webhook", *IN_DOUBT):
            url = f"http://127.0.0.1:{port}/{kind}"
            settings = {"per_minute": 10_000, "appid": APPID}
            await channels.add(ctx, session, kind, kind, url, sysadmin, APPSECRET, settings)
    for number in range(PIECES):
        body = REBUTTAL.model_copy(update={"title": f"水质检测第{number}号公告达标"})
        told = await published(ctx, db, editor, issuer, body)
        if number % 2:
            await corrected(ctx, db, told.public_id, editor, issuer, todo="照常用水。")
    await db.dispose()


async def person_looks(data_dir: Path, log: Path, editor: Actor) -> tuple[int, int]:
    """Somebody settles every doubt rightly; (doubts, unfinished)."""
    ctx, db = open_house(data_dir)
    arrived = {(channel, *mark(said)) for channel, _, said in heard(log)}
    async with db.write() as session:
        doubts = await outbox.listing(session, ["uncertain"], limit=10_000)
        for row in doubts:
            there = (row.channel_name, row.public_id, row.type == "correct") in arrived
            await outbox.resolve(ctx, session, row.id, "sent" if there else "resend", editor)
        rest = await deliveries.listing(session, ["pending", "sending", "waiting"], limit=10_000)
    await db.dispose()
    return len(doubts), len(rest)


def let_work_and_kill(data_dir: Path, port: int, seconds: float) -> None:
    ours, theirs = FORK.Pipe()
    worker = FORK.Process(target=work, args=(data_dir, port, theirs), daemon=True)
    worker.start()
    assert ours.poll(20)
    time.sleep(seconds)
    assert worker.pid
    os.kill(worker.pid, signal.SIGKILL)
    worker.join()


def test_killed_again_and_again_each_message_arrives_once_and_in_order(
    tmp_path: Path,
    sqlite_template: Path,
    receiver: tuple[int, Path],
    editor: Actor,
    issuer: Actor,
    sysadmin: Actor,
) -> None:
    port, log = receiver
    data_dir = tmp_path / "var"
    data_dir.mkdir()
    shutil.copy(sqlite_template, data_dir / "qingyuan.sqlite")
    asyncio.run(publish_everything(data_dir, port, editor, issuer, sysadmin))
    rng, doubts, rounds = random.Random(20261124), 0, 0
    while rounds < KILLS * 5:
        let_work_and_kill(data_dir, port, rng.uniform(0.02, 0.35))
        rounds += 1
        settled, rest = asyncio.run(person_looks(data_dir, log, editor)) if rounds % 10 == 0 else (0, 1)
        doubts += settled
        if rounds >= KILLS and not settled and not rest:
            break
    check(heard(log), doubts, rounds)


def check(said: list[Heard], doubts: int, rounds: int) -> None:
    assert rounds < KILLS * 5, "it never came to an end"
    first_by_id = {key: text for channel, key, text in reversed(said) if channel == "webhook"}
    order = [key for channel, key, _ in said if channel == "webhook"]
    webhook = [mark(first_by_id[key]) for key in dict.fromkeys(order)]
    others = {name: [mark(text) for channel, _, text in said if channel == name] for name in IN_DOUBT}
    expected = PIECES + PIECES // 2
    for name, marks in {"webhook": webhook, **others}.items():
        assert max(Counter(marks).values()) == 1, f"{name}: something arrived twice"
        assert len(marks) == expected, f"{name}: something was lost"
        for page, correction in marks:
            if correction:
                assert marks.index((page, False)) < marks.index((page, True)), f"{name}: correction first"
    print(
        f"{rounds} kills, {len(order)} webhook requests for {expected} messages, {doubts} doubts of the others"
    )
