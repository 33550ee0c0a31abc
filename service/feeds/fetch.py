"""Fetch one source: conditional GET, redirects by hand, size counted while streaming, one time limit for all.

    FetchState
    | fetch → Fetched | NotModified | FetchError        (network; failures are values here, never exceptions)

Does not parse, decide, store or retry. No error says whether a port was open: refused, unanswered and unroutable are
all `connect`.
"""

import asyncio
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import aiohttp
import xxhash
from yarl import URL

from service.feeds import headers
from service.feeds.errors import BadAddress, BlockedAddress
from service.feeds.guard import CONNECT_SECONDS
from service.feeds.policy import FetchPolicy
from service.feeds.politeness import turns_of
from service.feeds.state import FetchState

__all__ = ["FetchError", "FetchState", "Fetched", "NotModified", "fetch", "fetch_url", "usable"]

ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/cap+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)
CHUNK = 64 * 1024
MOVED = {301, 308}
REDIRECTS = MOVED | {302, 303, 307}
LONGEST_URL = 2048
# Everything after connecting counts against the one limit of the fetch.
CONNECT_ONLY = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS)


@dataclass(frozen=True)
class Fetched:
    """A body. `url` is where it came from; `moved_to` is set when every hop there was a permanent redirect."""

    url: str
    body: bytes
    body_hash: str
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None
    max_age: timedelta | None = None


@dataclass(frozen=True)
class NotModified:
    """The server says that nothing changed."""

    max_age: timedelta | None = None


@dataclass(frozen=True)
class FetchError:
    """Why there is no body. `permanent`: the source is gone, polling it again is for once a day at most.

    `kind`: bad_address, blocked, dns, connect, tls, timeout, too_big, redirect_loop, bad_response, http_NNN.
    """

    kind: str
    message: str
    retry_after: timedelta | None = None
    permanent: bool = False


MESSAGES = {
    "bad_address": "This is not an http or https address that can be fetched.",
    "blocked": "This address is not on the public internet; the service does not connect to it.",
    "dns": "The name of this host is not known.",
    "connect": "The host could not be reached.",
    "tls": "No trusted encrypted connection to this host could be made.",
    "timeout": "The answer took longer than the limit.",
    "too_big": "The answer is larger than the limit.",
    "redirect_loop": "The address redirects too many times.",
    "bad_response": "The answer is not valid HTTP or its compression is damaged.",
}


async def fetch(
    session: aiohttp.ClientSession, state: FetchState, policy: FetchPolicy
) -> Fetched | NotModified | FetchError:
    """Fetch what `state` points at, unless it has not changed since."""
    conditions: dict[str, str] = {}
    if state.etag:
        conditions["If-None-Match"] = state.etag
    if state.last_modified:
        conditions["If-Modified-Since"] = state.last_modified
    return await fetch_url(session, state.url, policy, conditions)


async def fetch_url(
    session: aiohttp.ClientSession, url: str, policy: FetchPolicy, conditions: dict[str, str] | None = None
) -> Fetched | NotModified | FetchError:
    """Fetch any address under the same limits; `conditions` are extra request headers."""
    try:
        target = usable(url)
        async with turns_of(session).take(target.raw_authority), asyncio.timeout(policy.timeout):
            return await _follow(session, target, policy, {"Accept": ACCEPT, **(conditions or {})})
    except (BadAddress, aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError):
        return _error("bad_address")
    except BlockedAddress:
        return _error("blocked")
    except aiohttp.ClientConnectorDNSError:
        return _error("dns")
    except aiohttp.ClientSSLError:
        return _error("tls")
    except aiohttp.ConnectionTimeoutError:
        return _error("connect")
    except TimeoutError:
        return _error("timeout")
    except (aiohttp.ClientConnectorError, aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
        return _error("connect")
    except (aiohttp.ClientError, ValueError):
        return _error("bad_response")


@lru_cache(maxsize=16_384)
def usable(url: str) -> URL:
    """`url` as a value, or BadAddress when it is not plain http(s), is too long or carries a password."""
    try:
        target = URL(url.strip())
        fine = target.scheme in ("http", "https") and bool(target.host) and target.user is None
        if fine and target.port and len(str(target)) <= LONGEST_URL:
            return target
    except (ValueError, UnicodeError):
        pass
    raise BadAddress


async def _follow(
    session: aiohttp.ClientSession, target: URL, policy: FetchPolicy, request: dict[str, str]
) -> Fetched | NotModified | FetchError:
    moved = True
    for hop in range(policy.max_redirects + 1):
        async with session.get(
            target, headers=request, allow_redirects=False, timeout=CONNECT_ONLY
        ) as response:
            location = response.headers.get("Location")
            if response.status not in REDIRECTS or not location:
                answer = await _answer(response, policy)
                if isinstance(answer, Fetched) and hop and moved:
                    return replace(answer, moved_to=str(target))
                return answer
            moved = moved and response.status in MOVED
            target = usable(str(target.join(URL(location))))
    return _error("redirect_loop")


async def _answer(
    response: aiohttp.ClientResponse, policy: FetchPolicy
) -> Fetched | NotModified | FetchError:
    if response.status == 304:
        return NotModified(headers.max_age(response.headers))
    if response.status != 200:
        return _refusal(response)
    body = await _read(response, policy.max_bytes)
    if body is None:
        return _error("too_big")
    return Fetched(
        url=str(response.url),
        body=body,
        body_hash=xxhash.xxh3_128_hexdigest(body),
        content_type=response.headers.get("Content-Type"),
        etag=headers.validator(response.headers, "ETag"),
        last_modified=headers.validator(response.headers, "Last-Modified"),
        max_age=headers.max_age(response.headers),
    )


async def _read(response: aiohttp.ClientResponse, most: int) -> bytes | None:
    """The decompressed body, or None as soon as it is larger than `most` bytes; the connection is then dropped."""
    declared = response.headers.get("Content-Length", "")
    if re.fullmatch(r"\d+", declared) and int(declared) > most:
        response.close()
        return None
    parts: list[bytes] = []
    size = 0
    async for chunk in response.content.iter_chunked(CHUNK):
        size += len(chunk)
        if size > most:
            response.close()
            return None
        parts.append(chunk)
    return b"".join(parts)


def _refusal(response: aiohttp.ClientResponse) -> FetchError:
    wait = headers.retry_after(response.headers, datetime.now(UTC))
    status = response.status
    # The body of a refusal is not read; the connection is not worth keeping either.
    response.close()
    return FetchError(f"http_{status}", f"The server answered {status}.", wait, permanent=status == 410)


def _error(kind: str) -> FetchError:
    return FetchError(kind, MESSAGES[kind])
