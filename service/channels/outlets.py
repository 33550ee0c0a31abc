"""The channels of one process: how to open them, and which of them is at work right now.

A channel that is slow or dead keeps its own task and nobody else's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import structlog
from aiohttp import ClientSession

from service.channels.kinds import open_channel
from service.channels.protocol import ChannelConfig, OutChannel, Transports
from service.errors import QingyuanError

log = structlog.get_logger()


@dataclass(frozen=True)
class Outlets:
    """What jobs deliver through. Made once a process; `close` waits for what is being sent."""

    through: Transports
    now: Callable[[], datetime]
    patience: float = 3.0  # seconds after which a round leaves slow channels to themselves
    at_work: dict[UUID, asyncio.Task[int]] = field(default_factory=dict)
    closing: asyncio.Event = field(default_factory=asyncio.Event)  # claim nothing more

    def open(self, config: ChannelConfig) -> OutChannel:
        """The adapter for a channel."""
        return open_channel(config, self.through, self.now)

    def start(self, channel_id: UUID, work: Coroutine[None, None, int]) -> asyncio.Task[int]:
        """Let a channel work through what is due; the caller has seen that it is not at work."""
        task = asyncio.create_task(self._guarded(work), name=f"channel {channel_id}")
        self.at_work[channel_id] = task
        task.add_done_callback(lambda _: self.at_work.pop(channel_id, None))
        return task

    async def _guarded(self, work: Coroutine[None, None, int]) -> int:
        try:
            return await work
        except QingyuanError as error:  # the store is busy; the rows are still there next time
            log.warning("channel_paused", error=error.type)
            return 0

    async def close(self, within: float = 15.0) -> None:
        """Wait for messages that are on their way; what is not done by then is found by `recover` after the restart."""
        self.closing.set()
        if self.at_work:
            await asyncio.wait(list(self.at_work.values()), timeout=within)
        for task in list(self.at_work.values()):
            task.cancel()


def outlets(
    http: ClientSession,
    render: Callable[[str], Awaitable[None]],
    now: Callable[[], datetime],
    smtp_url: str = "",
    sender: str = "",
    patience: float = 3.0,
) -> Outlets:
    """Outlets over these transports."""
    return Outlets(Transports(http, render, smtp_url, sender), now, patience)
