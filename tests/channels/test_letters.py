"""Every fault of a mail server at every step: both letters once and in order, or a person decides."""

from __future__ import annotations

from dataclasses import replace

import pytest

from content.delivery_states import DeliveryState
from content.permissions import Actor
from service.channels import post as letters
from service.channels.outlets import Outlets
from service.context import Context
from service.store.engine import Database
from service.usecases import channels, outbox
from tests.channels.door import crowd
from tests.channels.hours import rows, settle
from tests.channels.post_office import HANGS_UP, SILENCE, PostOffice, post_office
from tests.conftest import Clock
from tests.ports import free_port
from tests.writing import Site, corrected, published, ways_out

SENT, FAILED, UNCERTAIN = DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.UNCERTAIN
WAITING, PENDING = DeliveryState.WAITING, DeliveryState.PENDING
BEFORE = ("MAIL", "RCPT")
LATER = ("421 closing\r\n", "451 try later\r\n", "452 full\r\n")
NEVER = ("550 no\r\n", "552 too big\r\n", "554 spam\r\n")
BROKEN = (HANGS_UP, SILENCE, "25", "HTTP/1.1 400 Bad Request\r\n\r\n", "250-" + "x" * 100_000 + "\r\n")
NO_YES = ("200 well\r\n", "251 somewhere else\r\n", "354 go on\r\n")
CASES = [
    *((step, say, False, SENT) for step in ("greeting", *BEFORE) for say in (LATER[0], *BROKEN)),
    *((step, say, False, SENT) for step in BEFORE for say in LATER[1:]),
    *((step, say, False, FAILED) for step in (*BEFORE, "DATA", "text") for say in NEVER),
    ("greeting", "554 not from there\r\n", False, FAILED),
    ("AUTH", "535 password has expired\r\n", False, FAILED),
    ("AUTH", "454 cannot tell now\r\n", False, SENT),
    *((step, say, False, SENT) for step in ("DATA", "text") for say in LATER),
    *(("text", say, taken, UNCERTAIN) for say in BROKEN for taken in (False, True)),
    *(("text", say, True, UNCERTAIN) for say in NO_YES),
]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "SECONDS", 0.2)


async def both(ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor) -> str:
    """A text and its correction, for a list of one."""
    async with db.write() as session:
        await channels.add(ctx, session, "mail", "email", "", sysadmin, settings={"to": ["a@example.org"]})
    told = await published(ctx, db, editor, issuer)
    await corrected(ctx, db, told.public_id, editor, issuer, fact="四十三项指标全部达标。")
    return told.public_id


async def states(db: Database, page: str) -> list[str]:
    return [d.state for d in await rows(db, page, "mail")]


@pytest.mark.parametrize(
    ("step", "say", "taken", "state"),
    CASES,
    ids=[f"{s} {w[:12].strip()}{' taken' * t}" for s, w, t, _ in CASES],
)
async def test_a_letter_arrives_once_or_waits_for_a_person(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock,
    step: str, say: str, taken: bool, state: str,
) -> None:  # fmt: skip
    async with post_office(PostOffice(step, say, taken)) as office:
        url = f"smtp://desk:secret@127.0.0.1:{office.port}?from=qingyuan@example.org"
        async with ways_out(ctx, Site(), smtp_url=url) as out:
            page = await both(ctx, db, editor, issuer, sysadmin)
            await settle(ctx, db, out, clock)
            assert await states(db, page) == [state, PENDING if state == UNCERTAIN else SENT]
            assert office.got == ["publish"] * (taken or state == SENT) + ["correct"] * (state != UNCERTAIN)
            if state != UNCERTAIN:
                return
            [first, _] = await rows(db, page, "mail")
            async with db.write() as session:
                await outbox.resolve(ctx, session, first.id, "sent" if taken else "resend", editor)
            await settle(ctx, db, out, clock)
            assert (await states(db, page), office.got) == ([SENT, SENT], ["publish", "correct"])


def through(out: Outlets, url: str) -> Outlets:
    """The same ways out with another mail server."""
    return replace(out, through=replace(out.through, smtp_url=url))


@pytest.mark.parametrize(
    "address", ["smtp://127.0.0.1:{port}", "smtp://nowhere.invalid:{port}", "smtps://127.0.0.1:{open}"]
)
async def test_a_server_that_is_not_reached_gets_both_when_it_is(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock, address: str
) -> None:
    async with post_office(PostOffice()) as office, ways_out(ctx, Site()) as out:
        page = await both(ctx, db, editor, issuer, sysadmin)
        wrong = address.format(port=free_port(), open=office.port)
        await settle(ctx, db, through(out, wrong), clock, 2)
        assert await states(db, page) == [WAITING, PENDING]
        await settle(ctx, db, through(out, f"smtp://127.0.0.1:{office.port}"), clock)
        assert (await states(db, page), office.got) == ([SENT, SENT], ["publish", "correct"])


async def test_a_server_before_which_a_crowd_waits_gets_both_later(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock
) -> None:
    port = free_port()
    async with ways_out(ctx, Site(), smtp_url=f"smtp://127.0.0.1:{port}") as out:
        page = await both(ctx, db, editor, issuer, sysadmin)
        async with crowd(port):
            await settle(ctx, db, out, clock, 1)
        assert await states(db, page) == [WAITING, PENDING]
        async with post_office(PostOffice(port=port)) as office:
            await settle(ctx, db, out, clock)
            assert (await states(db, page), office.got) == ([SENT, SENT], ["publish", "correct"])
