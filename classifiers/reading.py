"""A text that has been looked over once: an ordinary string that knows which rules have nothing to find in it.

    Scanner (scanner.py)  → what a text holds of the needs of all patterns, where words of the lexicons may begin
    Reading               → the text with that; `Wording.search` and `Lexicon.find` ask it before they look themselves

Every answer is the one that the plain string would get, only sooner. A reading is of a normalised text; it is made for
one assessment and then thrown away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import or_
from types import ModuleType
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from classifiers.needs import Need, ways

if TYPE_CHECKING:
    from classifiers.lexicon import Hit, Lexicon


@dataclass(frozen=True, eq=False)
class Look:
    """What a scanner looks for: the bits that a text must have for each way of a wording, and the lexicons."""

    bits: Mapping[Wording, tuple[int, ...]] = field(default_factory=dict)
    lexicons: frozenset[Lexicon] = frozenset()


Said = TypeVar("Said")

_NOTHING: Final = Look()
_ANY: Final = (0,)
_NUMBERS: Final[dict[str, int]] = {}
"""Every pattern's own number. It says nothing about the pattern: two scanners may have any of them in common."""


class Reading(str):
    """A normalised text and what was seen in it. Equal to the plain string in every way."""

    __slots__ = ("_hits", "_lacks", "_look", "_seen", "_starts")
    _look: Look
    _seen: int
    _lacks: int
    _starts: Mapping[Lexicon, Sequence[int]]
    _hits: dict[Lexicon, list[Hit]]

    def __new__(
        cls,
        text: str,
        look: Look = _NOTHING,
        seen: int = 0,
        starts: Mapping[Lexicon, Sequence[int]] | None = None,
        lacks: int = 0,
    ) -> Reading:
        """`seen`: the bits of the needs that are met; `starts`: where terms of each lexicon may begin.

        `lacks`: the bits of the wordings that have not even the rarest need of one of their ways here.
        """
        made = str.__new__(cls, text)
        made._look, made._seen, made._starts, made._hits, made._lacks = look, seen, starts or {}, {}, lacks
        return made

    def lacks(self, wording: Wording) -> bool:
        """Whether the wording cannot be in the text."""
        if self._lacks & wording.bit:
            return True
        seen = self._seen
        return all(seen & bits != bits for bits in self._look.bits.get(wording, _ANY))

    def hits(self, lexicon: Lexicon) -> list[Hit]:
        """The terms of the lexicon, looked for once; not to be changed by who asks."""
        found = self._hits.get(lexicon)
        if found is None:
            known = lexicon in self._look.lexicons
            starts = self._starts.get(lexicon, ()) if known else range(len(self) - 1)
            found = self._hits[lexicon] = lexicon.at(self, starts) if starts else []
        return found


class Wording:
    """A pattern of a written rule, not tried on a reading that lacks what every match has."""

    def __init__(self, pattern: str) -> None:
        self._pattern = re.compile(pattern)
        self.bit: Final = 1 << _NUMBERS.setdefault(pattern, len(_NUMBERS))
        """Its own among the wordings."""

    @cached_property
    def ways(self) -> list[list[Need]]:
        """What stands in every match, by the ways it can match; empty where that is not known."""
        return ways(self._pattern)

    @property
    def pattern(self) -> str:
        """The regular expression."""
        return self._pattern.pattern

    def search(self, text: str) -> re.Match[str] | None:
        """The first match."""
        # As `Reading.lacks`, without its call and its generator: this is asked forty times a text.
        if type(text) is Reading:
            if text._lacks & self.bit:
                return None
            seen = text._seen
            for bits in text._look.bits.get(self, _ANY):
                if seen & bits == bits:
                    return self._pattern.search(text)
            return None
        return self._pattern.search(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Every match, in order."""
        if type(text) is Reading and text.lacks(self):
            return iter(())
        return self._pattern.finditer(text)

    def sub(self, new: str, text: str) -> str:
        """The text with every match replaced."""
        return self._pattern.sub(new, text)


class Wordings(Generic[Said]):
    """A table of wordings with what each of them says: asked at once, as most texts have none of them."""

    def __init__(self, rows: Sequence[tuple[Said, Wording]]) -> None:
        self.rows = tuple(rows)
        self._bits = reduce(or_, (wording.bit for _, wording in rows), 0)

    def found(self, text: str) -> list[tuple[Said, re.Match[str]]]:
        """The first match of each wording that has one, in the order of the table."""
        if type(text) is not Reading:
            matches = [(said, wording.search(text)) for said, wording in self.rows]
        elif tried := self._bits & ~text._lacks:
            matches = [(said, wording.search(text)) for said, wording in self.rows if wording.bit & tried]
        else:
            return []
        return [(said, match) for said, match in matches if match]


def wordings(module: ModuleType) -> list[Wording]:
    """The wordings of a module of rules, those in its tables as well."""
    return list(dict.fromkeys(one for value in vars(module).values() for one in _within(value)))


def _within(value: object) -> Iterator[Wording]:
    if isinstance(value, Wording):
        yield value
    elif isinstance(value, Wordings):
        yield from _within(value.rows)
    elif isinstance(value, tuple):
        for one in value:
            yield from _within(one)
