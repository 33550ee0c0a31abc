"""A process that is told to stop finishes the message in its hands, begins no other, and leaves no child behind."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from aiohttp import web
from sqlmodel import select

from content.delivery import Delivery
from content.permissions import Actor
from service.context import Context
from service.store.engine import Database
from service.usecases import channels, deliver, sources
from tests.conftest import actor
from tests.jobs.fleet import feed_server
from tests.ports import free_port
from tests.processes import Process, eventually
from tests.sinks import sink
from tests.writing import Site, published, ways_out


async def _slow(_request: web.Request) -> web.Response:
    await asyncio.sleep(0.4)
    return web.json_response({"ok": True})


async def test_the_message_under_way_is_finished_and_no_other_begun(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor
) -> None:
    async with sink(usual=_slow) as receiver:
        async with db.write() as session:
            await channels.add(ctx, session, "接收方", "webhook", receiver.url, sysadmin)
        for _ in range(4):
            await published(ctx, db, editor, issuer)
        async with ways_out(ctx, Site(), receiver.port) as outlets:
            sending = asyncio.create_task(deliver.deliver_due(ctx, db, outlets))
            await eventually(lambda: bool(receiver.asked), 5)
            await outlets.close(5)
            await sending
    async with db.read() as session:
        hooks = select(Delivery.state).where(Delivery.channel_name == "接收方")
        states = sorted((await session.exec(hooks)).all())
    assert len(receiver.taken) == 1
    assert states == ["pending", "pending", "pending", "sent"]


def _children(pid: int) -> list[int]:
    """All living descendants."""
    found, queue = [], [pid]
    while queue:
        parent = queue.pop()
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            queue += [int(child) for child in task.read_text().split()]
        found.append(parent)
    return found[1:]


def _alive(pids: list[int]) -> list[int]:
    return [pid for pid in pids if Path(f"/proc/{pid}").exists() and _state(pid) != "Z"]


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


async def _serve_with_a_hanging_feed(ctx: Context, db: Database, port: int) -> Process:
    async with db.write() as session:
        await sources.add(ctx, session, f"http://127.0.0.1:{port}/1.xml", actor("李编辑", "editor"))
    environment = {"PORT": str(free_port()), "FETCH_ALLOW": f"127.0.0.1:{port}"}
    process = Process(("serve",), ctx.settings.data_dir, environment).start()
    await process.ready()
    return process


@pytest.mark.processes
@pytest.mark.parametrize("how", ["terminate", "kill"])
async def test_a_stopped_process_leaves_no_child_behind_and_is_quick_about_it(
    ctx: Context, db: Database, how: str
) -> None:
    async with feed_server(1, 1) as feeds:
        feeds.pause = 60
        process = await _serve_with_a_hanging_feed(ctx, db, feeds.port)
        try:
            await eventually(lambda: bool(feeds.asked), 20, process)
            assert process.popen is not None
            children = _children(process.popen.pid)
            assert children
            if how == "terminate":
                code, seconds = await asyncio.to_thread(process.terminate)
                assert (code, seconds < 8) == (0, True)  # it does not wait for a stranger
            else:
                process.kill()
            await eventually(lambda: _alive(children) == [], 5)
        finally:
            process.kill()
