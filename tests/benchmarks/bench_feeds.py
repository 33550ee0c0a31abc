"""Benchmarks of the feed door, as ratios in one run: what a poll of 5,000 sources costs, and what delta parsing saves.

    python -m tests.benchmarks.bench_feeds [--sources 5000] [--rounds 3]

CPU time of this process and its parser children; the feed server is a process of its own. Contenders take turns on the same
generations of the same feeds, and each ratio is the median over the rounds.
"""

import argparse
import asyncio
import io
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import feedparser
import xxhash

from service.feeds.guard import guarded_session
from service.feeds.parse import parse
from service.feeds.parser_pool import ParserPool
from service.feeds.policy import FetchPolicy
from service.feeds.poll import poll
from service.feeds.state import FetchState
from tests.benchmarks import goals
from tests.benchmarks.feed_source import HOSTS, address, document

GOAL = 1.5
AT_A_TIME = 64
ITEM = re.compile(rb"<item>.*?</item>", re.S)


class PlainDelta:
    """The yardstick: aiohttp and ETags, entries cut by a regular expression, only new ones given to feedparser.

    No guard, no limits, no redirects, no decoding, no cleaning, no child, no schedule.
    """

    name = "aiohttp, only new entries given to the parser"

    def __init__(self, urls: Sequence[str]) -> None:
        self.urls = urls
        self.tags: dict[str, str] = {}
        self.seen: dict[str, set[int]] = {}
        self.new = 0

    async def open(self) -> None:
        self.session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit_per_host=1))

    async def close(self) -> None:
        await self.session.close()

    def cpu(self) -> float:
        return time.process_time()

    async def one(self, url: str) -> None:
        tag = self.tags.get(url)
        async with self.session.get(url, headers={"If-None-Match": tag} if tag else {}) as answer:
            if answer.status == 304:
                return
            body = await answer.read()
            self.tags[url] = answer.headers["ETag"]
        seen = self.seen.setdefault(url, set())
        pieces = [(xxhash.xxh3_64_intdigest(piece[0]), piece) for piece in ITEM.finditer(body)]
        fresh = [piece[0] for digest, piece in pieces if digest not in seen]
        head, tail = body[: pieces[0][1].start()], body[pieces[-1][1].end() :]
        found = feedparser.parse(io.BytesIO(head + b"".join(fresh) + tail), sanitize_html=False)
        self.seen[url] = {digest for digest, _ in pieces}
        self.new += len(found.entries)


class WholeFeeds(PlainDelta):
    """What a first version does: fetch everything, parse everything."""

    name = "aiohttp + feedparser, every feed whole"

    async def one(self, url: str) -> None:
        async with self.session.get(url) as answer:
            found = feedparser.parse(io.BytesIO(await answer.read()))
        seen = self.seen.setdefault(url, set())
        guids = {hash(entry["id"]) for entry in found.entries}
        self.new += len(guids - seen)
        seen |= guids


class Ours(PlainDelta):
    """The whole pipeline of `service.feeds.poll`."""

    name = "service.feeds.poll"

    def __init__(self, urls: Sequence[str], port: int) -> None:
        super().__init__(urls)
        hosts = {(f"127.0.0.{2 + host}", port) for host in range(HOSTS)}
        self.policy = FetchPolicy(allow=frozenset(hosts))
        self.now = datetime(2026, 11, 24, tzinfo=UTC)
        self.states = {url: FetchState.fresh(url, self.now) for url in urls}
        self.stored: dict[str, dict[str, str]] = {url: {} for url in urls}
        self.rng = random.Random(1)

    async def open(self) -> None:
        self.session = guarded_session(self.policy)
        self.pool = ParserPool(size=1)

    async def close(self) -> None:
        await self.session.close()
        await self.pool.close()

    def cpu(self) -> float:
        return time.process_time() + sum(_cpu_of(pid) for pid in self.pool.processes())

    async def one(self, url: str) -> None:
        stored = self.stored[url]

        async def known(guids: Sequence[str]) -> Mapping[str, str]:
            return {guid: stored[guid] for guid in guids if guid in stored}

        plan = await poll(self.session, self.pool, self.states[url], known, self.policy, self.now, self.rng)
        self.states[url] = plan.next_state
        stored |= {item.guid: item.content_hash for item in plan.new}
        self.new += len(plan.new)


def _cpu_of(pid: int) -> float:
    """Seconds of CPU a living child has used."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


async def sweep(contender: PlainDelta) -> float:
    """CPU seconds of one poll of all sources."""
    gate = asyncio.Semaphore(AT_A_TIME)

    async def one(url: str) -> None:
        async with gate:
            await contender.one(url)

    before = contender.cpu()
    await asyncio.gather(*map(one, contender.urls))
    return contender.cpu() - before


async def polls(sources: int, rounds: int, whole: int) -> None:
    """Print the table of polls; `whole` sources are enough for the slow contender."""
    server = subprocess.Popen(  # noqa: ASYNC220 - before anything is measured
        [sys.executable, "-m", "tests.benchmarks.feed_source"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert server.stdout is not None
    port = int(server.stdout.readline())
    urls = [address(feed, port) for feed in range(sources)]
    contenders: list[PlainDelta] = [PlainDelta(urls), Ours(urls, port), WholeFeeds(urls[:whole])]
    times: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    async with aiohttp.ClientSession() as control:
        for contender in contenders:
            await contender.open()
        for generation in range(rounds + 1):
            async with control.get(f"http://127.0.0.2:{port}/generation/{generation}"):
                pass
            turn = contenders if generation % 2 else contenders[::-1]
            for contender in turn:
                contender.new = 0
                spent = await sweep(contender) / len(contender.urls) * 1e6
                expected = len(contender.urls) // 10 if generation else len(contender.urls) * 30
                assert contender.new == expected, (contender.name, contender.new, expected)
                if generation:
                    times[contender.name].append(spent)
        for contender in contenders:
            await contender.close()
    server.kill()
    server.wait()
    print(
        f"\nPoll of {sources:,} sources, a tenth with one new entry of 30; CPU µs a source, median of {rounds} rounds"
    )
    plain = times[PlainDelta.name]
    for name, row in times.items():
        print(f"  {name:50} {statistics.median(row):8.0f}   {_ratio(row, plain):6.2f} ×")
    ours = _ratio(times[Ours.name], plain)
    goals.check("poll, a tenth changed by one entry: × aiohttp and only new entries parsed", ours, GOAL)


def _ratio(row: Sequence[float], other: Sequence[float]) -> float:
    """The median of the ratios of the rounds."""
    return statistics.median([mine / theirs for mine, theirs in zip(row, other, strict=False)])


def timed(work: Callable[[], object], times: int) -> float:
    """CPU µs of one call, the median of a few."""
    spent = []
    for _ in range(times):
        before = time.process_time()
        work()
        spent.append((time.process_time() - before) * 1e6)
    return statistics.median(spent)


def parsing(rounds: int) -> None:
    """Print what one document costs, without network and child."""
    before, after = document(1, 0), document(1, 1)
    known = parse(before).entry_hashes
    cases: dict[str, Callable[[], object]] = {
        "feedparser, whole document": lambda: feedparser.parse(io.BytesIO(after)),
        "parse, whole document (cleaned)": lambda: parse(after),
        "parse, one new entry of 30": lambda: parse(after, known=known),
        "parse, nothing new": lambda: parse(before, known=known),
    }
    print(f"\nOne feed of 30 entries, {len(after) // 1024} KiB; CPU µs")
    results = {name: timed(work, rounds * 10) for name, work in cases.items()}
    first = next(iter(results.values()))
    for name, spent in results.items():
        print(f"  {name:50} {spent:8.0f}   {first / spent:6.1f} × faster than feedparser")


def main() -> None:
    """Run both tables."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--sources", type=int, default=5000)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--whole", type=int, default=300)
    given = arguments.parse_args()
    parsing(given.rounds)
    asyncio.run(polls(given.sources, given.rounds, given.whole))


if __name__ == "__main__":
    main()
