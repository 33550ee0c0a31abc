"""Other words for what a question says: everyday speech and dialect beside the words of texts. Pure; adds, never replaces.

    question → the groups of `everyday.tsv` and of the classifiers' synonyms that it touches → their other words

A word of two or more characters is found anywhere in the question, also where the cutter parts it (细伢子); a single character
only where it stands as a word of its own.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from importlib import resources

FILES = (("service.site", "everyday.tsv"), ("classifiers.data", "synonyms.tsv"))
Group = frozenset[str]


def others(question: str, alone: Collection[str]) -> list[Group]:
    """For each group that the normalised `question` touches, its words. `alone`: the question's words as cut."""
    groups, pattern = _groups()
    said = {found.group() for found in pattern.finditer(question)} | set(alone)
    touched = {number for word in said for number in groups.get(word, ())}
    return [_all()[number] - said for number in sorted(touched)]


@cache
def _all() -> tuple[Group, ...]:
    lines: list[str] = []
    for package, name in FILES:
        parts = package.split(".")
        text = resources.files(parts[0]).joinpath(*parts[1:], name).read_text("utf-8").lower()
        lines += [line for line in text.splitlines() if line and not line.startswith("#")]
    return tuple(frozenset(line.split("\t")) for line in lines)


@cache
def _groups() -> tuple[dict[str, tuple[int, ...]], re.Pattern[str]]:
    """Word → the groups it is in; and what finds words of two or more characters, the longest first."""
    found: dict[str, tuple[int, ...]] = {}
    for number, group in enumerate(_all()):
        for word in group:
            found[word] = (*found.get(word, ()), number)
    longer = sorted((word for word in found if len(word) > 1), key=len, reverse=True)
    return found, re.compile("|".join(map(re.escape, longer)))
