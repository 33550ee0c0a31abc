"""Memory of one process that has loaded everything: model, gazetteer, 100,000 claims; and what 10,000 remembered stories add.

python -m tests.benchmarks.bench_memory [--data ../shared/data]
"""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import service.house  # noqa: F401  what a worker imports
from classifiers import model_file
from classifiers.assess import Assessor
from classifiers.claims import Claim, ClaimIndex
from classifiers.duplicates import Story, StoryWindow
from classifiers.regions import Gazetteer
from classifiers.text import Text
from service import heap
from tests.benchmarks import goals
from tests.benchmarks.bench_match import resident
from tests.benchmarks.match_corpus import first
from tests.benchmarks.story_source import story

GOAL = 400  # MiB
CLAIMS = 100_000
STORIES = 10_000
CITY = Path("deploy/cities/yichun/divisions.jsonl")


def main() -> None:
    """Load one after the other and print what each adds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    data = parser.parse_args().data
    if not (data / "headlines").is_dir():
        print(f"bench_memory: skipped, no headlines in {data}")
        return
    print(f"  imports                {resident():6.0f} MiB")
    rows = [json.loads(line) for line in CITY.read_text("utf-8").splitlines() if line.strip()]
    assessor = Assessor(model_file.load(model_file.SHIPPED), Gazetteer.from_rows(rows))
    assessor.assess([Text(*story(feed, 1)) for feed in range(200)])
    print(f"  model and gazetteer    {resident():6.0f} MiB")
    claims = (Claim(str(n), text) for n, text in enumerate(first(data, CLAIMS)))
    index = ClaimIndex(claims)
    heap.give_back()  # as triage does after reading much
    for feed in range(200):
        index.known("。".join(story(feed, 1)))
    print(f"  {len(index):,} claims       {resident():6.0f} MiB")
    goals.check("a process with model, gazetteer and 100,000 claims loaded: MiB", resident(), GOAL)
    window, begin = StoryWindow(), datetime(2026, 11, 24, tzinfo=UTC)
    for number in range(STORIES):
        told = "。".join(story(number, 2))
        window.add([Story(str(number), told, begin + timedelta(seconds=number))])
        if number % 1_000 == 0:
            heap.give_back()
    print(f"  {len(window):,} stories       {resident():6.0f} MiB")


if __name__ == "__main__":
    main()
