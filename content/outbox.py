"""What a channel sends next, and what becomes of a delivery after a try.

Order within one channel: nothing of a public id before all that is earlier of the same id is finished; then corrections
and retractions, then by priority (an incident before everyday), then by sequence. A delivery that waits after a failure
holds the channel only for its first `PATIENCE` tries, so that one bad message cannot silence it.
Does not send, store or know the time. No channel waits for another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from content.delivery import Delivery
from content.delivery_states import DELIVERY, DeliveryEvent, DeliveryState
from content.handover import under_way
from content.publications import PublicationType

FIRST_WAIT = timedelta(seconds=5)
GROWTH = 3
LONGEST_WAIT = timedelta(hours=1)
TRIES = 30  # about a day
PATIENCE = 5
JITTER = 0.2
SET_BACK = timedelta(minutes=1)  # written so far ahead of now, a row shows that the clock has been set back
READY = (DeliveryState.PENDING, DeliveryState.WAITING)
UNFINISHED = (*READY, DeliveryState.SENDING, DeliveryState.UNCERTAIN)


class Chance(Protocol):
    """A source of random numbers, handed in."""

    def uniform(self, a: float, b: float, /) -> float:
        """A number between a and b."""
        ...


class Outcome(StrEnum):
    """How one try ended."""

    SENT = "sent"
    UNDERWAY = (
        "underway"  # the other side has taken it and is at work: ask again, nothing is repeated by that
    )
    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Plan:
    """What a channel does now: send `send`, or rest until `until` (None: nothing to do). `expired` are past their time."""

    send: UUID | None = None
    until: datetime | None = None
    expired: tuple[UUID, ...] = ()


def wait_after(made: int) -> timedelta:
    """The wait after `made` failed tries, without jitter: grows threefold and is capped."""
    return min(FIRST_WAIT * int(GROWTH ** min(made - 1, 10)), LONGEST_WAIT)


def next_attempt(
    made: int, failed_at: datetime, rng: Chance, retry_after: timedelta | None = None
) -> datetime | None:
    """When to try again after `made` tries, or None to give up. Never before what the other side asked for."""
    if made >= TRIES:
        return None
    wait = wait_after(made) * (1 + rng.uniform(0, JITTER))
    return failed_at + max(wait, min(retry_after or wait, timedelta(days=1)))


def urgency(delivery: Delivery) -> tuple[int, int]:
    """Smaller goes first: corrections and retractions, then priority."""
    return (1 if delivery.type == PublicationType.PUBLISH else 0, -delivery.priority)


def plan(unfinished: Sequence[Delivery], now: datetime) -> Plan:
    """The next step of ONE channel, given all its deliveries that are not finished."""
    expired = tuple(d.id for d in unfinished if _expires(d, now))
    alive = [d for d in unfinished if d.id not in expired]
    if any(d.state == DeliveryState.SENDING for d in alive):
        return Plan(expired=expired)
    resting: list[datetime] = []
    for delivery in _in_order(alive):
        if is_due(delivery, now):
            return Plan(send=delivery.id, expired=expired)
        resting.append(delivery.next_attempt_at)
        if 0 < delivery.attempts < PATIENCE:
            break
    return Plan(until=min(resting, default=None), expired=expired)


def is_due(delivery: Delivery, now: datetime) -> bool:
    """Whether it may be tried now. A wait that a clock gave which has been set back since holds nobody up."""
    if delivery.next_attempt_at <= max(now, delivery.updated_at):
        return True
    return delivery.state == DeliveryState.WAITING and delivery.updated_at > now + SET_BACK


def _expires(delivery: Delivery, now: datetime) -> bool:
    """Whether its time is over; what the other side may have already is followed to its end."""
    over = delivery.expires_at is not None and delivery.expires_at <= now
    return over and delivery.state in READY and not under_way(delivery.stage)


def _in_order(alive: Iterable[Delivery]) -> list[Delivery]:
    """The first of each public id, unless it is in doubt, by the urgency of all that waits behind it."""
    heads: dict[str, Delivery] = {}
    urgent: dict[str, tuple[int, int]] = {}
    for delivery in sorted(alive, key=lambda d: d.sequence):
        heads.setdefault(delivery.public_id, delivery)
        urgent[delivery.public_id] = min(urgent.get(delivery.public_id, (9, 0)), urgency(delivery))
    ready = [d for d in heads.values() if d.state in READY]
    return sorted(ready, key=lambda d: (urgent[d.public_id], d.sequence))


def event_after(outcome: Outcome, idempotent: bool, again_at: datetime | None) -> DeliveryEvent:
    """What a try means for its delivery.

    After an unknown outcome only a channel that recognises a repeat is tried again; on any other a person looks first.
    """
    if outcome is Outcome.SENT:
        return DeliveryEvent.CONFIRM
    if outcome is Outcome.PERMANENT:
        return DeliveryEvent.FAIL
    if outcome is Outcome.UNKNOWN and not idempotent:
        return DeliveryEvent.LOSE
    if outcome is Outcome.UNDERWAY and again_at is None:
        return DeliveryEvent.LOSE
    return DeliveryEvent.DEFER if again_at else DeliveryEvent.FAIL


def may_resend(delivery: Delivery, later: Iterable[Delivery]) -> bool:
    """Whether a person may send this again: not when something newer of the same id has gone or is going out there."""
    gone = (DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.UNCERTAIN)
    newer = [d for d in later if d.public_id == delivery.public_id and d.sequence > delivery.sequence]
    return DELIVERY.allows(delivery.state, DeliveryEvent.RESEND) and not any(d.state in gone for d in newer)


def surely_unsent(delivery: Delivery, outcomes: Iterable[str]) -> bool:
    """Whether the other side certainly has nothing of this delivery: it is not under way, and no try ended in doubt."""
    moving = (DeliveryState.SENDING, DeliveryState.UNCERTAIN, DeliveryState.SENT)
    doubtful = (Outcome.SENT, Outcome.UNDERWAY, Outcome.UNKNOWN)
    if delivery.state in moving or under_way(delivery.stage):
        return False
    return not any(outcome in doubtful for outcome in outcomes)
