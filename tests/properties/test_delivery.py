"""One channel, any faults, any deaths of the worker, any order of news: each message once, nothing before its original."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from content import outbox
from content.delivery import Delivery
from content.delivery_states import DELIVERY, DeliveryEvent, DeliveryState
from content.outbox import Outcome

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
FAULTS = ["ok", "busy", "refused", "lost before", "lost after", "died before", "died after"]
CHANNEL = uuid4()


@dataclass
class World:
    """A channel's outbox moved by the rules only; `arrived` is what the other side truly got, in order."""

    idempotent: bool
    rng: random.Random
    now: datetime = START
    rows: list[Delivery] = field(default_factory=list)
    arrived: list[Delivery] = field(default_factory=list)

    def publish(self, public_id: str, urgent: bool) -> None:
        earlier = [d for d in self.rows if d.public_id == public_id]
        self.rows.append(
            Delivery(
                id=uuid4(), publication_id=uuid4(), public_id=public_id, sequence=len(self.rows) + 1,
                type="correct" if earlier else "publish", channel_id=CHANNEL, channel_name="广播",
                state=DELIVERY.initial, priority=10 if urgent else 0, attempts=0, next_attempt_at=self.now,
                created_at=self.now, updated_at=self.now,
            )
        )  # fmt: skip

    def send(self, fault: str) -> None:
        plan = outbox.plan([d for d in self.rows if d.state in outbox.UNFINISHED], self.now)
        if plan.send is None:
            self.now = plan.until or self.now
            return
        row = next(d for d in self.rows if d.id == plan.send)
        row.state, row.attempts = DELIVERY.next(row.state, DeliveryEvent.CLAIM), row.attempts + 1
        if fault in ("ok", "lost after", "died after") and not (self.idempotent and row in self.arrived):
            self.arrived.append(row)
        if fault.startswith("died"):
            row.state = DELIVERY.next(row.state, DeliveryEvent.LOSE)
            if self.idempotent:
                row.state = DELIVERY.next(row.state, DeliveryEvent.RESEND)
            return
        outcome = {"ok": Outcome.SENT, "busy": Outcome.TEMPORARY, "refused": Outcome.PERMANENT}.get(
            fault, Outcome.UNKNOWN
        )
        again = None
        if outcome in (Outcome.TEMPORARY, Outcome.UNKNOWN):
            again = outbox.next_attempt(row.attempts, self.now, self.rng)
        row.state = DELIVERY.next(row.state, outbox.event_after(outcome, self.idempotent, again))
        row.next_attempt_at = again or row.next_attempt_at

    def decide(self) -> None:
        """A person looks at what is in doubt, and is right about it."""
        for row in self.rows:
            if row.state == DeliveryState.UNCERTAIN:
                event = DeliveryEvent.CONFIRM if row in self.arrived else DeliveryEvent.RESEND
                if event is DeliveryEvent.RESEND:
                    assert outbox.may_resend(row, self.rows)
                row.state, row.next_attempt_at = DELIVERY.next(row.state, event), self.now


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("publish"), st.sampled_from("abc"), st.booleans()),
        st.tuples(st.just("send"), st.sampled_from(FAULTS), st.booleans()),
        st.tuples(st.just("person"), st.just(""), st.booleans()),
    ),
    max_size=60,
)


@settings(max_examples=500)
@given(STEPS, st.booleans(), st.integers(0, 2**16))
def test_each_message_arrives_once_and_none_before_what_is_earlier_of_its_page(
    steps: list[tuple[str, str, bool]], idempotent: bool, seed: int
) -> None:
    world = World(idempotent, random.Random(seed))
    for what, detail, urgent in steps:
        if what == "publish":
            world.publish(detail, urgent)
        elif what == "send":
            world.send(detail)
        else:
            world.decide()
        world.now += timedelta(seconds=1)
    for _ in range(4 * len(world.rows) + 4):  # then all goes well
        world.decide()
        world.send("ok")
        world.now += timedelta(hours=2)
    assert len({d.id for d in world.arrived}) == len(world.arrived)
    for public_id in "abc":
        sequence = [d.sequence for d in world.arrived if d.public_id == public_id]
        assert sequence == sorted(sequence)
    unfinished = [d for d in world.rows if d.state in outbox.UNFINISHED]
    assert not unfinished
    given_up = {d.id for d in world.rows if d.state == DeliveryState.FAILED}
    assert {d.id for d in world.rows} == {d.id for d in world.arrived} | given_up


@given(st.integers(1, 200), st.integers(0, 2**16), st.integers(0, 10**6))
def test_waits_end_are_capped_and_never_shorter_than_asked(made: int, seed: int, asked: int) -> None:
    at = outbox.next_attempt(made, START, random.Random(seed), timedelta(seconds=asked))
    if made >= outbox.TRIES:
        assert at is None
        return
    assert at is not None
    least = max(outbox.wait_after(made), min(timedelta(seconds=asked), timedelta(days=1)))
    assert least <= at - START <= max(timedelta(days=1), outbox.LONGEST_WAIT * (1 + outbox.JITTER))
