"""How rare a Chinese word is in general news: the weight of a word before any claim is known.

A table of word counts over public headlines, packaged as `data/background.tsv`. A handful of claims cannot say which
words are rare; this can. Does not segment; does not change while serving.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib import resources
from itertools import repeat
from typing import Final

_SEEN_LESS: Final = 4.0  # assumed count of a word that the table does not list


@cache
def _table() -> tuple[int, dict[str, int]]:
    text = (resources.files("classifiers") / "data" / "background.tsv").read_text("utf-8")
    head, *lines = text.splitlines()
    counts: dict[str, int] = {}
    for line in lines:
        word, _, count = line.partition("\t")
        counts[word] = int(count)
    return int(head.rpartition("\t")[2]), counts


def rarity(word: str) -> float:
    """Inverse document frequency of `word` over headlines, in nats: about 1 for 的, about 12 for an unknown word."""
    known, unknown = _rarities()
    return known.get(word, unknown)


def rarities(words: Iterable[str], most: float = math.inf) -> dict[str, float]:
    """The rarity of each of these words, but at most `most`."""
    known, unknown = _rarities()
    different = list(dict.fromkeys(words))
    rare = map(known.get, different, repeat(unknown))
    return dict(zip(different, map(min, rare, repeat(most)), strict=True))


@cache
def _rarities() -> tuple[dict[str, float], float]:
    total, counts = _table()
    known = {word: math.log(1.0 + total / (count + _SEEN_LESS)) for word, count in counts.items()}
    return known, math.log(1.0 + total / _SEEN_LESS)


def probability(word: str) -> float:
    """Share of headlines that hold `word`."""
    total, counts = _table()
    return (counts.get(word, 0) + _SEEN_LESS) / total


def table_of(documents: Iterable[Iterable[str]], at_least: int) -> str:
    """The packaged file's text: a head line with the number of documents, then each word and its count, sorted."""
    counts: Counter[str] = Counter()
    total = 0
    for tokens in documents:
        counts.update({token for token in tokens if token.strip() and "\t" not in token})
        total += 1
    kept = sorted(word for word, count in counts.items() if count >= at_least)
    return "\n".join([f"documents\t{total}", *(f"{word}\t{counts[word]}" for word in kept)]) + "\n"


@cache
def _letters() -> dict[str, float]:
    """Rarity of each character, from the words it stands in."""
    total, counts = _table()
    seen: Counter[str] = Counter()
    for word, count in counts.items():
        for letter in set(word):
            seen[letter] += count
    return {letter: math.log(1.0 + total / (count + _SEEN_LESS)) for letter, count in seen.items()}


def letter_rarities(letters: str) -> list[float]:
    """Rarity of each character of a text."""
    return list(map(_letters().get, letters, repeat(_rarities()[1])))
