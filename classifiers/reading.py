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
from functools import cached_property
from types import ModuleType
from typing import TYPE_CHECKING, Final

from classifiers.needs import Need, ways

if TYPE_CHECKING:
    from classifiers.lexicon import Hit, Lexicon


@dataclass(frozen=True, eq=False)
class Look:
    """What a scanner looks for: the bits that a text must have for each way of a wording, and the lexicons."""

    bits: Mapping[Wording, tuple[int, ...]] = field(default_factory=dict)
    rare: Mapping[Wording, int] = field(default_factory=dict)
    """Of each wording the rarest need of every way: a text without any of these bits lacks all ways at once."""
    lexicons: frozenset[Lexicon] = frozenset()


_NOTHING: Final = Look()
_ANY: Final = (0,)


class Reading(str):
    """A normalised text and what was seen in it. Equal to the plain string in every way."""

    __slots__ = ("_hits", "_look", "_seen", "_starts")
    _look: Look
    _seen: int
    _starts: Mapping[Lexicon, Sequence[int]]
    _hits: dict[Lexicon, list[Hit]]

    def __new__(
        cls,
        text: str,
        look: Look = _NOTHING,
        seen: int = 0,
        starts: Mapping[Lexicon, Sequence[int]] | None = None,
    ) -> Reading:
        """`seen`: the bits of the needs that are met; `starts`: where terms of each lexicon may begin."""
        made = str.__new__(cls, text)
        made._look, made._seen, made._starts, made._hits = look, seen, starts or {}, {}
        return made

    def lacks(self, wording: Wording) -> bool:
        """Whether the wording cannot be in the text."""
        seen = self._seen
        rare = self._look.rare.get(wording)
        if rare is not None and not seen & rare:
            return True
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
            seen = text._seen
            rare = text._look.rare.get(self)
            if rare is not None and not seen & rare:
                return None
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


def wordings(module: ModuleType) -> list[Wording]:
    """The wordings of a module of rules, those in its tables as well."""
    return list(dict.fromkeys(one for value in vars(module).values() for one in _within(value)))


def _within(value: object) -> Iterator[Wording]:
    if isinstance(value, Wording):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _within(one)
