"""The order in which one channel sends, and what becomes of a delivery after a try."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from content.delivery import Delivery
from content.delivery_states import DeliveryEvent, DeliveryState
from content.outbox import (
    LONGEST_WAIT,
    PATIENCE,
    TRIES,
    Outcome,
    event_after,
    may_resend,
    next_attempt,
    plan,
    surely_unsent,
    wait_after,
)

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
CHANNEL = uuid4()


def delivery(sequence: int, public_id: str, type: str = "publish", **more: Any) -> Delivery:
    values: dict[str, Any] = {
        "state": DeliveryState.PENDING, "next_attempt_at": NOW, "priority": 0, "attempts": 0, "expires_at": None,
    }  # fmt: skip
    values |= more
    return Delivery(
        id=uuid4(), publication_id=uuid4(), public_id=public_id, sequence=sequence, type=type,
        channel_id=CHANNEL, channel_name="广播", created_at=NOW, updated_at=NOW, **values,
    )  # fmt: skip


def test_earlier_publications_go_first() -> None:
    rows = [delivery(2, "b"), delivery(1, "a")]
    assert plan(rows, NOW).send == rows[1].id


def test_a_correction_overtakes_other_news() -> None:
    rows = [delivery(1, "a"), delivery(2, "b", "correct")]
    assert plan(rows, NOW).send == rows[1].id


def test_a_correction_never_goes_before_its_own_original_and_pulls_it_forward() -> None:
    other, original, correction = delivery(1, "x"), delivery(2, "a"), delivery(3, "a", "correct")
    assert plan([other, correction, original], NOW).send == original.id


def test_an_incident_goes_before_everyday_news() -> None:
    rows = [delivery(1, "a"), delivery(2, "b", priority=10)]
    assert plan(rows, NOW).send == rows[1].id


def test_a_correction_waits_while_nobody_knows_whether_its_original_arrived() -> None:
    rows = [delivery(1, "a", state=DeliveryState.UNCERTAIN), delivery(2, "a", "correct"), delivery(3, "b")]
    assert plan(rows, NOW).send == rows[2].id


def test_one_message_at_a_time() -> None:
    rows = [delivery(1, "a", state=DeliveryState.SENDING), delivery(2, "b")]
    assert plan(rows, NOW).send is None


def test_a_waiting_message_holds_the_order_for_a_while_only() -> None:
    later = NOW + timedelta(minutes=3)
    held = delivery(1, "a", state=DeliveryState.WAITING, attempts=1, next_attempt_at=later)
    news = delivery(2, "b")
    assert (plan([held, news], NOW).send, plan([held, news], NOW).until) == (None, later)
    poisoned = delivery(1, "a", state=DeliveryState.WAITING, attempts=PATIENCE, next_attempt_at=later)
    assert plan([poisoned, news], NOW).send == news.id


def test_what_has_expired_is_given_up_and_nothing_is_sent_after_its_time() -> None:
    old = delivery(1, "a", expires_at=NOW)
    made = plan([old, delivery(2, "b", next_attempt_at=NOW + timedelta(hours=1))], NOW)
    assert made.expired == (old.id,)
    assert made.send is None
    assert made.until == NOW + timedelta(hours=1)


def test_waits_grow_are_capped_and_end() -> None:
    waits = [wait_after(made) for made in range(1, TRIES)]
    assert waits == sorted(waits)
    assert waits[0] < waits[1] < waits[2]
    assert max(waits) == LONGEST_WAIT
    rng = random.Random(7)
    assert next_attempt(TRIES, NOW, rng) is None
    jittered = {next_attempt(3, NOW, rng) for _ in range(20)}
    assert len(jittered) == 20
    assert all(at is not None and wait_after(3) <= at - NOW <= wait_after(3) * 1.2 for at in jittered)


def test_never_before_the_other_side_asked_for() -> None:
    at = next_attempt(1, NOW, random.Random(1), timedelta(minutes=10))
    assert at == NOW + timedelta(minutes=10)
    soon = next_attempt(9, NOW, random.Random(1), timedelta(seconds=1))
    assert soon is not None
    assert soon - NOW >= LONGEST_WAIT


@pytest.mark.parametrize(
    ("outcome", "idempotent", "again", "event"),
    [
        (Outcome.SENT, False, None, DeliveryEvent.CONFIRM),
        (Outcome.PERMANENT, True, None, DeliveryEvent.FAIL),
        (Outcome.TEMPORARY, False, NOW, DeliveryEvent.DEFER),
        (Outcome.TEMPORARY, False, None, DeliveryEvent.FAIL),
        (Outcome.UNKNOWN, True, NOW, DeliveryEvent.DEFER),
        (Outcome.UNKNOWN, False, NOW, DeliveryEvent.LOSE),
    ],
)
def test_an_unknown_outcome_is_repeated_only_where_a_repeat_is_recognised(
    outcome: Outcome, idempotent: bool, again: datetime | None, event: DeliveryEvent
) -> None:
    assert event_after(outcome, idempotent, again) is event


def test_an_original_is_not_sent_after_its_correction() -> None:
    failed = delivery(1, "a", state=DeliveryState.FAILED)
    assert may_resend(failed, [])
    assert may_resend(failed, [delivery(2, "a", "correct")])
    assert not may_resend(failed, [delivery(2, "a", "correct", state=DeliveryState.SENT)])
    assert not may_resend(delivery(1, "a", state=DeliveryState.SENT), [])


def test_what_certainly_did_not_go_out_is_told_from_what_may_have() -> None:
    waiting = delivery(1, "a", state=DeliveryState.WAITING)
    assert surely_unsent(waiting, ["temporary", "temporary"])
    assert not surely_unsent(waiting, ["temporary", "unknown"])
    assert not surely_unsent(delivery(1, "a", state=DeliveryState.SENDING), [])
