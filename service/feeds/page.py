"""Look at one page that a text names as its source, under the same guard and limits as any fetch.

    url → fetch_url → bytes → sha256, and the words in them     (a failure is a code, never an exception)

Keeps nothing and retries nothing. Words are taken from HTML and plain text only; of anything else there is the hash.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, replace

import aiohttp

from content.copies import TEXT, Look
from service.feeds.decode import decode
from service.feeds.errors import FeedError
from service.feeds.fetch import Fetched, FetchError, fetch_url
from service.feeds.page_words import words_of_page
from service.feeds.policy import MIB, FetchPolicy

PAGE_BYTES = 4 * MIB
PAGE_SECONDS = 12.0
WORDY = ("text/html", "application/xhtml", "text/plain")
ACCEPT = {"Accept": "text/html, application/xhtml+xml, application/pdf;q=0.9, */*;q=0.5"}


@dataclass(frozen=True)
class SourceDoor:
    """How sources are looked at: a guarded session and the limits."""

    session: aiohttp.ClientSession
    policy: FetchPolicy

    async def look(self, url: str, seconds: float = PAGE_SECONDS) -> Look:
        """What is there now."""
        limits = replace(
            self.policy,
            max_bytes=min(self.policy.max_bytes, PAGE_BYTES),
            timeout=min(self.policy.timeout, seconds),
        )
        try:
            async with asyncio.timeout(seconds + 1):  # waiting for one's turn at the host counts as well
                found = await fetch_url(self.session, url, limits, ACCEPT)
        except TimeoutError:
            return Look(fault="timeout")
        if isinstance(found, FetchError):
            return Look(fault=found.kind)
        return await _read(found) if isinstance(found, Fetched) else Look(fault="bad_response")


async def _read(found: Fetched) -> Look:
    media = (found.content_type or "").partition(";")[0].strip().lower()[:100]
    text = ""
    if not media or media.startswith(WORDY):
        text = await asyncio.to_thread(_words, found.body, found.content_type)
    return Look(
        sha256=hashlib.sha256(found.body).hexdigest(), landed=found.url[:2000], media=media, text=text
    )


def _words(body: bytes, content_type: str | None) -> str:
    try:
        return words_of_page(decode(body, content_type)[0])[:TEXT]
    except (FeedError, ValueError, RecursionError):
        return ""
