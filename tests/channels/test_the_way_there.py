"""Faults on the way to a service, and of our own clock: what was never taken goes by itself, a refused signature by a person."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp.resolver import ThreadedResolver

from content.delivery_states import DeliveryState
from content.permissions import Actor
from service.channels import http as over_http
from service.context import Context
from service.store.engine import Database
from tests.channels.counter import Way, way
from tests.channels.door import Door, crowd
from tests.channels.faults import KINDS, KNOWS
from tests.channels.test_every_fault import SENT, both, shown_once
from tests.conftest import Clock
from tests.ports import free_port

WAITING, PENDING = DeliveryState.WAITING, DeliveryState.PENDING
SIGNED = ("webhook", "dingtalk", "feishu", "sms")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(over_http, "CONNECT_SECONDS", 0.15)
    monkeypatch.setattr(over_http, "READ_SECONDS", 0.15)


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    found = Door(free_port())
    yield found
    await found.lock()


async def code(found: Way, page: str) -> str:
    """What the desk reads of the first version."""
    return (await found.rows(page))[0].error or ""


@pytest.mark.parametrize("kind", KINDS)
async def test_where_nobody_listens_it_goes_when_somebody_does(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock, door: Door, kind: str
) -> None:  # fmt: skip
    async with way(ctx, db, clock, kind, sysadmin, port=door.port) as found:
        page = await both(found, editor, issuer)
        await found.settle(2)
        assert await found.states(page) == [WAITING, PENDING]
        door.behind = found.receiver.port
        await door.unlock()
        await found.settle()
        shown_once(found)
        assert await found.states(page) == [SENT, SENT]


@pytest.mark.parametrize("kind", KINDS)
async def test_where_connecting_takes_for_ever_it_goes_later(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock, door: Door, kind: str
) -> None:  # fmt: skip
    async with way(ctx, db, clock, kind, sysadmin, port=door.port) as found:
        page = await both(found, editor, issuer)
        async with crowd(door.port):
            await found.settle(1)
        assert (await found.states(page), "unreachable" in await code(found, page)) == (
            [WAITING, PENDING],
            True,
        )
        door.behind = found.receiver.port
        await door.unlock()
        await found.settle()
        shown_once(found)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_name_that_is_not_found_is_asked_for_again(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock,
    kind: str, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    failures = [socket.gaierror(-3, "Temporary failure in name resolution")]

    async def resolve(
        self: ThreadedResolver, host: str, port: int = 0, family: Any = 0
    ) -> list[dict[str, Any]]:
        if failures:
            raise failures.pop()
        return [
            {
                "hostname": host,
                "host": "127.0.0.1",
                "port": port,
                "family": socket.AF_INET,
                "proto": 0,
                "flags": 0,
            }
        ]

    monkeypatch.setattr(ThreadedResolver, "resolve", resolve)
    async with way(ctx, db, clock, kind, sysadmin) as found:
        url = f"http://service.test:{found.receiver.port}/{kind}"
        await found.move_to(url if kind == "wechat" else f"{url}?key=k", sysadmin)
        page = await both(found, editor, issuer)
        await found.settle(1)
        assert await found.states(page) == [WAITING, PENDING]
        await found.settle()
        shown_once(found)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_broken_encryption_says_so_and_it_goes_when_that_is_mended(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock, kind: str
) -> None:
    async with way(ctx, db, clock, kind, sysadmin) as found:
        port, query = found.receiver.port, "" if kind == "wechat" else "?key=k"
        await found.move_to(f"https://127.0.0.1:{port}/{kind}{query}", sysadmin)
        page = await both(found, editor, issuer)
        await found.settle(2)
        assert (await found.states(page), "tls" in await code(found, page)) == ([WAITING, PENDING], True)
        await found.move_to(f"http://127.0.0.1:{port}/{kind}{query}", sysadmin)
        await found.settle()
        shown_once(found)


@pytest.mark.parametrize("kind", KINDS)
async def test_thrown_out_before_a_word_was_heard_is_a_doubt_like_any_other(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock, door: Door, kind: str
) -> None:  # fmt: skip
    async with way(ctx, db, clock, kind, sysadmin, port=door.port) as found:
        door.behind, door.slams = found.receiver.port, 1
        await door.unlock()
        page = await both(found, editor, issuer)
        await found.settle()
        # An account is asked for a token first, which is harmless to repeat.
        again = kind in (*KNOWS, "wechat")
        assert await found.states(page) == ([SENT, SENT] if again else [DeliveryState.UNCERTAIN, PENDING])
        await found.person_looks(page, editor)
        await found.settle()
        shown_once(found)


@pytest.mark.parametrize("kind", SIGNED)
async def test_a_signature_of_another_hour_is_refused_and_goes_when_our_clock_is_right(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock, kind: str
) -> None:
    async with way(ctx, db, clock, kind, sysadmin) as found:
        wrong = replace(found.out, now=lambda: clock() + timedelta(hours=2))
        right, found.out = found.out, wrong
        page = await both(found, editor, issuer)
        await found.settle(2)
        assert await found.states(page) == [DeliveryState.FAILED] * 2
        assert found.counter.got == []
        found.out = right
        await found.person_looks(page, editor)
        await found.settle()
        shown_once(found)
