"""`channel` and `outbox` from a shell."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from content.permissions import Actor
from service import settings
from service.cli.commands import build
from service.cli.opening import open_database, prepare
from service.usecases import deliver, outbox
from tests.sinks import answers, sink
from tests.writing import Site, published, ways_out


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QINGYUAN_DATA_DIR", str(tmp_path / "var"))


@pytest.fixture
def receiver_port() -> Iterator[int]:
    """A receiver in a thread of its own, since a command has its own event loop."""
    ready, stop, ports = threading.Event(), threading.Event(), list[int]()

    async def serve() -> None:
        async with sink() as receiver:
            ports.append(receiver.port)
            ready.set()
            await asyncio.to_thread(stop.wait)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    ready.wait(5)
    yield ports[0]
    stop.set()
    thread.join(5)


def call(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(build(arguments), list(arguments))
    assert result.exit_code == code, (result.output, result.exception)
    return result.stdout


def test_the_secret_is_shown_once_and_the_address_never_whole() -> None:
    added = json.loads(
        call("channel", "add", "市融媒体", "--kind", "webhook", "--url", "https://example.org/in?key=s3cret",
             "--topic", "health", "--quiet", "22:00-07:00", "--json")
    )  # fmt: skip
    assert added["secret"].startswith("whsec_")
    assert added["settings"]["routing"] == {"topics": ["health"]}
    listed = call("channel", "list", "--json")
    assert "s3cret" not in listed + json.dumps(added)
    assert added["secret"] not in listed
    assert json.loads(listed)["url"] == "https://example.org/in?…"


def test_a_robot_keeps_the_secret_that_its_service_gave() -> None:
    shown = call(
        "channel", "add", "钉钉群", "--kind", "dingtalk", "--url", "https://oapi.dingtalk.com/robot/send?access_token=x",
        "--secret", "SECabc", "--json",
    )  # fmt: skip
    assert json.loads(shown)["secret"] is None


def test_a_channel_is_tested_against_its_receiver(
    receiver_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"http://127.0.0.1:{receiver_port}/hook"
    call("channel", "add", "本机", "--kind", "webhook", "--url", url)
    assert "blocked_address" in call("channel", "test", "本机", code=1)
    monkeypatch.setenv("QINGYUAN_FETCH_ALLOW", f"127.0.0.1:{receiver_port}")
    assert "taken (http_200)" in call("channel", "test", "本机")
    assert json.loads(call("channel", "list", "--json"))["health"] == "ok"


def test_channels_are_switched_off_and_on_and_changed() -> None:
    call("channel", "add", "邮件", "--kind", "email", "--to", "a@example.org")
    call("channel", "disable", "邮件", "--reason", "维护")
    assert call("channel", "list").split()[2] == "off"
    call("channel", "enable", "邮件")
    call("channel", "edit", "邮件", "--to", "b@example.org", "--to", "c@example.org")
    assert json.loads(call("channel", "list", "--json"))["settings"]["to"] == [
        "b@example.org",
        "c@example.org",
    ]


def test_an_uncertain_delivery_is_listed_and_resolved(editor: Actor, issuer: Actor) -> None:
    delivery = asyncio.run(_leave_one_uncertain(editor, issuer))
    listed = json.loads(call("outbox", "list", "--json"))
    assert (listed["id"], listed["state"], listed["channel"]) == (delivery, "uncertain", "企微群")
    assert call("outbox", "resolve", delivery, "sent").strip() == f"{delivery} is sent"
    assert call("outbox", "list") == ""


async def _leave_one_uncertain(editor: Actor, issuer: Actor) -> str:
    ctx = prepare(settings.load())
    async with open_database(ctx.settings) as db, sink(answers("??")) as receiver:
        receiver.behaviours = [answers("??")]
        call_add = ["channel", "add", "企微群", "--kind", "wecom", "--url", receiver.url]
        await asyncio.to_thread(call, *call_add)
        async with ways_out(ctx, Site(), receiver.port) as out:
            await published(ctx, db, editor, issuer)
            await deliver.deliver_due(ctx, db, out)
        async with db.read() as session:
            [row] = await outbox.listing(session)
    return str(row.id)
