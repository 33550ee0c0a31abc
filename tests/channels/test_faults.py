"""Every fault on every channel: one correct, ordered, complete delivery each; where nobody knows, a person decides."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from content.delivery import Delivery
from content.delivery_states import DeliveryState
from content.permissions import Actor
from service.channels import http as over_http
from service.channels.outlets import Outlets
from service.context import Context
from service.store import deliveries
from service.store.engine import Database
from service.usecases import channels, deliver, outbox
from tests.channels.robots import SECRET, USUAL, WEBHOOK_SECRET
from tests.conftest import Clock
from tests.sinks import Behaviour, Sink, answers, hangs_up, never_answers, sink, status
from tests.writing import Site, corrected, published, ways_out

ROBOTS = ("wecom", "dingtalk", "feishu")
KINDS = (*ROBOTS, "webhook", "sms")
SETTINGS: dict[str, dict[str, Any]] = {"sms": {"to": ["group:village-officers"]}}


async def drips_its_answer(request: web.Request) -> web.StreamResponse:
    """Says yes at once and then never finishes its sentence."""
    answer = web.StreamResponse(headers={"Content-Length": "1000000"})
    await answer.prepare(request)
    await answer.write(b'{"errcode":')
    return answer


TEMPORARY: dict[str, Behaviour] = {
    "408": status(408), "425": status(425), "429": status(429), "429 with seconds": status(429, {"Retry-After": "7"}),
    "429 with a date": status(429, {"Retry-After": "Tue, 24 Nov 2026 02:00:00 GMT"}), "500": status(500),
    "502": status(502), "503": status(503, {"Retry-After": "nonsense"}),
}  # fmt: skip
PERMANENT: dict[str, Behaviour] = {
    "400": status(400), "401": status(401), "404": status(404), "410": status(410), "413": status(413),
    "redirect": status(302, {"Location": "http://127.0.0.1:9/elsewhere"}),
}  # fmt: skip
AMBIGUOUS: dict[str, Behaviour] = {"hangs up": hangs_up, "never answers": never_answers, "504": status(504)}
ROBOT_TEMPORARY: dict[str, Behaviour] = {
    "wecom": answers({"errcode": 45009, "errmsg": "api freq out of limit"}),
    "dingtalk": answers({"errcode": 130101, "errmsg": "send too fast"}),
    "feishu": answers({"code": 11232, "msg": "frequency limited"}),
}
ROBOT_PERMANENT: dict[str, Behaviour] = {
    "wecom": answers({"errcode": 93000, "errmsg": "invalid webhook url"}),
    "dingtalk": answers({"errcode": 310000, "errmsg": "sign not match"}),
    "feishu": answers({"code": 19021, "msg": "sign match fail"}),
}
ROBOT_AMBIGUOUS: dict[str, Behaviour] = {
    "text": answers("ok"), "empty": answers(""), "a list": answers([0]), "no code": answers({"errmsg": "ok"}),
    "a word for a code": answers({"errcode": "0", "code": "0"}), "drips": drips_its_answer,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(over_http, "READ_SECONDS", 0.2)
    monkeypatch.setattr(over_http, "BODY_SECONDS", 0.2)


@asynccontextmanager
async def channel(ctx: Context, db: Database, kind: str, by: Actor) -> AsyncIterator[tuple[Sink, Outlets]]:
    """A channel of this kind, and the sink behind it."""
    secret = SECRET if kind in ROBOTS else WEBHOOK_SECRET
    async with sink(USUAL[kind]) as receiver, ways_out(ctx, Site(), receiver.port) as out:
        async with db.write() as session:
            await channels.add(
                ctx, session, kind, kind, f"{receiver.url}?key=k", by, secret, SETTINGS.get(kind)
            )
        yield receiver, out


async def rows(db: Database, public_id: str, name: str) -> list[Delivery]:
    async with db.read() as session:
        found = await deliveries.of_publication(session, public_id)
    return [d for d in found if d.channel_name == name]


async def settle(ctx: Context, db: Database, out: Outlets, clock: Clock) -> None:
    """Let time go by until nothing more happens."""
    for _ in range(12):
        await deliver.deliver_due(ctx, db, out)
        clock.move(minutes=61)
    await deliver.deliver_due(ctx, db, out)


def texts(receiver: Sink) -> list[str]:
    return [json.dumps(body, ensure_ascii=False) for body in receiver.taken]


def in_order_and_once(receiver: Sink) -> None:
    """The sink took the original, then the correction, each once."""
    said = texts(receiver)
    assert len(said) == 2, said
    assert "更正" not in said[0].replace("correction", "")
    assert "更正" in said[1] or '"correct"' in said[1]


ALL_TEMPORARY = [(k, n, b) for k in KINDS for n, b in TEMPORARY.items()] + [
    (k, "busy inside 200", b) for k, b in ROBOT_TEMPORARY.items()
]
ALL_PERMANENT = [(k, n, b) for k in KINDS for n, b in PERMANENT.items()] + [
    (k, "no inside 200", b) for k, b in ROBOT_PERMANENT.items()
]
ALL_AMBIGUOUS = [(k, n, b) for k in (*ROBOTS, "sms") for n, b in AMBIGUOUS.items()] + [
    (k, n, b) for k in ROBOTS for n, b in ROBOT_AMBIGUOUS.items()
]


def names(values: list[tuple[str, str, Behaviour]]) -> list[str]:
    return [f"{kind}-{fault}" for kind, fault, _ in values]


@pytest.mark.parametrize(("kind", "fault", "behave"), ALL_TEMPORARY, ids=names(ALL_TEMPORARY))
async def test_after_a_busy_answer_both_versions_arrive_once_and_in_order(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock,
    kind: str, fault: str, behave: Behaviour,
) -> None:  # fmt: skip
    async with channel(ctx, db, kind, sysadmin) as (receiver, out):
        receiver.behaviours = [behave, behave]
        told = await published(ctx, db, editor, issuer)
        await corrected(ctx, db, told.public_id, editor, issuer, fact="四十三项指标全部达标。")
        await settle(ctx, db, out, clock)
        in_order_and_once(receiver)
    assert [d.state for d in await rows(db, told.public_id, kind)] == [DeliveryState.SENT] * 2


@pytest.mark.parametrize(("kind", "fault", "behave"), ALL_PERMANENT, ids=names(ALL_PERMANENT))
async def test_after_a_refusal_nothing_is_repeated_until_a_person_says_so(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock,
    kind: str, fault: str, behave: Behaviour,
) -> None:  # fmt: skip
    async with channel(ctx, db, kind, sysadmin) as (receiver, out):
        receiver.behaviours = [behave]
        told = await published(ctx, db, editor, issuer)
        await settle(ctx, db, out, clock)
        [failed] = await rows(db, told.public_id, kind)
        assert (failed.state, len(receiver.asked)) == (DeliveryState.FAILED, 1)
        assert failed.error
        async with db.write() as session:
            await outbox.resend(ctx, session, failed.id, editor)
        await settle(ctx, db, out, clock)
        assert len(receiver.taken) == 1
    assert [d.state for d in await rows(db, told.public_id, kind)] == [DeliveryState.SENT]


@pytest.mark.parametrize(("kind", "fault", "behave"), ALL_AMBIGUOUS, ids=names(ALL_AMBIGUOUS))
async def test_after_silence_a_person_decides_and_the_correction_waits(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock,
    kind: str, fault: str, behave: Behaviour,
) -> None:  # fmt: skip
    async with channel(ctx, db, kind, sysadmin) as (receiver, out):
        receiver.behaviours = [behave]
        told = await published(ctx, db, editor, issuer)
        await corrected(ctx, db, told.public_id, editor, issuer, fact="四十三项指标全部达标。")
        await settle(ctx, db, out, clock)
        first, second = await rows(db, told.public_id, kind)
        assert (first.state, second.state) == (DeliveryState.UNCERTAIN, DeliveryState.PENDING)
        assert len(receiver.asked) == 1
        async with db.write() as session:
            await outbox.resolve(ctx, session, first.id, "sent", editor)
        await settle(ctx, db, out, clock)
        assert len(receiver.asked) == 2
    assert [d.state for d in await rows(db, told.public_id, kind)] == [DeliveryState.SENT] * 2


@pytest.mark.parametrize("fault", AMBIGUOUS)
async def test_a_receiver_that_knows_the_id_gets_it_again_by_itself_under_the_same_id(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock, fault: str
) -> None:
    async with channel(ctx, db, "webhook", sysadmin) as (receiver, out):
        receiver.behaviours = [AMBIGUOUS[fault]] * 2
        told = await published(ctx, db, editor, issuer)
        await corrected(ctx, db, told.public_id, editor, issuer, fact="四十三项指标全部达标。")
        await settle(ctx, db, out, clock)
        in_order_and_once(receiver)
        keys = receiver.keys()
    assert keys[0] == keys[1] == keys[2] != keys[3]


async def test_a_yes_whose_body_never_ends_is_a_yes_for_a_webhook(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock
) -> None:
    async with channel(ctx, db, "webhook", sysadmin) as (receiver, out):
        receiver.behaviours = [drips_its_answer]
        told = await published(ctx, db, editor, issuer)
        await settle(ctx, db, out, clock)
        assert len(receiver.asked) == 1
    assert [d.state for d in await rows(db, told.public_id, "webhook")] == [DeliveryState.SENT]
