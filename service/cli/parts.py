"""The long-lived parts of a process that works: parser children, classifier processes, ways in and out, the site.

Opened in order and closed in reverse; what is being sent gets a few seconds to be heard back from.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from service import heap
from service.channels.outlets import outlets
from service.cli.model_way import drafter
from service.context import Context
from service.feeds.guard import guarded_session
from service.feeds.page import SourceDoor
from service.feeds.parser_pool import ParserPool
from service.feeds.policy import FetchPolicy
from service.feeds.politeness import AT_A_HOST
from service.house import House
from service.settings import Settings
from service.site.render import render_publication
from service.site.serving import Site
from service.store import models
from service.store.engine import Database
from service.usecases.polling import FeedDoor
from service.usecases.speaking import house as speaker
from service.usecases.triage_memory import Memory
from service.workers import AssessorPool

PARSERS = 2
LAST_WORDS = 4.0  # seconds for messages that are on their way


def fetch_policy(settings: Settings) -> FetchPolicy:
    """The operator's limits and exceptions."""
    return FetchPolicy(
        allow=settings.fetch_allow,
        max_bytes=settings.fetch_max_bytes,
        timeout=settings.fetch_timeout,
        max_items=settings.fetch_max_items,
    )


@asynccontextmanager
async def open_house(ctx: Context, db: Database) -> AsyncIterator[House]:
    """A house with everything that jobs and web need."""
    policy, site = fetch_policy(ctx.settings), Site(ctx.settings.site_dir)

    async def render(public_id: str) -> None:
        await render_publication(ctx, db, public_id)
        site.reload()

    async with AsyncExitStack() as stack:
        parsers = await stack.enter_async_context(ParserPool(PARSERS))
        inward = await stack.enter_async_context(guarded_session(policy, per_host=AT_A_HOST))
        outward = await stack.enter_async_context(guarded_session(policy, per_host=0))
        assessors = await stack.enter_async_context(
            AssessorPool(models.chooser(ctx.settings.data_dir), ctx.settings.city_dir)
        )
        ways_out = outlets(outward, render, ctx.now, ctx.settings.smtp_url, speaker(ctx).desk)
        stack.push_async_callback(ways_out.close, LAST_WORDS)
        parts = {
            "feed_door": FeedDoor(inward, parsers, policy),
            "source_door": SourceDoor(inward, policy),
            "outlets": ways_out,
            "triage_memory": Memory(),
            "site": site,
        }
        if ctx.settings.llm_url:
            parts["drafter"] = await drafter(ctx.settings, policy, stack)
        heap.settle()
        yield House(ctx, db, assessors, parts)
