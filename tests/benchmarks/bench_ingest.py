"""From a feed on the network to a stored and classified item, against the loop that one writes first. Ratios in one run.

    python -m tests.benchmarks.bench_ingest [--sources 200] [--rounds 5]

Ours does more: it also links copies and events, asks for known claims, opens cases with reasons, and writes the audit log.
CPU time of this process and its parser child; the feed server is a process of its own; both stores are SQLite with
`synchronous=FULL`; both use the same classifier. The first round (everything new) is shown apart from the steady ones,
in which a tenth of the sources has one new story among thirty.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import feedparser
from sqlmodel import func, select

from classifiers.claims import Claim, ClaimIndex
from classifiers.text import Text
from content.permissions import Actor, Role
from service import heap, keys, settings
from service.context import Context
from service.feeds.clean import clean
from service.feeds.guard import guarded_session
from service.feeds.parsed import ParsedEntry
from service.feeds.parser_pool import ParserPool
from service.feeds.policy import FetchPolicy
from service.store.engine import Database, make_engine
from service.store.migrate import upgrade
from service.store.tables import AssessmentRow, Evidence, Item
from service.usecases import sources
from service.usecases.item_rows import item_row
from service.usecases.polling import FeedDoor, poll_due
from service.usecases.triage import triage_pending
from service.usecases.triage_memory import Memory
from tests.benchmarks import goals
from tests.benchmarks.match_corpus import first as headlines
from tests.benchmarks.story_costs import costs
from tests.usecases.newsroom import ShippedAssessor

GOAL = 10.0
CLAIMS = 100_000
HOSTS = 50
OPERATOR = Actor(id=None, name="bench", roles=frozenset(Role))


class Contender:
    """A store of its own, and a way to fill it."""

    name = ""

    def __init__(self, folder: Path, urls: list[str], port: int, assessor: ShippedAssessor) -> None:
        self.urls, self.port, self.assessor = urls, port, assessor
        self.now = datetime(2026, 11, 24, tzinfo=UTC)
        found = settings.load(data_dir=folder)
        self.ctx = Context(settings=found, keys=keys.load(folder), now=lambda: self.now)
        self.db = Database(make_engine(found.db_url))

    async def prepare(self) -> None:
        """Make the tables and register the sources."""
        await upgrade(self.ctx.settings.db_url)
        async with self.db.write() as session:
            self.known = [await sources.add(self.ctx, session, url, OPERATOR) for url in self.urls]

    def cpu(self) -> float:
        """Seconds used so far."""
        return time.process_time()

    async def round(self) -> None:
        """Bring in what is new."""
        raise NotImplementedError

    async def stored(self) -> int:
        """How many items are stored and classified."""
        async with self.db.read() as session:
            return (await session.exec(select(func.count()).select_from(AssessmentRow))).one()


class Naive(Contender):
    """Fetch whole, parse whole, then entry by entry: look it up, classify it alone, add and commit it."""

    name = "whole feed, entry by entry, ORM commit each"

    async def round(self) -> None:
        async with aiohttp.ClientSession() as session:
            for source in self.known:
                async with session.get(source.url) as answer:
                    found = feedparser.parse(io.BytesIO(await answer.read()))
                for entry in found.entries:
                    await self._one(source.id, entry)

    async def _one(self, source_id: object, entry: feedparser.FeedParserDict) -> None:
        async with self.db.write() as session:
            query = select(Item).where(Item.source_id == source_id, Item.guid == entry.id)
            if (await session.exec(query)).first() is not None:
                return
            item = clean(ParsedEntry(entry.id, entry.link, entry.title, entry.summary, entry.summary))
            row = Item(**item_row(item, self.ctx.new_id(), source_id, 1, self.now))  # type: ignore[arg-type]
            session.add(row)
            await session.flush()
            (found,) = await self.assessor.assess([Text(row.title, row.text)])
            result = found.to_json()
            session.add(
                AssessmentRow(
                    item_id=row.id,
                    model=found.model,
                    rumor=found.rumor.score,
                    debunk=found.debunk.score,
                    emergency=found.emergency.score,
                    result=result,
                    at=self.now,
                )
            )


class Ours(Contender):
    """`poll_due` and `triage_pending`, as the jobs call them."""

    name = "poll_due + triage_pending"

    @asynccontextmanager
    async def door(self) -> AsyncIterator[None]:
        """Hold the feed door open."""
        policy = FetchPolicy(allow=frozenset({(f"127.0.0.{2 + host}", self.port) for host in range(HOSTS)}))
        async with guarded_session(policy) as session, ParserPool(1) as self.pool:
            self.feeds = FeedDoor(session, self.pool, policy, random.Random(1))
            self.memory = Memory()
            heap.settle()  # as the worker does
            yield

    def cpu(self) -> float:
        children = (Path(f"/proc/{pid}/schedstat").read_text().split()[0] for pid in self.pool.processes())
        return time.process_time() + sum(int(used) for used in children) / 1e9

    async def round(self) -> None:
        await poll_due(self.ctx, self.db, self.feeds, limit=len(self.urls))
        await triage_pending(self.ctx, self.db, self.assessor, 10**6, self.memory)
        async with self.db.read() as session:
            evidence = (await session.exec(select(func.count()).select_from(Evidence))).one()
        assert evidence == await self.stored()


@contextmanager
def feeds() -> Iterator[int]:
    """The port of a server full of feeds."""
    command = [sys.executable, "-m", "tests.benchmarks.story_source"]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert server.stdout is not None
    try:
        yield int(server.stdout.readline())
    finally:
        server.kill()
        server.wait()


async def compare(
    count: int, rounds: int, folder: Path, port: int
) -> tuple[dict[str, list[float]], dict[str, float]]:
    """CPU seconds of each steady round and of the first one, by contender."""
    urls = [f"http://127.0.0.{2 + number % HOSTS}:{port}/feed/{number}" for number in range(count)]
    assessor = ShippedAssessor()
    await assessor.assess([Text("预热", "今天天气晴。")])
    naive = Naive(folder / "naive", urls, port, assessor)
    ours = Ours(folder / "ours", urls, port, assessor)
    steady: dict[str, list[float]] = {naive.name: [], ours.name: []}
    first: dict[str, float] = {}
    async with ours.door(), aiohttp.ClientSession() as control:
        for one in (naive, ours):
            await one.prepare()
        for generation in range(rounds + 1):
            async with control.get(f"http://127.0.0.2:{port}/generation/{generation}"):
                pass
            for one in (naive, ours) if generation % 2 else (ours, naive):
                one.now += timedelta(hours=7)
                before = one.cpu()
                await one.round()
                spent = one.cpu() - before
                if generation:
                    steady[one.name].append(spent)
                else:
                    first[one.name] = spent
            expected = count * 30 + sum((generation + number % 10) // 10 for number in range(count))
            found = [await one.stored() for one in (naive, ours)]
            assert found == [expected, expected], (found, expected)
    for one in (naive, ours):
        await one.db.dispose()
    return steady, first


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--sources", type=int, default=100)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--data", type=Path, default=Path("../shared/data"))
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder, feeds() as port:
        steady, first = asyncio.run(compare(given.sources, given.rounds, Path(folder), port))
    naive, ours = steady
    new = given.sources // 10
    ratio = statistics.median(a / b for a, b in zip(steady[naive], steady[ours], strict=True))
    print(
        f"\nIngest of {given.sources} sources to stored and classified; CPU, median of {given.rounds} rounds"
    )
    for name in (naive, ours):
        each = statistics.median(steady[name])
        print(
            f"  {name:46} {each * 1e3:8.0f} ms a round, {each / new * 1e3:7.2f} ms a new story"
            f"   (first round: {first[name] / given.sources / 30 * 1e3:5.2f} ms a story)"
        )
    check(given.sources, ratio, first[naive], first[ours], statistics.median(steady[ours]), given.data)


def check(count: int, ratio: float, naive: float, ours: float, round_: float, data: Path) -> None:
    """Print every figure beside its goal. CPU seconds: first rounds of both, and one of our steady rounds."""
    each, stories = costs(), count * 30
    parsing = stories * each["feedparser"]
    goals.check("ingest, a tenth of the feeds changed: × naive loop", ratio, GOAL, at_least=True)
    goals.check("ingest, all new: × naive loop with our classifier", naive / ours, GOAL, at_least=True)
    plain = naive + stories * (each["scikit-learn"] - each["ours"])
    goals.check("ingest, all new: × naive loop with scikit-learn", plain / ours, GOAL, at_least=True)
    goals.check("ingest, a tenth changed: × feedparser.parse of the same feeds", round_ / parsing, 0.5)
    goals.check("ingest, all new: × feedparser.parse alone", ours / parsing, 0.5)
    if not (data / "headlines").is_dir():
        print(f"  with {CLAIMS:,} claims: skipped, no headlines in {data}")
        return
    with tempfile.TemporaryDirectory() as folder, feeds() as port:
        beside = asyncio.run(with_claims(count, Path(folder), port, data))
    goals.check(f"ingest, all new, {CLAIMS:,} claims: × feedparser.parse alone", beside / parsing, 1.0)


async def with_claims(count: int, folder: Path, port: int, data: Path) -> float:
    """CPU seconds of a first round beside many published claims."""
    known = ClaimIndex(Claim(str(n), text) for n, text in enumerate(headlines(data, CLAIMS)))
    urls = [f"http://127.0.0.{2 + number % HOSTS}:{port}/feed/{number}" for number in range(count)]
    ours = Ours(folder, urls, port, ShippedAssessor())
    async with ours.door():
        ours.memory._published = known  # not from the database: its first reading is not what is measured
        await ours.prepare()
        ours.now += timedelta(hours=7)
        before = ours.cpu()
        await ours.round()
        spent = ours.cpu() - before
    await ours.db.dispose()
    return spent


if __name__ == "__main__":
    main()
