"""Every fault of `faults.py` on every kind that speaks HTTP: both versions once and in order, and no repeat in doubt."""

from __future__ import annotations

import pytest

from content.delivery_states import DeliveryState
from content.permissions import Actor
from service.channels import http as over_http
from service.context import Context
from service.store.engine import Database
from tests.channels.counter import Way, way
from tests.channels.faults import FAULTS, KINDS, OTHERS, PERMANENT, ROBOT, SHAPES, Fault
from tests.conftest import Clock
from tests.writing import corrected, published

SENT, PENDING = DeliveryState.SENT, DeliveryState.PENDING
BOTH = ["publish", "correct"]
NOW = {"again": SENT, "yes": SENT, "doubt": DeliveryState.UNCERTAIN, "failed": DeliveryState.FAILED}
CASES = [(kind, name) for kind in KINDS for name, fault in FAULTS.items() if fault.outcome(kind)]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(over_http, "READ_SECONDS", 0.15)
    monkeypatch.setattr(over_http, "BODY_SECONDS", 0.15)
    monkeypatch.setattr(over_http, "TOTAL_SECONDS", 0.5)
    monkeypatch.setattr(over_http, "CONNECT_SECONDS", 0.15)


async def both(found: Way, editor: Actor, issuer: Actor) -> str:
    """A text and its correction, one behind the other."""
    told = await published(found.ctx, found.db, editor, issuer)
    await corrected(found.ctx, found.db, told.public_id, editor, issuer, fact="四十三项指标全部达标。")
    return told.public_id


def shown_once(found: Way) -> None:
    """Readers saw both, each once and in order. A ping says nothing of its own and may come more often."""
    if found.counter.kind == "websub":
        assert len(found.counter.got) >= 2
    else:
        assert found.counter.got == BOTH


@pytest.mark.parametrize(("kind", "name"), CASES, ids=[f"{kind}-{name}" for kind, name in CASES])
async def test_after_any_fault_both_versions_are_shown_once_and_in_order(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock,
    kind: str, name: str,
) -> None:  # fmt: skip
    fault = FAULTS[name]
    outcome = fault.outcome(kind)
    async with way(ctx, db, clock, kind, sysadmin, fault) as found:
        page = await both(found, editor, issuer)
        await found.settle()
        first, second = await found.states(page)
        assert first == NOW[outcome]
        assert second == (PENDING if outcome == "doubt" else SENT)
        assert found.counter.asked == {"again": 3, "yes": 2, "doubt": 1, "failed": 2}[outcome]
        if outcome == "failed":
            return  # the correction, which says everything, has gone; a person decides about the first
        await found.person_looks(page, editor)
        await found.settle()
        shown_once(found)
        assert await found.states(page) == [SENT, SENT]


@pytest.mark.parametrize("kind", KINDS)
async def test_after_a_clear_no_a_person_sends_it_once_more(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock, kind: str
) -> None:
    async with way(ctx, db, clock, kind, sysadmin, FAULTS["not allowed"]) as found:
        told = await published(ctx, db, editor, issuer)
        await found.settle()
        assert (await found.states(told.public_id), found.counter.got) == ([DeliveryState.FAILED], [])
        await found.person_looks(told.public_id, editor)
        await found.settle(2)
        await corrected(ctx, db, told.public_id, editor, issuer, fact="四十三项指标全部达标。")
        await found.settle(2)
        shown_once(found)
        assert await found.states(told.public_id) == [SENT, SENT]


@pytest.mark.parametrize("kind", ROBOT)
@pytest.mark.parametrize("shape", SHAPES)
async def test_a_robot_that_says_neither_yes_nor_no_leaves_a_doubt(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock,
    kind: str, shape: str,
) -> None:  # fmt: skip
    async with way(ctx, db, clock, kind, sysadmin, Fault(SHAPES[shape], "doubt", taken=True)) as found:
        page = await both(found, editor, issuer)
        await found.settle(3)
        assert await found.states(page) == [DeliveryState.UNCERTAIN, PENDING]
        await found.person_looks(page, editor)
        await found.settle(3)
        shown_once(found)


@pytest.mark.parametrize("name", [*OTHERS, *PERMANENT])
async def test_a_webhook_tells_the_other_answers_apart_too(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock, name: str
) -> None:
    behave = (OTHERS | PERMANENT)[name]
    async with way(ctx, db, clock, "webhook", sysadmin, Fault(behave, "again")) as found:
        told = await published(ctx, db, editor, issuer)
        await found.settle()
        assert await found.states(told.public_id) == [SENT if name in OTHERS else DeliveryState.FAILED]


async def test_a_repeat_has_the_same_id_and_a_new_version_another(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock
) -> None:
    async with way(ctx, db, clock, "webhook", sysadmin, FAULTS["hangs up, taken"]) as found:
        await both(found, editor, issuer)
        await found.settle()
        first, again, second = found.receiver.keys()
        assert first == again != second
        shown_once(found)


def test_every_kind_has_more_than_eighteen_faults() -> None:
    on_the_way = 5  # `test_the_way_there.py`; a sixth where requests are signed
    for kind in KINDS:
        assert len([name for name, fault in FAULTS.items() if fault.outcome(kind)]) + on_the_way >= 18
