"""Faults on the channels that are no robot: the hub, letters, our own site, and what a person does by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qs

import pytest
from aiohttp import web
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from content.delivery_states import DeliveryState
from content.permissions import Actor
from service.channels import http as over_http
from service.channels import post as letters
from service.context import Context
from service.store.engine import Database
from service.usecases import channels, outbox
from tests.channels.robots import hub
from tests.channels.test_faults import AMBIGUOUS, PERMANENT, TEMPORARY, rows, settle
from tests.conftest import Clock
from tests.sinks import Behaviour, free_port, sink
from tests.writing import Site, corrected, published, ways_out

SENT, FAILED, UNCERTAIN = DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.UNCERTAIN


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(over_http, "READ_SECONDS", 0.2)
    monkeypatch.setattr(over_http, "BODY_SECONDS", 0.2)
    monkeypatch.setattr(letters, "SECONDS", 0.3)


class Hub:
    """A hub that misbehaves on the first two pings; `pings` are those that it took."""

    def __init__(self, behave: Behaviour) -> None:
        self.faults, self.pings = [behave, behave], 0

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        if self.faults:
            return await self.faults.pop()(request)
        assert len(parse_qs((await request.read()).decode())["hub.url"]) == 3
        self.pings += 1
        return await hub(request)


SOFT = TEMPORARY | AMBIGUOUS


@pytest.mark.parametrize("fault", SOFT)
async def test_a_hub_is_pinged_again_by_itself_after_a_soft_fault(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock, fault: str
) -> None:
    usual = Hub(SOFT[fault])
    async with sink(usual) as receiver, ways_out(ctx, Site(), receiver.port) as out:
        async with db.write() as session:
            await channels.add(ctx, session, "hub", "websub", receiver.url, sysadmin)
        told = await published(ctx, db, editor, issuer)
        await settle(ctx, db, out, clock)
    assert [d.state for d in await rows(db, told.public_id, "hub")] == [SENT]
    assert usual.pings == 1


@pytest.mark.parametrize("fault", PERMANENT)
async def test_a_hub_that_refuses_waits_for_a_person(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock, fault: str
) -> None:
    usual = Hub(PERMANENT[fault])
    usual.faults.pop()
    async with sink(usual) as receiver, ways_out(ctx, Site(), receiver.port) as out:
        async with db.write() as session:
            await channels.add(ctx, session, "hub", "websub", receiver.url, sysadmin)
        told = await published(ctx, db, editor, issuer)
        await settle(ctx, db, out, clock)
        [failed] = await rows(db, told.public_id, "hub")
        assert (failed.state, usual.pings) == (FAILED, 0)
        async with db.write() as session:
            await outbox.resend(ctx, session, failed.id, editor)
        await settle(ctx, db, out, clock)
    assert usual.pings == 1


class Post:
    """A mail server that fails once, at `step`, with `say` (or by hanging up, or by silence)."""

    def __init__(self, step: str, say: str) -> None:
        self.step, self.say, self.subjects = step, say, list[str]()

    async def _fault(self, step: str, server: SMTP) -> str | None:
        if step != self.step:
            return None
        self.step = ""
        if self.say == "hangs up":
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        if self.say == "silence":
            await asyncio.sleep(1)
        return self.say if self.say[0].isdigit() else "451 never read"

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return await self._fault("mail", server) or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return await self._fault("rcpt", server) or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if said := await self._fault("data", server):
            return said
        content = envelope.content
        assert isinstance(content, bytes)
        self.subjects.append(content.decode().partition("Subject: ")[2].partition("\n")[0])
        return "250 OK"


@asynccontextmanager
async def post_office(step: str, say: str) -> AsyncIterator[tuple[Post, str]]:
    handler = Post(step, say)
    controller = Controller(handler, hostname="127.0.0.1", port=await free_port())
    controller.start()
    try:
        yield handler, f"smtp://127.0.0.1:{controller.port}?from=qingyuan@example.org"
    finally:
        controller.stop()


CERTAIN = ("mail", "rcpt")  # nothing has been handed over yet
LETTERS = [
    *((step, say, SENT) for step in CERTAIN for say in ("421 closing", "451 try later", "452 full", "hangs up", "silence")),
    *((step, say, FAILED) for step in CERTAIN for say in ("550 no", "553 no", "554 spam")),
    *(("data", say, SENT) for say in ("421 closing", "451 try later", "452 full")),
    *(("data", say, FAILED) for say in ("550 no", "552 too big", "554 spam")),
    *(("data", say, UNCERTAIN) for say in ("hangs up", "silence")),
]  # fmt: skip


@pytest.mark.parametrize(("step", "say", "state"), LETTERS, ids=[f"{a} {b}" for a, b, _ in LETTERS])
async def test_a_letter_arrives_once_or_waits_for_a_person(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock,
    step: str, say: str, state: str,
) -> None:  # fmt: skip
    async with post_office(step, say) as (handler, url), ways_out(ctx, Site(), smtp_url=url) as out:
        async with db.write() as session:
            await channels.add(
                ctx, session, "mail", "email", "", sysadmin, settings={"to": ["a@example.org"]}
            )
        told = await published(ctx, db, editor, issuer)
        await corrected(ctx, db, told.public_id, editor, issuer, fact="四十三项指标全部达标。")
        await settle(ctx, db, out, clock)
        first, second = await rows(db, told.public_id, "mail")
        assert first.state == state
        assert second.state == (DeliveryState.PENDING if state == UNCERTAIN else SENT)
        expected = {SENT: 2, FAILED: 1, UNCERTAIN: 0}[DeliveryState(state)]
        assert len(handler.subjects) == len(set(handler.subjects)) == expected


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), RuntimeError("a template broke")])
async def test_our_own_site_is_rendered_again_until_it_stands(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, clock: Clock, error: Exception
) -> None:
    class Breaks(Site):
        async def __call__(self, public_id: str) -> None:
            if not self.rendered:
                self.rendered.append("broke")
                raise error
            await super().__call__(public_id)

    site = Breaks()
    async with ways_out(ctx, site) as out:
        told = await published(ctx, db, editor, issuer)
        await corrected(ctx, db, told.public_id, editor, issuer, fact="四十三项指标全部达标。")
        await settle(ctx, db, out, clock)
    assert [d.state for d in await rows(db, told.public_id, "site")] == [SENT, SENT]
    assert site.rendered == ["broke", told.public_id, told.public_id]


async def test_what_is_done_by_hand_waits_for_the_person_each_time_and_in_order(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock
) -> None:
    async with ways_out(ctx, Site()) as out:
        async with db.write() as session:
            await channels.add(ctx, session, "大喇叭", "todo", "", sysadmin)
        told = await published(ctx, db, editor, issuer)
        await corrected(ctx, db, told.public_id, editor, issuer, fact="四十三项指标全部达标。")
        for expected in ([UNCERTAIN, DeliveryState.PENDING], [SENT, UNCERTAIN], [SENT, SENT]):
            await settle(ctx, db, out, clock)
            found = await rows(db, told.public_id, "大喇叭")
            assert [d.state for d in found] == expected
            doubt = [d for d in found if d.state == UNCERTAIN]
            if doubt:
                async with db.write() as session:
                    await outbox.resolve(ctx, session, doubt[0].id, "sent", editor)
