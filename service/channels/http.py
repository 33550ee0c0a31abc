"""One POST to somebody else's server, with every way it can end told apart: taken, refused, busy, unknown.

    before the connection stands   → Temporary: it certainly was not taken
    after that, without an answer  → Unknown
    with an answer                 → 2xx Answer · 408 425 429 5xx Temporary · anything else Permanent

Follows no redirect, keeps no connection (a connection that the other side has just closed would make the outcome
unknown), reads at most 64 KiB of the answer. Does not retry.
"""

from __future__ import annotations

import asyncio
import email.utils
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp

from service.channels.errors import ChannelError, Permanent, Temporary, Unknown
from service.errors import QingyuanError

ANSWER_BYTES = 64 * 1024
CONNECT_SECONDS = 10.0
READ_SECONDS = 20.0
BODY_SECONDS = 10.0
TOTAL_SECONDS = 45.0
BUSY = frozenset({408, 425, 429})
GATEWAY_TIMEOUT = 504  # the gateway asked and got no answer: it may have arrived


@dataclass(frozen=True)
class Answer:
    """A 2xx answer; `body` is what could be read of it within the limits."""

    status: int
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body as an object; Unknown when it is none, since then nobody has said yes or no."""
        try:
            found = json.loads(self.body)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise Unknown("unreadable_answer", detail={"status": self.status})
        return found


async def post(
    session: aiohttp.ClientSession,
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    now: datetime,
) -> Answer:
    """POST `body`. `now` is for a Retry-After that names a date."""
    try:
        async with asyncio.timeout(TOTAL_SECONDS):
            return await _post(session, url, body, headers, now)
    except ChannelError:
        raise
    except QingyuanError as error:  # the guard refused the address
        raise Permanent(error.type, str(error)) from error
    except (
        aiohttp.ClientSSLError
    ) as error:  # before the request: a person must mend it, and until then it waits
        raise Temporary("tls", str(error)[:200]) from error
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        raise Temporary("unreachable") from error
    except aiohttp.InvalidURL as error:
        raise Permanent("bad_address") from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Unknown("no_answer", detail={"error": type(error).__name__}) from error


async def _post(
    session: aiohttp.ClientSession, url: str, body: bytes, headers: Mapping[str, str], now: datetime
) -> Answer:
    limits = aiohttp.ClientTimeout(
        total=None, connect=CONNECT_SECONDS, sock_connect=CONNECT_SECONDS, sock_read=READ_SECONDS
    )
    sent = {**headers, "Connection": "close"}
    async with session.post(url, data=body, headers=sent, timeout=limits, allow_redirects=False) as answer:
        _refusals(answer, now)
        return Answer(answer.status, await _read(answer))


def _refusals(answer: aiohttp.ClientResponse, now: datetime) -> None:
    status, code = answer.status, f"http_{answer.status}"
    if 200 <= status < 300:
        return
    if status == GATEWAY_TIMEOUT:
        raise Unknown(code)
    if status in BUSY or status >= 500:
        raise Temporary(code, retry_after=retry_after(answer.headers.get("Retry-After", ""), now))
    raise Permanent(code)


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    """The beginning of the answer. The status line has already said yes, so a cut body is no error here."""
    found = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in answer.content.iter_chunked(8192):
                found += chunk
                if len(found) >= ANSWER_BYTES:
                    break
    except (aiohttp.ClientError, OSError):  # a timeout is an OSError
        return bytes(found)
    return bytes(found[:ANSWER_BYTES])


def retry_after(value: str, now: datetime) -> timedelta | None:
    """A Retry-After header, as seconds or as a date; nonsense is None. At most a day."""
    value = value.strip()
    if value.isascii() and value.isdigit() and len(value) < 10:
        return min(timedelta(seconds=int(value)), timedelta(days=1))
    try:
        at = email.utils.parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    wait = (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
    return min(wait, timedelta(days=1)) if wait > timedelta() else None
