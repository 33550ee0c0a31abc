"""Known claims at scale: the exact cosine index and BM25, beside SQLite FTS5 and tantivy, in one run.

    python -m tests.benchmarks.bench_match [--claims 1000000] [--queries 400] [--data ../shared/data]

CPU time of this thread, 95th percentile over the same queries in the same order; every engine gets the same words. FTS5
answers one single-word query (the rarest word of the text), which is the yardstick. tantivy is left out where it is not
installed. Also: every text above the floor is compared with brute force for a sample.
"""

from __future__ import annotations

import argparse
import math
import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from classifiers.background import rarity
from classifiers.bm25 import Bm25Index
from classifiers.claims import Claim, ClaimIndex
from classifiers.prefix import PrefixIndex
from tests.benchmarks import goals
from tests.benchmarks.match_corpus import Bag, bags, queries, texts

FLOOR = 0.5
BRUTE = 12  # queries that are checked against every text


def percentiles(ask: Callable[[Bag], object], asked: Sequence[Bag]) -> tuple[float, float]:
    """Median and 95th percentile of CPU milliseconds, everything asked once before: a service has run for a while."""
    for query in asked:
        ask(query)
    spent = []
    for query in asked:
        start = time.thread_time_ns()
        ask(query)
        spent.append((time.thread_time_ns() - start) / 1e6)
    middle, high = np.percentile(spent, [50, 95])
    return float(middle), float(high)


def cosine_index(known: list[Bag]) -> PrefixIndex:
    index = PrefixIndex(FLOOR)
    index.load([weights(bag) for bag in known])
    return index


def weights(bag: Bag) -> dict[str, float]:
    return {word: rarity(word) * count for word, count in bag.items()}


def bm25(known: list[Bag]) -> Callable[[Bag], object]:
    index = Bm25Index()
    index.load(known)
    return lambda query: index.search({word: index.idf(word) for word in query}, 10)


def fts5(known: list[Bag]) -> Callable[[Bag], object]:
    """One word's rows, by rank: the cheapest thing that FTS5 can be asked."""
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE t USING fts5(words, content='', tokenize='unicode61')")
    codes: dict[str, str] = {}
    for bag in known:
        for word in bag:
            codes.setdefault(word, f"w{len(codes)}")
    rows = ((row, " ".join(codes[word] for word in bag)) for row, bag in enumerate(known, start=1))
    db.executemany("INSERT INTO t(rowid, words) VALUES (?, ?)", rows)
    db.execute("INSERT INTO t(t) VALUES ('optimize')")

    def ask(query: Bag) -> object:
        listed = [word for word in query if word in codes]
        if not listed:
            return []
        rarest = codes[max(listed, key=rarity)]
        return db.execute("SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT 10", (rarest,)).fetchall()

    return ask


def tantivy_search(known: list[Bag]) -> Callable[[Bag], object] | None:
    try:
        import tantivy  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        return None
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("words", stored=False, tokenizer_name="whitespace", index_option="freq")
    schema = builder.build()
    index = tantivy.Index(schema)
    writer = index.writer(heap_size=500_000_000, num_threads=1)
    for bag in known:
        words = " ".join(word for word, count in bag.items() for _ in range(count))
        writer.add_document(tantivy.Document(words=words))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher, should = index.searcher(), tantivy.Occur.Should

    def ask(query: Bag) -> object:
        terms = [
            (should, tantivy.Query.term_query(schema, "words", word, index_option="freq")) for word in query
        ]
        return searcher.search(tantivy.Query.boolean_query(terms), 10)

    return ask


def missed(index: PrefixIndex, known: list[Bag], asked: Sequence[Bag]) -> int:
    """Texts with cosine ≥ floor that the index leaves out, plus those that it gives without reason."""
    wrong = 0
    for query in asked:
        mine = weights(query)
        length = math.sqrt(sum(w * w for w in mine.values()))
        reached = set()
        for row, bag in enumerate(known):
            shared = mine.keys() & bag.keys()
            if shared:
                theirs = weights(bag)
                dot = sum(mine[word] * theirs[word] for word in shared)
                if dot / length / math.sqrt(sum(w * w for w in theirs.values())) >= FLOOR:
                    reached.add(row)
        wrong += len(reached ^ set(index.search(mine)[0].tolist()))
    return wrong


def resident() -> float:
    """MiB of memory that this process holds."""
    for line in Path("/proc/self/status").read_text("utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def desk(data: Path) -> None:
    """The index as the desk uses it, with a few hundred and with 100,000 claims."""
    for size in (300, 100_000):
        lines = [text for text, _ in zip(texts(data), range(size + 400), strict=False)]
        before, start = resident(), time.process_time()
        index = ClaimIndex(Claim(str(n), text) for n, text in enumerate(lines[:size]))
        built = time.process_time() - start
        known, match = [], []
        for text in lines[size:]:
            at = time.thread_time_ns()
            index.known(text)
            known.append((time.thread_time_ns() - at) / 1e3)
        for text in lines[size : size + 100]:
            at = time.thread_time_ns()
            index.match(text)
            match.append((time.thread_time_ns() - at) / 1e3)
        print(
            f"  ClaimIndex of {size:>7,}: built in {built:.2f} s, {resident() - before:.0f} MiB more; "
            f"known {np.mean(known):.0f} µs, match {np.mean(match):.0f} µs a text"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=400)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    asked = parser.parse_args()
    if not (asked.data / "headlines").is_dir():
        print(f"bench_match: skipped, no headlines in {asked.data}")
        return
    every = bags(asked.data, asked.claims + 2_000)
    known, unseen = every[:-2_000], every[-2_000:]
    wanted = queries(known, unseen[:1_000], asked.queries)
    print(f"matching, {len(known):,} real texts, {len(wanted)} queries; CPU ms, median / 95th percentile")

    before, start = resident(), time.process_time()
    index = cosine_index(known)
    taken = resident() - before
    print(f"  cosine index built in {time.process_time() - start:.1f} s, {taken:.0f} MiB more")
    one_word = percentiles(fts5(known), wanted)
    cosine = percentiles(lambda query: index.search(weights(query)), wanted)
    added = percentiles(lambda bag: index.add(weights(bag)), unseen[1_000:])  # each twice
    best = percentiles(bm25(known), wanted)
    print(f"  FTS5, one word          {one_word[0]:8.3f} {one_word[1]:8.3f}")
    print(f"  every cosine ≥ {FLOOR}      {cosine[0]:8.3f} {cosine[1]:8.3f}")
    print(f"  adding a claim          {added[0]:8.3f} {added[1]:8.3f}")
    print(f"  BM25, best ten          {best[0]:8.3f} {best[1]:8.3f}")
    search = tantivy_search(known)
    if search is None:
        print("  tantivy is not installed: left out")
    else:
        theirs = percentiles(search, wanted)
        print(f"  tantivy, best ten       {theirs[0]:8.3f} {theirs[1]:8.3f}")
        goals.check("best ten by BM25, p95: × tantivy", best[1] / theirs[1], 1.0)
    wrong = missed(cosine_index(known[:100_000]), known[:100_000], wanted[:BRUTE])
    goals.check("every known text above the floor, p95: × one FTS5 word", cosine[1] / one_word[1], 1.0)
    goals.check(f"differences from brute force, {BRUTE} queries × 100,000 texts", wrong, 0)
    goals.check("adding a claim, p95 ms", added[1], 5.0)
    goals.check("memory of the cosine index, MiB", taken, 1_536)
    desk(asked.data)


if __name__ == "__main__":
    main()
