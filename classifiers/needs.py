"""What must stand in a text for a pattern to match in it: known before the pattern is tried.

    pattern → its own parse tree → ways to match → sets of characters and character pairs, one of each set in the match

Sound and not complete: a text without a member of some set of every way cannot match, another may. Taken from the pattern
itself, so a pattern that is edited brings its needs along. Where a part is not understood it needs nothing.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

Need = frozenset[str]
"""One of these, each a character or two neighbouring ones, is in every match."""

_MOST_STRINGS: Final = 300
_MOST_MEMBERS: Final = 2_000
_A_CHARACTER: Final = 30
"""A character is in about so many times as many texts as a pair."""


def ways(pattern: re.Pattern[str]) -> list[list[Need]]:
    """The ways in which `pattern` can match, each with its needs, the rarest first; none where a way needs nothing."""
    try:
        parser = importlib.import_module("re._parser")
        tree = list(parser.parse(pattern.pattern, pattern.flags))
    except (ImportError, AttributeError, re.error):
        return []
    if pattern.flags & re.IGNORECASE:
        return []
    found = [_ranked(_Sequence().read(way)) for way in _apart(tree)]
    return found if all(found) else []


def _apart(tree: list[tuple[Any, Any]]) -> list[list[tuple[Any, Any]]]:
    """The pattern once for each branch of its first choice between more than plain words; those are one branch."""
    for at, (operation, argument) in enumerate(tree):
        if str(operation) != "BRANCH":
            continue
        words = [way for way in argument[1] if _Sequence().read(way).known]
        others = [way for way in argument[1] if not _Sequence().read(way).known]
        if others:
            branches = [[(operation, (None, words))]] * bool(words) + [list(way) for way in others]
            return [[*tree[:at], *way, *tree[at + 1 :]] for way in branches]
    return [tree]


def _ranked(found: _Sequence) -> list[Need]:
    return sorted({need for need in found.needs() if len(need) <= _MOST_MEMBERS}, key=_common)


def _common(need: Need) -> tuple[int, list[str]]:
    """How often a need is met in ordinary text, roughly."""
    return sum(_A_CHARACTER if len(member) == 1 else 1 for member in need), sorted(need)


@cache
def _digits() -> Need:
    return frozenset(c for c in map(chr, range(0x10000)) if c.isdecimal())


@dataclass
class _Sequence:
    """Parts one after the other: the strings of the last ones exactly, and the needs of all before them."""

    exact: frozenset[str] = frozenset({""})
    met: tuple[Need, ...] = ()
    known: bool = True
    """Whether `exact` is all that there is."""

    def needs(self) -> Iterator[Need]:
        yield from self.met
        yield from _of_strings(self.exact)

    def read(self, tree: Sequence[tuple[Any, Any]]) -> _Sequence:
        for operation, argument in tree:
            self._add(str(operation), argument)
        return self

    def _add(self, operation: str, argument: Any) -> None:
        if operation == "AT":
            return
        if operation == "LITERAL":
            self._join(frozenset({chr(argument)}))
        elif operation == "IN":
            self._among(argument)
        elif operation == "SUBPATTERN" and not argument[1]:
            self._whole(_Sequence().read(argument[3]))
        elif operation == "BRANCH":
            self._either([_Sequence().read(tree) for tree in argument[1]])
        elif operation == "ASSERT" and argument[0] > 0:
            self._gap(_Sequence().read(argument[1]).needs())
        elif operation in ("MAX_REPEAT", "MIN_REPEAT"):
            self._repeat(*argument)
        else:
            self._gap(())

    def _join(self, strings: frozenset[str]) -> None:
        """These strings follow."""
        if len(self.exact) * len(strings) <= _MOST_STRINGS:
            self.exact = frozenset(one + two for one in self.exact for two in strings)
        else:
            self._gap(())
            self.exact = strings

    def _gap(self, needed: Iterator[Need] | tuple[Need, ...]) -> None:
        """Something follows that is not known as strings, with these needs."""
        self.met = (*self.needs(), *needed)
        self.exact, self.known = frozenset({""}), False

    def _among(self, members: Sequence[tuple[Any, Any]]) -> None:
        found: set[str] = set()
        for operation, argument in members:
            if str(operation) == "LITERAL":
                found.add(chr(argument))
            elif str(operation) == "RANGE" and argument[1] - argument[0] < _MOST_MEMBERS:
                found.update(map(chr, range(argument[0], argument[1] + 1)))
            elif str(argument) == "CATEGORY_DIGIT":
                found |= _digits()
            else:
                return self._gap(())
        if len(found) <= _MOST_STRINGS:
            return self._join(frozenset(found))
        return self._gap((frozenset(found),))

    def _whole(self, inner: _Sequence) -> None:
        if inner.known:
            self._join(inner.exact)
        else:
            self._gap(inner.needs())

    def _either(self, ways: list[_Sequence]) -> None:
        if all(way.known for way in ways) and sum(len(way.exact) for way in ways) <= _MOST_STRINGS:
            return self._join(frozenset().union(*(way.exact for way in ways)))
        ranked = [_ranked(way) for way in ways]
        if not all(ranked):
            return self._gap(())
        # The rarest need of each way make one of the whole, the second ones another …
        most = max(map(len, ranked))
        return self._gap(
            tuple(frozenset().union(*(own[min(at, len(own) - 1)] for own in ranked)) for at in range(most))
        )

    def _repeat(self, least: int, most: int, tree: Sequence[tuple[Any, Any]]) -> None:
        inner = _Sequence().read(tree)
        if (least, most) == (0, 1) and inner.known:
            self._join(inner.exact | {""})
        else:
            self._gap(inner.needs() if least else ())


def _of_strings(strings: frozenset[str]) -> Iterator[Need]:
    """What a text needs to hold one of the strings: its first pair, and its last one."""
    if "" in strings or not strings:
        return
    yield frozenset(string[:2] for string in strings)
    if all(len(string) > 2 for string in strings):
        yield frozenset(string[-2:] for string in strings)
