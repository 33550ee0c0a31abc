"""When to poll a source next, and how its health looks to an editor. Pure: `now` and `rng` come in.

A source is polled so often that about one poll in three finds something; a source that turned over completely between two
polls (entries may have been missed) is polled four times as often. Failures double the wait, up to a cap, and a server's
Retry-After is always obeyed. Two failures in a row are `failing`, one is `degraded`, 410 is `gone`.
"""

import random
from dataclasses import replace
from datetime import datetime, timedelta

from service.feeds.policy import DEFAULT_PACE, Pace
from service.feeds.state import DEGRADED, FAILING, GONE, OK, FetchState

LONGER, SHORTER, MUCH_SHORTER = 1.25, 0.6, 0.25
# A server that asks for patience is busy, not broken; it counts as failing only after this many times.
PATIENT = 5
LONGEST_FRESHNESS = timedelta(hours=1)


def succeeded(
    state: FetchState,
    now: datetime,
    rng: random.Random,
    *,
    fresh: int = 0,
    total: int = 0,
    max_age: timedelta | None = None,
    reason: str | None = None,
    pace: Pace = DEFAULT_PACE,
) -> FetchState:
    """The state after a poll that worked and found `fresh` of `total` entries new.

    `reason` marks a source that works but is damaged.
    """
    floor = state.floor if max_age is None and not total else _floor(max_age, pace)
    interval = _interval(state, fresh, total, max_age, floor, pace)
    return replace(
        state,
        failures=0,
        interval=interval,
        floor=floor,
        status=DEGRADED if reason else OK,
        reason=reason,
        last_poll=now,
        last_success=now,
        next_poll=now + _jittered(interval, rng, pace),
    )


def failed(
    state: FetchState,
    kind: str,
    now: datetime,
    rng: random.Random,
    *,
    retry_after: timedelta | None = None,
    permanent: bool = False,
    pace: Pace = DEFAULT_PACE,
) -> FetchState:
    """The state after a poll that failed because of `kind`."""
    failures = state.failures + 1
    wait = min(pace.retry * 2 ** min(failures - 1, 20), pace.most_failing)
    if permanent:
        wait = pace.gone
    wait = max(_jittered(wait, rng, pace), retry_after or timedelta(0))
    return replace(
        state,
        failures=failures,
        status=_health(failures, kind, retry_after, permanent),
        reason=kind,
        last_poll=now,
        next_poll=now + wait,
    )


def _health(failures: int, kind: str, retry_after: timedelta | None, permanent: bool) -> str:
    if permanent:
        return GONE
    patient = kind == "http_429" or retry_after is not None
    return FAILING if failures >= (PATIENT if patient else 2) else DEGRADED


def _floor(max_age: timedelta | None, pace: Pace) -> timedelta:
    """The shortest interval: ours, unless the server itself offers to answer more often."""
    if max_age is None:
        return pace.least
    return min(max(max_age, pace.least_when_invited), pace.least)


def _interval(
    state: FetchState, fresh: int, total: int, max_age: timedelta | None, floor: timedelta, pace: Pace
) -> timedelta:
    if state.last_success is None:
        interval = pace.first if floor >= pace.least else floor
    elif not fresh:
        interval = state.interval * LONGER
    elif fresh >= total > 1:
        interval = state.interval * MUCH_SHORTER
    else:
        interval = state.interval * SHORTER
    least = max(floor, min(max_age or floor, LONGEST_FRESHNESS))
    return min(max(interval, least), max(pace.most, least))


def _jittered(wait: timedelta, rng: random.Random, pace: Pace) -> timedelta:
    return wait * rng.uniform(1 - pace.jitter, 1 + pace.jitter)
