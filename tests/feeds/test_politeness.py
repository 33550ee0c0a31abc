"""One request at a time to a host; one that hangs does not keep its neighbours waiting."""

from __future__ import annotations

import asyncio

import pytest

from service.feeds.politeness import Turns


async def test_quick_requests_to_one_host_take_turns() -> None:
    turns, inside, most = Turns(patience=5), 0, 0

    async def ask() -> None:
        nonlocal inside, most
        async with turns.take("news.example.cn:443"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(ask() for _ in range(20)))
    assert most == 1


async def test_one_that_hangs_lets_the_next_begin() -> None:
    turns, hung = Turns(patience=0.01), asyncio.Event()

    async def hang() -> None:
        async with turns.take("news.example.cn:443"):
            await hung.wait()

    hanging = asyncio.create_task(hang())
    await asyncio.sleep(0)
    async with asyncio.timeout(5), turns.take("news.example.cn:443"):
        assert not hanging.done()
    hung.set()
    await hanging


async def test_a_failure_gives_the_turn_back() -> None:
    turns, taken = Turns(patience=60), 0
    for _ in range(3):
        async with asyncio.timeout(5):
            with pytest.raises(OSError, match="refused"):
                async with turns.take("news.example.cn:443"):
                    taken += 1
                    raise OSError("refused")
    assert taken == 3
