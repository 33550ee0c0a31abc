"""Real short Chinese texts for the matching benchmarks, as bags of content words, and queries made of them.

Read from the data folder beside the project (or `--data`); nothing of it is stored. Not for training.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

from classifiers.claim_view import content_words
from classifiers.text import normalise

_SENTENCE = re.compile(r"[。！？；\n]+")
_SHORTEST, _LONGEST = 6, 80

Bag = dict[str, int]


def texts(data: Path) -> Iterator[str]:
    """Headlines first, then sentences of longer texts, all different."""
    yield from dict.fromkeys((*_headlines(data), *_sentences(data)))


def first(data: Path, most: int) -> list[str]:
    """The first headlines, all different, without holding the rest in memory."""
    found: dict[str, None] = {}
    for text in _headlines(data):
        found[text] = None
        if len(found) == most:
            break
    return list(found)


def bags(data: Path, most: int, seed: int = 7) -> list[Bag]:
    """Up to `most` texts as word counts, in random order; texts without a content word are left out."""
    every = list(texts(data))
    random.Random(seed).shuffle(every)
    made: list[Bag] = []
    for text in every:
        bag: Bag = {}
        for word in content_words(normalise(text)):
            bag[word] = bag.get(word, 0) + 1
        if bag:
            made.append(bag)
        if len(made) == most:
            break
    return made


def queries(known: list[Bag], unseen: list[Bag], count: int, seed: int = 11) -> list[Bag]:
    """Half known texts with 30 to 50 % of their words exchanged, half texts that nobody has seen."""
    chance = random.Random(seed)
    made = []
    for number in range(count):
        if number % 2:
            made.append(chance.choice(unseen))
            continue
        words = list(chance.choice(known))
        kept = chance.sample(words, max(1, round(len(words) * chance.uniform(0.5, 0.7))))
        strange = list(chance.choice(unseen))[: len(words) - len(kept)]
        made.append(dict.fromkeys([*kept, *strange], 1))
    return made


def _headlines(data: Path) -> Iterator[str]:
    for path in sorted((data / "headlines").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)["text"]


def _sentences(data: Path) -> Iterator[str]:
    paths = [*sorted((data / "open").glob("*.jsonl")), *sorted((data / "research-only").glob("*.jsonl"))]
    for path in paths:
        for line in path.read_text("utf-8").split("\n"):
            text = json.loads(line).get("text") if line else None
            for piece in _SENTENCE.split(text or ""):
                if _SHORTEST <= len(piece) <= _LONGEST:
                    yield piece
