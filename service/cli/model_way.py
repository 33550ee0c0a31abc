"""The way to the operator's language model, if one is set."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import replace

from service.drafter import Drafter, address
from service.feeds.guard import guarded_session
from service.feeds.policy import FetchPolicy
from service.settings import Settings


async def drafter(settings: Settings, policy: FetchPolicy, stack: AsyncExitStack) -> Drafter:
    """A drafter whose session `stack` closes. The model may well stand inside; nothing else inside is open to it."""
    place = address(settings.llm_url)
    inside = frozenset({(str(place.host), int(place.port or 0))})
    way = replace(policy, allow=policy.allow | inside)
    session = await stack.enter_async_context(guarded_session(way, per_host=2))
    return Drafter(session, settings.llm_url, settings.llm_model, settings.llm_key, settings.llm_timeout)
