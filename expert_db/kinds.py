"""Kinds of things (种类): spinach is a vegetable, so a question about it needs whoever knows vegetables.

From the packaged `data/kinds.tsv`, our own judgement. Text in one spelling → names of kinds. Knows no third level, and no
word that the table lacks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final

from classifiers.text import normalise

_FILE: Final = "kinds.tsv"


def kinds_in(clean: str) -> tuple[str, ...]:
    """The kinds of the things that a normalised text names, once for each thing: who names eight poisons knows poisons."""
    table = _by_word()
    return tuple(kind for thing in _things(clean) for kind in table[thing])


def asked_of(clean: str) -> tuple[str, ...]:
    """`kinds_in` of a question: what is named first is what it asks about, and counts twice."""
    table, things = _by_word(), _things(clean)
    first = table[things[0]] if things else ()
    return (*first, *(kind for thing in things for kind in table[thing]))


@cache
def kinds() -> Mapping[str, tuple[str, ...]]:
    """Every kind with its words, as the file has them."""
    text = (resources.files("expert_db") / "data" / _FILE).read_text("utf-8")
    table: dict[str, list[str]] = defaultdict(list)
    for line in text.splitlines():
        if line and not line.startswith("#"):
            kind, members = line.split("\t")
            table[kind] += members.split()
    return {kind: tuple(words) for kind, words in table.items()}


def _things(clean: str) -> tuple[str, ...]:
    """The words of the table that a text names, the longest one at each place, each once, in order."""
    table, longest = _by_word(), _longest()
    text, found, at = clean.lower(), [], 0
    while at < len(text):
        most = longest.get(text[at], 0)
        word = next((text[at : at + n] for n in range(most, 1, -1) if text[at : at + n] in table), "")
        found.append(word)
        at += len(word) or 1
    return tuple(dict.fromkeys(filter(None, found)))


@cache
def _by_word() -> Mapping[str, tuple[str, ...]]:
    table: dict[str, list[str]] = defaultdict(list)
    for kind, members in kinds().items():
        for word in dict.fromkeys(normalise(one).lower() for one in (kind, *members)):
            table[word].append(kind)
    return {word: tuple(of) for word, of in table.items()}


@cache
def _longest() -> Mapping[str, int]:
    """The length of the longest word by its first character."""
    lengths: dict[str, int] = {}
    for word in _by_word():
        lengths[word[0]] = max(len(word), lengths.get(word[0], 0))
    return lengths
