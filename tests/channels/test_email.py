"""Letters, against a real SMTP server on this machine."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from content.messages import Message, sample
from content.render.told import House
from service.channels.email import EmailChannel, letter
from service.channels.errors import Permanent, Temporary, Unknown
from tests.ports import free_port

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HOUSE = House("示例市科学技术协会", "清源", "https://example.org", ZoneInfo("Asia/Shanghai"))


class Server:
    """Takes letters; says no on demand; can hang up after the text."""

    def __init__(self) -> None:
        self.letters: list[Envelope] = []
        self.say = "250 OK"
        self.refuse: dict[str, str] = {}
        self.hang_up = False

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.hang_up:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        if self.say.startswith("250"):
            self.letters.append(envelope)
        return self.say


@pytest.fixture
async def server() -> AsyncIterator[tuple[Server, str]]:
    handler = Server()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield handler, f"smtp://127.0.0.1:{controller.port}?from=qingyuan@example.org"
    controller.stop()


def channel(url: str, *to: str) -> EmailChannel:
    return EmailChannel("邮件", url, to or ("villager@example.org",))


def message(**body: Any) -> Message:
    made = sample("3f1c", HOUSE, NOW)
    told = made.told
    changed = type(told)(**{**told.__dict__, "body": told.body.model_copy(update=body)})
    return Message("3f1c", changed, HOUSE)


async def test_a_letter_arrives_whole_in_chinese_with_text_and_html(server: tuple[Server, str]) -> None:
    handler, url = server
    sent = await channel(url, "a@example.org", "b@example.org").send(message(), "3f1c")
    [envelope] = handler.letters
    content = envelope.content
    assert isinstance(content, bytes)
    read = email.message_from_bytes(content, policy=email.policy.default)
    assert envelope.rcpt_tos == ["a@example.org", "b@example.org"]
    assert read["Subject"] == "【演练】渠道连通测试，请忽略"
    assert "a@example.org" not in read.as_string()
    assert read["Message-ID"] == "<3f1c@example.org>"
    assert sent.remote_id == "<3f1c@example.org>"
    assert "示例市科学技术协会" in read["From"]
    plain, html = read.get_body(("plain",)), read.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "这是一条测试消息" in plain.get_content()
    assert "https://example.org/p/test" in plain.get_content()
    assert "<script" not in html.get_content()


def test_a_title_with_line_breaks_makes_no_second_header() -> None:
    mail = letter(message(title="水质达标\r\nBcc: everybody@example.org"), "k", "q@example.org")
    assert mail["Bcc"] is None
    assert "\n" not in mail["Subject"]


@pytest.mark.parametrize(
    ("say", "error", "code"),
    [
        ("451 try later", Temporary, "smtp_451"),
        ("554 spam", Permanent, "smtp_554"),
        ("421 closing", Temporary, "smtp_421"),
    ],
)
async def test_the_servers_answer_decides(
    server: tuple[Server, str], say: str, error: type[Exception], code: str
) -> None:
    handler, url = server
    handler.say = say
    with pytest.raises(error) as refusal:
        await channel(url).send(message(), "k")
    assert getattr(refusal.value, "code", "") == code


async def test_silence_after_the_text_is_a_doubt(server: tuple[Server, str]) -> None:
    handler, url = server
    handler.hang_up = True
    with pytest.raises(Unknown):
        await channel(url).send(message(), "k")


async def test_nobody_listening_is_worth_another_try() -> None:
    with pytest.raises(Temporary):
        await channel(f"smtp://127.0.0.1:{free_port()}").send(message(), "k")


async def test_refused_recipients_keep_no_letter_from_the_others(server: tuple[Server, str]) -> None:
    handler, url = server
    handler.refuse = {"gone@example.org": "550 unknown user"}
    sent = await channel(url, "gone@example.org", "b@example.org").send(message(), "k")
    assert handler.letters[0].rcpt_tos == ["b@example.org"]
    assert sent.detail == {"refused": 1}
    with pytest.raises(Permanent):
        await channel(url, "gone@example.org").send(message(), "k")


@pytest.mark.parametrize(
    ("url", "to"), [("", ("a@example.org",)), ("http://x", ("a@example.org",)), ("smtp://127.0.0.1", ())]
)
async def test_without_server_or_recipients_a_person_is_needed(url: str, to: tuple[str, ...]) -> None:
    with pytest.raises(Permanent):
        await EmailChannel("邮件", url, to).send(message(), "k")
