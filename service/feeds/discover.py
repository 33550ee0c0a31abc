"""Find the feed of a site, for an editor who pastes the address of a page.

    address
    | fetch       behind the guard, as every way out
    | parse       it is a feed already: done
    | feed_links  what the page's head names
    → list[FoundFeed]

Does not guess addresses (`/rss`, `/feed.xml`) and does not fetch what it found.
"""

import html
import re
from dataclasses import dataclass

import aiohttp

from service.feeds.decode import decode
from service.feeds.errors import FeedError, ParseError
from service.feeds.fetch import Fetched, FetchError, fetch_url
from service.feeds.html import tidy_line
from service.feeds.parser_pool import ParserPool
from service.feeds.policy import FetchPolicy
from service.feeds.urls import web_url

LOOKED_AT = 512 * 1024
MOST_FOUND = 20
TYPES = {
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
    "application/x.atom+xml",
    "application/cap+xml",
    "text/xml",
    "application/xml",
    "text/rss",
    "application/rss",
}
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
# Linear on any input: nothing in a tag may contain the start of another.
TAG = re.compile(r"<(link|base)\b((?:[^<>\"']|\"[^\"<]{0,2000}\"|'[^'<]{0,2000}')*)>", re.I)
ATTRIBUTE = re.compile(r"(?<![a-z-])([a-z-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+))", re.I)


class DiscoveryFailed(FeedError):
    """No feed was found at this address.

    `kind` is the key of the reason: a kind of FetchError, or no_feed.
    """

    type = "no_feed_found"

    def __init__(self, kind: str, message: str | None = None) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True)
class FoundFeed:
    """A feed's address and the title the page or the feed gives it."""

    url: str
    title: str


async def discover(
    session: aiohttp.ClientSession, pool: ParserPool, url: str, policy: FetchPolicy
) -> list[FoundFeed]:
    """The feed at `url`, or the feeds its page names, best first. DiscoveryFailed when there are none."""
    answer = await fetch_url(session, url, policy)
    if isinstance(answer, FetchError):
        raise DiscoveryFailed(answer.kind, answer.message)
    if not isinstance(answer, Fetched):
        raise DiscoveryFailed("no_feed")
    try:
        feed = await pool.parse(answer.body, answer.content_type, answer.url, max_items=1)
    except ParseError:
        text, _ = decode(answer.body[:LOOKED_AT], answer.content_type)
        found = feed_links(text, answer.url)
        if found:
            return found
        raise DiscoveryFailed("no_feed") from None
    return [FoundFeed(answer.moved_to or url.strip(), feed.title)]


def feed_links(page: str, base_url: str) -> list[FoundFeed]:
    """The feeds that `<link rel="alternate">` names in a page, in order, each once."""
    found: dict[str, FoundFeed] = {}
    base = base_url
    for tag in TAG.finditer(COMMENT.sub("", page[:LOOKED_AT])):
        values = {
            match[1].lower(): html.unescape(match[2] or match[3] or match[4] or "")
            for match in ATTRIBUTE.finditer(tag[2])
        }
        if tag[1].lower() == "base":
            base = web_url(values.get("href"), base_url) or base
        elif tag[1].lower() == "link" and _names_feed(values):
            url = web_url(values.get("href"), base)
            if url:
                found.setdefault(url, FoundFeed(url, tidy_line(values.get("title", ""))))
    return list(found.values())[:MOST_FOUND]


def _names_feed(values: dict[str, str]) -> bool:
    relations = values.get("rel", "").lower().split()
    kind = values.get("type", "").partition(";")[0].strip().lower()
    return (
        "alternate" in relations and "stylesheet" not in relations and kind in TYPES
    ) or "feed" in relations
