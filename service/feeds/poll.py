"""Poll one source, everything except storing.

    FetchState
    | fetch    → Fetched | NotModified | FetchError      (network)
    | parse    → ParsedFeed                              (killable child; only entries not seen before)
    | clean    → list[NewItem]                           (pure)
    | decide   → IngestPlan(new, changed, next_state)    (pure)

Never raises for what a source does: a failure is a plan without items whose next state carries the reason.
"""

import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import aiohttp

from service.feeds.clean import clean
from service.feeds.decide import IngestPlan, decide
from service.feeds.errors import ParseError
from service.feeds.fetch import Fetched, FetchError, NotModified, fetch
from service.feeds.parser_pool import ParserPool
from service.feeds.policy import DEFAULT_PACE, FetchPolicy, Pace
from service.feeds.schedule import failed, succeeded
from service.feeds.state import FetchState

KnownLookup = Callable[[Sequence[str]], Awaitable[Mapping[str, str]]]
"""Guids of this source → content hash of the newest stored version, for those that are stored."""

PARSE_AGAIN_AFTER = timedelta(days=1)


async def poll(
    session: aiohttp.ClientSession,
    pool: ParserPool,
    state: FetchState,
    known_lookup: KnownLookup,
    policy: FetchPolicy,
    now: datetime,
    rng: random.Random,
    pace: Pace = DEFAULT_PACE,
) -> IngestPlan:
    """What to store of the source behind `state`, and its next state."""
    answer = await fetch(session, state, policy)
    if isinstance(answer, FetchError):
        after = failed(
            state,
            answer.kind,
            now,
            rng,
            retry_after=answer.retry_after,
            permanent=answer.permanent,
            pace=pace,
        )
        return IngestPlan((), (), after, answer.kind)
    if isinstance(answer, NotModified) or _seen(answer, state, now):
        return _unchanged(state, answer, now, rng, pace)
    read = _remember(state, answer, now)
    try:
        feed = await pool.parse(
            answer.body,
            answer.content_type,
            answer.url,
            known=state.entry_hashes,
            max_items=policy.max_items,
        )
    except ParseError as error:
        after = failed(replace(read, parse_error=error.kind), error.kind, now, rng, pace=pace)
        return IngestPlan((), (), after, error.kind)
    weak = state.weak_guids or feed.weak_guids
    # An entry without any words (the torn end of a document, a bare picture) is nothing to read.
    items = [item for entry in feed.entries if (item := clean(entry, weak)).title or item.text]
    known = await known_lookup([item.guid for item in items]) if items else {}
    read = replace(
        read,
        parse_error=None,
        entry_hashes=feed.entry_hashes,
        weak_guids=weak,
        title=feed.title or state.title,
        home_url=feed.home_url or state.home_url,
    )
    return decide(
        read,
        items,
        known,
        now,
        rng,
        total=feed.entry_count,
        max_age=answer.max_age,
        reason="broken" if feed.damaged else None,
        more=feed.more,
        pace=pace,
    )


def _seen(answer: Fetched, state: FetchState, now: datetime) -> bool:
    """Whether this very body was parsed within a day, with whatever result."""
    if answer.body_hash != state.body_hash or state.parsed_at is None:
        return False
    return now - state.parsed_at < PARSE_AGAIN_AFTER


def _unchanged(
    state: FetchState, answer: Fetched | NotModified, now: datetime, rng: random.Random, pace: Pace
) -> IngestPlan:
    """Nothing new; a document that could not be read before still cannot."""
    if state.parse_error:
        return IngestPlan((), (), failed(state, state.parse_error, now, rng, pace=pace), state.parse_error)
    if isinstance(answer, Fetched):
        state = replace(state, etag=answer.etag, last_modified=answer.last_modified)
    reason = state.reason if state.failures == 0 else None
    after = succeeded(state, now, rng, max_age=answer.max_age, reason=reason, pace=pace)
    return IngestPlan((), (), after)


def _remember(state: FetchState, answer: Fetched, now: datetime) -> FetchState:
    return replace(
        state,
        url=answer.moved_to or state.url,
        etag=answer.etag,
        last_modified=answer.last_modified,
        body_hash=answer.body_hash,
        parsed_at=now,
    )
