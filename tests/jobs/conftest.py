"""A house whose only unreal part is what is across the network."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from classifiers.signals import Assessment
from classifiers.text import Text
from service.context import Context
from service.house import House
from service.store.engine import Database


class NoAssessors:
    """Nothing is assessed in these tests."""

    async def assess(self, texts: Sequence[Text]) -> list[Assessment]:
        assert not texts
        return []


@dataclass
class Notes:
    """What a test's job was asked to do."""

    runs: list[str] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0


@pytest.fixture
def now_ctx(ctx: Context) -> Context:
    """Jobs wait in real time, so their clock is the real one."""
    return replace(ctx, now=lambda: datetime.now(UTC))


@pytest.fixture
def house(now_ctx: Context, database: Database) -> House:
    return House(now_ctx, database, NoAssessors())


async def until(condition: Callable[[], bool | Awaitable[bool]], within: float = 5.0) -> None:
    """Wait for something to become true, or fail."""
    ends = asyncio.get_running_loop().time() + within
    while True:
        found = condition()
        if await found if isinstance(found, Awaitable) else found:
            return
        assert asyncio.get_running_loop().time() < ends, "it did not happen in time"
        await asyncio.sleep(0.02)
