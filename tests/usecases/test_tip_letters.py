"""Who asked and left a mail address is told the outcome by a letter, once; a real SMTP server takes them."""

from __future__ import annotations

import email
import email.policy
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlmodel import select

from content import tip_letters as words
from content.audit import AuditEntry
from content.cases import Case
from content.permissions import Actor
from content.publications import Publication
from service.context import Context
from service.store import tip_letters as letters
from service.store import tips as store
from service.store.engine import Database
from service.store.tables import Tip
from service.usecases import cases, publish, tip_letters, tips
from service.usecases.triage import triage_pending
from tests.channels.test_email import Server
from tests.conftest import Clock
from tests.ports import free_port
from tests.usecases.newsroom import ShippedAssessor
from tests.writing import REBUTTAL, published

ASKED = "听说上游工厂泄漏，全市自来水有毒，明天起停水三天，是真的吗？"


@pytest.fixture
async def server() -> AsyncIterator[tuple[Server, str]]:
    handler = Server()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield handler, f"smtp://127.0.0.1:{controller.port}?from=qingyuan@example.org"
    controller.stop()


def with_mail(ctx: Context, url: str) -> Context:
    return replace(ctx, settings=ctx.settings.model_copy(update={"smtp_url": url}))


def read(server: Server) -> list[EmailMessage]:
    found = []
    for envelope in server.letters:
        raw = envelope.content
        assert isinstance(raw, bytes)
        found.append(email.message_from_bytes(raw, policy=email.policy.default))
    return found


async def asked(ctx: Context, db: Database, contact: str, text: str = ASKED) -> tuple[Tip, str, Case]:
    """Somebody asks; triage opens the case."""
    async with db.write() as session:
        tip, token = await tips.submit(ctx, session, text, contact=contact)
    await triage_pending(ctx, db, ShippedAssessor(rules_only=True))
    async with db.read() as session:
        case_id = await store.home(session, tip)
        case = await session.get(Case, case_id)
    assert case is not None
    return tip, token, case


async def answer(
    ctx: Context, db: Database, case: Case, editor: Actor, issuer: Actor, **more: Any
) -> Publication:
    async with db.write() as session:
        await cases.claim(ctx, session, case.id, editor)
    return await published(ctx, db, editor, issuer, case_id=case.id, **more)


async def row(db: Database, tip: Tip) -> Tip:
    async with db.read() as session:
        return (await session.exec(select(Tip).where(Tip.id == tip.id))).one()


async def test_the_asker_gets_one_letter_with_the_answer_and_the_address_is_deleted(
    ctx: Context, database: Database, editor: Actor, issuer: Actor, clock: Clock, server: tuple[Server, str]
) -> None:
    ctx = with_mail(ctx, server[1])
    tip, token, case = await asked(ctx, database, "张女士 zhang.li@example.cn（晚上方便）")
    assert await tip_letters.send_due(ctx, database) == 0
    told = await answer(ctx, database, case, editor, issuer)
    assert await tip_letters.send_due(ctx, database) == 0  # a slip can still be taken back
    clock.move(minutes=6)
    assert await tip_letters.send_due(ctx, database) == 1
    assert await tip_letters.send_due(ctx, database) == 0
    (letter,) = read(server[0])
    assert server[0].letters[0].rcpt_tos == ["zhang.li@example.cn"]
    body = letter.get_content()
    assert letter["Subject"] == f"求证有结果了：{REBUTTAL.title}"
    assert f"/p/{told.public_id}" in body
    assert REBUTTAL.fact in body
    after = await row(database, tip)
    assert (after.told, after.contact) == ("sent", None)
    async with database.read() as session:
        status = await tips.status(session, token)
        entries = (await session.exec(select(AuditEntry).where(AuditEntry.act == "tip.told"))).all()
    assert (status.state, status.told) == ("answered", True)
    assert [entry.after for entry in entries] == [{"outcome": "sent", "state": "answered"}]
    assert "zhang" not in "".join(entry.model_dump_json() for entry in entries)


async def test_what_was_asked_is_never_in_the_letter(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, clock: Clock, server: tuple[Server, str]
) -> None:
    """Else anybody could have us send their own words to anybody."""
    ctx = with_mail(ctx, server[1])
    spam = "恭喜中奖 https://win.example.com 点击领取，自来水有毒是真的吗"
    _, _, case = await asked(ctx, db, "stranger@example.cn", spam)
    await answer(ctx, db, case, editor, issuer)
    clock.move(minutes=6)
    await tip_letters.send_due(ctx, db)
    (letter,) = read(server[0])
    assert "win.example.com" not in letter.as_string() + letter.get_content()
    assert "中奖" not in letter.get_content()


async def test_a_question_that_was_closed_is_told_as_that_after_an_hour(
    ctx: Context, database: Database, editor: Actor, clock: Clock, server: tuple[Server, str]
) -> None:
    ctx = with_mail(ctx, server[1])
    tip, _, case = await asked(ctx, database, "a@example.cn")
    async with database.write() as session:
        await cases.dismiss(ctx, session, case.id, "不涉及科学事实", editor)
    clock.move(minutes=59)
    assert await tip_letters.send_due(ctx, database) == 0
    clock.move(minutes=2)
    assert await tip_letters.send_due(ctx, database) == 1
    (letter,) = read(server[0])
    assert letter["Subject"] == "您的求证已经办结"
    assert "没有回应不等于它是真的" in letter.get_content()
    assert (await row(database, tip)).contact is None


async def test_a_server_that_is_busy_gets_the_letter_later_and_only_once(
    ctx: Context, database: Database, editor: Actor, issuer: Actor, clock: Clock, server: tuple[Server, str]
) -> None:
    ctx = with_mail(ctx, server[1])
    tip, _, case = await asked(ctx, database, "a@example.cn")
    await answer(ctx, database, case, editor, issuer)
    clock.move(minutes=6)
    server[0].say = "451 later"
    assert await tip_letters.send_due(ctx, database) == 1
    server[0].say = "250 OK"
    assert await tip_letters.send_due(ctx, database) == 0
    assert (await row(database, tip)).contact is not None
    clock.move(minutes=6)
    assert await tip_letters.send_due(ctx, database) == 1
    assert len(server[0].letters) == 1


async def test_a_letter_whose_fate_is_unknown_is_not_repeated(
    ctx: Context, database: Database, editor: Actor, issuer: Actor, clock: Clock, server: tuple[Server, str]
) -> None:
    ctx = with_mail(ctx, server[1])
    tip, _, case = await asked(ctx, database, "a@example.cn")
    await answer(ctx, database, case, editor, issuer)
    clock.move(minutes=6)
    server[0].hang_up = True
    await tip_letters.send_due(ctx, database)
    server[0].hang_up = False
    clock.move(days=1)
    assert await tip_letters.send_due(ctx, database) == 0
    assert (await row(database, tip)).told == "doubt"
    clock.move(days=31)
    async with database.write() as session:
        await store.forget_contacts(session, ctx.now() - timedelta(days=30))
    assert (await row(database, tip)).contact is None


async def test_a_sender_that_died_with_a_letter_in_hand_leaves_it_in_doubt(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, clock: Clock, server: tuple[Server, str]
) -> None:
    ctx = with_mail(ctx, server[1])
    tip, _, case = await asked(ctx, db, "a@example.cn")
    await answer(ctx, db, case, editor, issuer)
    async with db.write() as session:
        assert await letters.claim(session, tip.id, ctx.now())
        assert not await letters.claim(session, tip.id, ctx.now())
    clock.move(minutes=11)
    assert await tip_letters.send_due(ctx, db) == 0
    assert (await row(db, tip)).told == "doubt"
    assert server[0].letters == []


async def test_an_address_that_the_server_refuses_is_deleted(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, clock: Clock, server: tuple[Server, str]
) -> None:
    ctx = with_mail(ctx, server[1])
    tip, _, case = await asked(ctx, db, "nobody@example.cn")
    await answer(ctx, db, case, editor, issuer)
    server[0].refuse = {"nobody@example.cn": "550 no such user"}
    clock.move(minutes=6)
    await tip_letters.send_due(ctx, db)
    after = await row(db, tip)
    assert (after.told, after.contact) == ("failed", None)


async def test_an_answer_that_was_taken_back_is_not_told(
    ctx: Context, database: Database, editor: Actor, issuer: Actor, clock: Clock, server: tuple[Server, str]
) -> None:
    ctx = with_mail(ctx, server[1])
    await asked(ctx, database, "a@example.cn")
    async with database.read() as session:
        case = (await session.exec(select(Case))).one()
    told = await answer(ctx, database, case, editor, issuer)
    async with database.write() as session:
        await publish.retract(ctx, session, told.public_id, "检测报告有误。", issuer)
    clock.move(minutes=6)
    assert await tip_letters.send_due(ctx, database) == 0
    assert server[0].letters == []


async def test_without_a_mail_address_or_a_server_nobody_is_written_to(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, clock: Clock, server: tuple[Server, str]
) -> None:
    _, _, case = await asked(ctx, db, "13900001111")
    await answer(ctx, db, case, editor, issuer)
    clock.move(minutes=6)
    assert await tip_letters.send_due(ctx, db) == 0
    assert await tip_letters.send_due(with_mail(ctx, server[1]), db) == 0
    assert server[0].letters == []


@pytest.mark.parametrize(
    ("contact", "address"),
    [
        ("zhang@example.cn", "zhang@example.cn"),
        ("邮箱：li.si+news@mail.example.com.cn，电话139", "li.si+news@mail.example.com.cn"),
        ("a@example.cn\r\nBcc: all@example.org", "a@example.cn"),
        ("13900001111", ""),
        ("a@b", ""),
        ("@example.cn", ""),
        ("张三@例子.中国", ""),
    ],
)
def test_an_address_is_taken_from_what_was_left(contact: str, address: str) -> None:
    assert words.address_of(contact) == address
