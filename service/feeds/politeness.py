"""One request at a time to one host.

The connector holds one connection a host; this queue in front of it makes waiting for one's turn not count against the
time limit of the fetch, so a slow source does not fail its neighbours on the same host.
"""

import asyncio
from types import TracebackType
from weakref import WeakKeyDictionary

import aiohttp

_TURNS: WeakKeyDictionary[aiohttp.ClientSession, dict[str, asyncio.Lock]] = WeakKeyDictionary()


class HostTurn:
    """`async with HostTurn(session, "name:port")`: hold the turn for that host on this session."""

    __slots__ = ("_lock",)

    def __init__(self, session: aiohttp.ClientSession, host: str) -> None:
        # A lock a host is kept as long as the session: there are as many hosts as sources at most.
        turns = _TURNS.setdefault(session, {})
        self._lock = turns.get(host) or turns.setdefault(host, asyncio.Lock())

    async def __aenter__(self) -> None:
        await self._lock.acquire()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()
