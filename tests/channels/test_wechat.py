"""A WeChat official account: every fault at every step, each article once, the wrong one taken down, no doubt repeated."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import web

from content.delivery_states import DeliveryState
from content.permissions import Actor
from service.channels import http as over_http
from service.context import Context
from service.errors import Invalid
from service.store.engine import Database
from service.usecases import channels, deliver, outbox, publish
from tests.channels.accounts import APPID, APPSECRET, Account, said
from tests.channels.faults import AMBIGUOUS, PERMANENT, TEMPORARY
from tests.channels.gate import Gate, account, both, once_and_in_order, rows, settle
from tests.conftest import Clock
from tests.sinks import Behaviour, hangs_up
from tests.writing import published

SENT, FAILED, UNCERTAIN = DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.UNCERTAIN
HARMLESS = ("stable_token", "material/batchget_material", "draft/batchget", "draft/add")
ASKING = "freepublish/get"
SUBMIT = "freepublish/submit"


async def busy(request: web.Request) -> web.StreamResponse:
    """The account's own "too often", inside a 200."""
    return said(45011, "api minute-quota reach limit")


async def shut(request: web.Request) -> web.StreamResponse:
    """The account's own no, inside a 200."""
    return said(48001, "api unauthorized")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(over_http, "READ_SECONDS", 0.2)
    monkeypatch.setattr(over_http, "BODY_SECONDS", 0.2)


SOFT = [
    (path, name, behave, after)
    for path in (*HARMLESS, SUBMIT, ASKING, "freepublish/delete")
    for name, behave in {**TEMPORARY, "busy inside 200": busy, **AMBIGUOUS}.items()
    for after in (False, True)
    if not (path == SUBMIT and name in AMBIGUOUS) and not (after and name not in AMBIGUOUS)
]


@pytest.mark.parametrize(
    ("path", "fault", "behave", "after"), SOFT, ids=[f"{p}-{n}{'-done' * a}" for p, n, _, a in SOFT]
)
async def test_after_a_soft_fault_anywhere_both_articles_stand_once_and_in_order(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock,
    path: str, fault: str, behave: Behaviour, after: bool,
) -> None:  # fmt: skip
    gate = Gate(path=path, behave=behave, after=after)
    async with account(ctx, db, sysadmin, gate) as out:
        public_id = await both(ctx, db, editor, issuer)
        await settle(ctx, db, out, clock)
    once_and_in_order(gate)
    assert [d.state for d in await rows(db, public_id)] == [SENT, SENT]
    assert gate.account.made == 2, "a draft was made twice"
    assert gate.account.drafts == {}


HARD = [
    (p, n, b) for p in (*HARMLESS, SUBMIT, ASKING) for n, b in {**PERMANENT, "no inside 200": shut}.items()
]


@pytest.mark.parametrize(("path", "fault", "behave"), HARD, ids=[f"{p}-{n}" for p, n, _ in HARD])
async def test_after_a_refusal_a_person_sends_again_and_there_is_one_article(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock,
    path: str, fault: str, behave: Behaviour,
) -> None:  # fmt: skip
    gate = Gate(path=path, behave=behave)
    async with account(ctx, db, sysadmin, gate) as out:
        told = await published(ctx, db, editor, issuer)
        await settle(ctx, db, out, clock, 3)
        [failed] = await rows(db, told.public_id)
        assert failed.state == FAILED
        asked = len(gate.asked)
        await settle(ctx, db, out, clock, 3)
        assert len(gate.asked) == asked, "something was repeated without a person"
        async with db.write() as session:
            await outbox.resend(ctx, session, failed.id, editor)
        await settle(ctx, db, out, clock, 4)
    assert [d.state for d in await rows(db, told.public_id)] == [SENT]
    assert len(gate.account.ever) == gate.account.made == 1


@pytest.mark.parametrize("fault", AMBIGUOUS)
@pytest.mark.parametrize("after", [False, True], ids=["lost before", "done, answer lost"])
async def test_silence_after_the_hand_over_waits_for_a_person_and_never_makes_a_second_article(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock,
    fault: str, after: bool,
) -> None:  # fmt: skip
    gate = Gate(path=SUBMIT, behave=AMBIGUOUS[fault], after=after)
    async with account(ctx, db, sysadmin, gate) as out:
        public_id = await both(ctx, db, editor, issuer)
        await settle(ctx, db, out, clock)
        first, second = await rows(db, public_id)
        assert (first.state, second.state) == (UNCERTAIN, DeliveryState.PENDING)
        assert gate.asked.count(SUBMIT) == 1
        async with db.write() as session:  # even where the person is wrong
            await outbox.resolve(ctx, session, first.id, "resend", editor)
        await settle(ctx, db, out, clock, 4)
    first, second = await rows(db, public_id)
    assert len([a for a in gate.account.ever if not a["title"].startswith("【更正】")]) == 1
    assert first.state == (FAILED if after else SENT)


async def test_a_stale_token_is_renewed_once_and_the_act_is_done_once(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock
) -> None:
    gate = Gate(Account(slow=0), "freepublish/submit", lambda _: _stale())
    async with account(ctx, db, sysadmin, gate) as out:
        await published(ctx, db, editor, issuer)
        await settle(ctx, db, out, clock, 2)
    assert gate.account.token == 2
    assert gate.asked.count(SUBMIT) == 2
    assert len(gate.account.ever) == 1


async def _stale() -> web.Response:
    return said(42001, "access_token expired")


@pytest.mark.parametrize("status", [2, 3, 4, 5, 6])
async def test_what_the_account_refuses_in_the_end_needs_a_person(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock, status: int
) -> None:
    gate = Gate(Account(verdict=status))
    async with account(ctx, db, sysadmin, gate) as out:
        told = await published(ctx, db, editor, issuer)
        await settle(ctx, db, out, clock, 4)
    [row] = await rows(db, told.public_id)
    assert row.state == FAILED
    assert f"publish_status_{status}" in (row.error or "")
    assert gate.asked.count(SUBMIT) == 1


async def test_a_retraction_deletes_what_stands_there_and_says_why(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock
) -> None:
    gate = Gate()
    async with account(ctx, db, sysadmin, gate) as out:
        public_id = await both(ctx, db, editor, issuer)
        await settle(ctx, db, out, clock, 4)
        async with db.write() as session:
            await publish.retract(ctx, session, public_id, "检测数据有误，正在复核。", editor)
        await settle(ctx, db, out, clock, 4)
    [title] = gate.account.titles()
    assert title.startswith("【撤回】")
    assert [d.stage.get("withdrew") for d in await rows(db, public_id)] == [None, "deleted", "deleted"]


async def test_a_retraction_waits_for_what_the_account_is_still_publishing(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock
) -> None:
    gate = Gate(Account(slow=2))
    async with account(ctx, db, sysadmin, gate) as out:
        told = await published(ctx, db, editor, issuer)
        await deliver.deliver_due(ctx, db, out)
        [row] = await rows(db, told.public_id)
        assert row.state == DeliveryState.WAITING
        async with db.write() as session:
            await publish.retract(ctx, session, told.public_id, "检测数据有误，正在复核。", editor)
        await settle(ctx, db, out, clock, 6)
    assert [d.state for d in await rows(db, told.public_id)] == [SENT, SENT]
    assert [title[:4] for title in gate.account.titles()] == ["【撤回】"]


@pytest.mark.parametrize(("point", "left"), [(1, "pending"), (2, "uncertain"), (3, "pending")])
async def test_what_a_dead_worker_left_goes_on_unless_the_hand_over_is_in_doubt(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock,
    monkeypatch: pytest.MonkeyPatch, point: int, left: str,
) -> None:  # fmt: skip
    gate, steps = Gate(), 0

    def die(name: str) -> None:
        nonlocal steps
        steps += name == "deliver.after_step"
        if steps == point:
            raise asyncio.CancelledError  # as a killed process: nothing more is written

    async with account(ctx, db, sysadmin, gate) as out:
        told = await published(ctx, db, editor, issuer)
        monkeypatch.setattr("service.crash.point", die)
        with pytest.raises(asyncio.CancelledError):
            await deliver.deliver_due(ctx, db, out)
        monkeypatch.undo()
        assert await deliver.recover(ctx, db, starting=True) == 1
        [row] = await rows(db, told.public_id)
        assert row.state == left
        await settle(ctx, db, out, clock, 4)
    assert [d.state for d in await rows(db, told.public_id)] == [SENT if left == "pending" else UNCERTAIN]
    assert len(gate.account.ever) == (1 if left == "pending" else 0)


async def test_trying_out_leaves_nothing_for_readers(
    ctx: Context, db: Database, sysadmin: Actor, clock: Clock
) -> None:
    gate = Gate()
    async with account(ctx, db, sysadmin, gate) as out:
        async with db.read() as session:
            [channel] = await channels.listing(session)
        result = await channels.test(ctx, db, out, channel.id, sysadmin)
        assert (result.ok, result.code) == (True, "draft_ok")
        assert (gate.account.ever, gate.account.drafts) == ([], {})
        gate.account.cover = "别的图.jpg"
        result = await channels.test(ctx, db, out, channel.id, sysadmin)
        assert (result.ok, result.code) == (False, "no_cover")


@pytest.mark.parametrize(("secret", "settings"), [(None, {"appid": APPID}), (APPSECRET, {})])
async def test_an_account_without_its_names_is_not_added(
    ctx: Context, db: Database, sysadmin: Actor, secret: str | None, settings: dict[str, Any]
) -> None:
    async with db.write() as session:
        with pytest.raises(Invalid):
            await channels.add(ctx, session, "公众号", "wechat", "", sysadmin, secret, settings)


async def test_an_article_under_way_is_not_called_off(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock
) -> None:
    gate = Gate(Account(slow=99), behave=hangs_up, path="never")
    async with account(ctx, db, sysadmin, gate) as out:
        told = await published(ctx, db, editor, issuer)
        await deliver.deliver_due(ctx, db, out)
        [row] = await rows(db, told.public_id)
        async with db.write() as session:
            with pytest.raises(Exception, match="has it already"):
                await outbox.cancel(ctx, session, row.id, editor)


async def test_what_cannot_be_deleted_is_corrected_and_says_so(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock
) -> None:
    gate = Gate(path="freepublish/delete", behave=shut)
    async with account(ctx, db, sysadmin, gate) as out:
        public_id = await both(ctx, db, editor, issuer)
        await settle(ctx, db, out, clock, 5)
    assert [d.state for d in await rows(db, public_id)] == [SENT, SENT]
    assert [d.stage.get("withdrew") for d in await rows(db, public_id)] == [None, "refused"]
    assert len(gate.account.titles()) == 2
