"""Hostile documents cost a child, never the service."""

import asyncio
import os
import time
from pathlib import Path

import pytest

from service.feeds import parser_pool
from service.feeds.errors import ParseError
from service.feeds.parser_pool import ParserPool
from tests.feeds.samples import STORIES, rss

# feedparser takes a regular expression to the text of <author> that is quadratic in its length.
CPU_BOMB = (
    b"<rss version='2.0'><channel><item><author>" + b"a" * 200_000 + b"</author></item></channel></rss>"
)
MEMORY_BOMB = b"<rss version='2.0'><channel>" + b"<item><a/></item>" * 600_000 + b"</channel></rss>"


def read_process(number: int) -> tuple[bytes, str]:
    """Environment and limits of a process, as the kernel tells them."""
    folder = Path("/proc") / str(number)
    return (folder / "environ").read_bytes(), (folder / "limits").read_text()


async def titles(pool: ParserPool, body: bytes) -> list[str]:
    return [entry.title for entry in (await pool.parse(body, None, "")).entries]


async def test_documents_are_parsed_in_another_process_and_processes_are_kept(pool: ParserPool) -> None:
    for _ in range(3):
        assert await titles(pool, rss()) == [title for _, title, _ in STORIES]
    assert len(pool.processes()) == 1
    assert os.getpid() not in pool.processes()


async def test_a_document_that_takes_too_much_cpu_kills_its_child_only(pool: ParserPool) -> None:
    started = time.monotonic()
    bomb, good = await asyncio.gather(titles(pool, CPU_BOMB), titles(pool, rss()), return_exceptions=True)
    assert isinstance(bomb, ParseError)
    assert bomb.kind == "parse_timeout"
    assert good == [title for _, title, _ in STORIES]
    assert await titles(pool, rss()) == good
    assert time.monotonic() - started < 25


async def test_the_wall_clock_counts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parser_pool, "START_SECONDS", 5.0)
    async with ParserPool(size=1, wall=0.3) as pool:
        await titles(pool, rss())
        with pytest.raises(ParseError) as caught:
            await titles(pool, CPU_BOMB)
        assert caught.value.kind == "parse_timeout"
        assert len(await titles(pool, rss())) == len(STORIES)


async def test_a_document_that_takes_too_much_memory_fails_alone(pool: ParserPool) -> None:
    with pytest.raises(ParseError) as caught:
        await pool.parse(MEMORY_BOMB, None, "", max_items=10**9)
    assert caught.value.kind in ("parse_memory", "parse_timeout")
    assert len(await titles(pool, rss())) == len(STORIES)


async def test_the_loop_goes_on_while_a_child_works(pool: ParserPool) -> None:
    await titles(pool, rss())
    latest = 0.0

    async def watch() -> None:
        nonlocal latest
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.01)
            latest = max(latest, time.monotonic() - before)

    watcher = asyncio.create_task(watch())
    big = rss([(f"g{n}", f"第{n}条", "内容" * 200) for n in range(2000)])
    await pool.parse(big, None, "", max_items=200)
    watcher.cancel()
    assert latest < 0.25


async def test_a_child_has_no_environment_and_little_to_open(pool: ParserPool) -> None:
    await titles(pool, rss())
    (process,) = pool.processes()
    environment, limits = read_process(process)
    assert environment == b""
    assert any(
        line.split()[3:5] == ["16", "16"] for line in limits.splitlines() if line.startswith("Max open files")
    )
    assert any(
        line.split()[3] == str(512 * 2**20)
        for line in limits.splitlines()
        if line.startswith("Max address space")
    )


async def test_a_child_killed_from_outside_is_replaced(pool: ParserPool) -> None:
    await titles(pool, rss())
    (process,) = pool.processes()
    os.kill(process, 9)
    await asyncio.sleep(0.1)
    assert len(await titles(pool, rss())) == len(STORIES)
    assert pool.processes() != [process]


async def test_a_cancelled_parse_leaves_no_answer_behind_for_the_next(pool: ParserPool) -> None:
    await titles(pool, rss())
    task = asyncio.create_task(titles(pool, CPU_BOMB))
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(await titles(pool, rss())) == len(STORIES)


async def test_children_end_with_the_pool() -> None:
    async with ParserPool(size=2) as pool:
        await asyncio.gather(*(titles(pool, rss()) for _ in range(4)))
        processes = pool.processes()
    assert processes
    for process in processes:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)
    with pytest.raises(ParseError):
        await titles(pool, rss())
