"""What is new in a poll: the only place that says so. Pure.

    FetchState, list[NewItem], what is known
    | decide → IngestPlan(new, changed, next_state)

Identity is the guid within the source. The order of entries, their dates and what is missing from the document mean nothing.
An item whose words changed is a change, never an overwrite; what to do about it is the caller's business.
"""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from service.feeds.clean import NewItem
from service.feeds.policy import DEFAULT_PACE, Pace
from service.feeds.schedule import succeeded
from service.feeds.state import FetchState


@dataclass(frozen=True)
class IngestPlan:
    """What a poll asks to be stored, all in one transaction. `outcome` is news, unchanged or the kind of a failure."""

    new: tuple[NewItem, ...]
    changed: tuple[NewItem, ...]
    next_state: FetchState
    outcome: str = "unchanged"


def decide(
    state: FetchState,
    items: Iterable[NewItem],
    known: Mapping[str, str],
    now: datetime,
    rng: random.Random,
    *,
    total: int | None = None,
    max_age: timedelta | None = None,
    reason: str | None = None,
    more: bool = False,
    pace: Pace = DEFAULT_PACE,
) -> IngestPlan:
    """Sort `items` into new and changed against `known` (guid → content hash) and set the next poll.

    `total` is the number of entries in the document (all of `items` when not given). With `more`, entries are still
    waiting in the document: it is asked for again soon and unconditionally.
    """
    unique = {item.guid: item for item in reversed(list(items))}
    ordered = list(reversed(unique.values()))
    new = tuple(item for item in ordered if item.guid not in known)
    changed = tuple(item for item in ordered if known.get(item.guid, item.content_hash) != item.content_hash)
    count = len(ordered) if total is None else total
    after = succeeded(state, now, rng, fresh=len(new), total=count, max_age=max_age, reason=reason, pace=pace)
    if more:
        after = replace(after, etag=None, last_modified=None, body_hash=None, next_poll=now + after.floor)
    return IngestPlan(new, changed, after, "news" if new or changed else "unchanged")
