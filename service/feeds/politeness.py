"""One request at a time to one host, but for one that hangs.

Waiting for one's turn does not count against the time limit of the fetch. A request that takes longer than `PATIENCE`
goes on, and the next one begins beside it: a slow page must not keep its neighbours' news from being seen.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from weakref import WeakKeyDictionary

import aiohttp

PATIENCE: Final = 3.0  # seconds
AT_A_HOST: Final = 4  # connections at most, however many hang


class Turns:
    """Turns by key. A lock a key is kept as long as this is: there are as many hosts as sources at most."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._locks: dict[str, asyncio.Lock] = {}

    @asynccontextmanager
    async def take(self, key: str) -> AsyncIterator[None]:
        """Hold the turn for `key` until the block ends, or until patience does."""
        lock = self._locks.setdefault(key, asyncio.Lock())
        await lock.acquire()
        held = [lock]

        def give_way() -> None:
            while held:
                held.pop().release()

        timer = asyncio.get_running_loop().call_later(self._patience, give_way)
        try:
            yield
        finally:
            timer.cancel()
            give_way()


_TURNS: WeakKeyDictionary[aiohttp.ClientSession, Turns] = WeakKeyDictionary()


def turns_of(session: aiohttp.ClientSession) -> Turns:
    """The turns of everything that is fetched through this session."""
    return _TURNS.setdefault(session, Turns())
