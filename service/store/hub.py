"""What changed, told inside one process: live pages and jobs listen here.

A hint, never the truth: a listener that is too slow loses the oldest hints, and every listener reads the rows anyway.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

TOPICS = ("queue", "assignments", "deliveries", "site", "sources")
WAITING = 1000


@dataclass(frozen=True)
class News:
    """One thing changed. `ref` is the id of the row, or empty."""

    topic: str
    ref: str


@dataclass(frozen=True)
class Hub:
    """The listeners of one process."""

    _queues: set[asyncio.Queue[News]] = field(default_factory=set)

    @contextmanager
    def listen(self) -> Iterator[asyncio.Queue[News]]:
        """A queue that receives all news until the block ends."""
        queue: asyncio.Queue[News] = asyncio.Queue(WAITING)
        self._queues.add(queue)
        try:
            yield queue
        finally:
            self._queues.discard(queue)

    def tell(self, news: News) -> None:
        """Hand the news to every listener; call it on the event loop."""
        for queue in self._queues:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(news)
