"""One request at a time to one host.

The connector holds one connection a host; this queue in front of it makes waiting for one's turn not count against the
time limit of the fetch, so a slow source does not fail its neighbours on the same host.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary

import aiohttp

_TURNS: WeakKeyDictionary[aiohttp.ClientSession, dict[str, tuple[asyncio.Lock, int]]] = WeakKeyDictionary()


@asynccontextmanager
async def host_turn(session: aiohttp.ClientSession, host: str) -> AsyncIterator[None]:
    """Hold the turn for `host` ("name:port") on this session."""
    turns = _TURNS.setdefault(session, {})
    lock, waiting = turns.get(host, (None, 0))
    lock = lock or asyncio.Lock()
    turns[host] = (lock, waiting + 1)
    try:
        async with lock:
            yield
    finally:
        _, waiting = turns[host]
        if waiting > 1:
            turns[host] = (lock, waiting - 1)
        else:
            del turns[host]
