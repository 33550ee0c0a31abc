"""Texts looked over in one pass, so that the written rules look only where they can find something.

    wordings → the needs of each → bits        lexicons → the first two characters of their terms → bits
    texts    → bits of each character and pair, put together a text → Reading

Many texts go through arrays of their code points, one text through a dictionary. Does not decide anything: a reading
answers as its plain text does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add, or_
from typing import Final

import numpy as np
from numpy.typing import NDArray

from classifiers.lexicon import Lexicon
from classifiers.needs import Need
from classifiers.reading import Look, Reading, Wording
from classifiers.run import APART

_MOST: Final = 3
"""Needs of one way that are looked for."""
_WORD: Final = 64
_PLANE: Final = 0x10000
_BEYOND: Final = _PLANE - 1
"""Stands for every character beyond the first 65,536: rare, and taken for all that is looked for."""

Masks = NDArray[np.uint64]


class Scanner:
    """Looks for the needs of `wordings` and for terms of `lexicons`."""

    def __init__(self, lexicons: Sequence[Lexicon], wordings: Sequence[Wording]) -> None:
        self._lexicons = tuple(lexicons)
        members: dict[str, int] = defaultdict(int)
        for number, lexicon in enumerate(lexicons):
            for head in lexicon.heads:
                members[head] |= 1 << number
        numbers: dict[Need, int] = {}
        bits = {
            one: tuple(_bits(way, numbers, len(lexicons)) for way in one.ways) or (0,) for one in wordings
        }
        for need, number in numbers.items():
            for member in need:
                members[member] |= 1 << number
        self._shift = len(lexicons) + len(numbers)
        self._known = reduce(or_, (one.bit for one in wordings if one.ways), 0)
        for one in wordings:
            for member in frozenset().union(*(way[0] for way in one.ways)):
                members[member] |= one.bit << self._shift
        self._look = Look(bits, frozenset(lexicons))
        self._heads = 2 ** len(lexicons) - 1
        self._begun = [
            tuple(lexicon for number, lexicon in enumerate(lexicons) if heads >> number & 1)
            for heads in range(self._heads + 1)
        ]
        self._whole = 2**self._shift - 1 - self._heads | self._known << self._shift
        self._pairs = {member: mask for member, mask in members.items() if len(member) == 2}
        self._singles = {member: mask for member, mask in members.items() if len(member) == 1}
        self._single_characters = frozenset(self._singles)
        self._grid = _Grid(self._pairs, self._singles, self._whole)

    def alone(self, text: str) -> Reading:
        """A reading of one normalised text."""
        seen = self._whole if text and max(text) >= "\uffff" else 0
        for character in self._single_characters.intersection(text):
            seen |= self._singles[character]
        begins: dict[Lexicon, list[int]] = {}
        pairs = self._pairs
        for place, mask in enumerate(map(pairs.get, map(add, text, text[1:]))):
            if mask:
                seen |= mask
                for lexicon in self._begun[mask & self._heads]:
                    begins.setdefault(lexicon, []).append(place)
        return Reading(text, self._look, seen, begins, self._known & ~(seen >> self._shift))

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """A reading of each normalised text."""
        joined = APART.join(texts)
        if not texts or joined.count(APART) != len(texts) - 1:
            return [self.alone(text) for text in texts]
        # One more character, so that an empty text at the end has one of its own.
        codes = np.frombuffer((joined + APART).encode("utf-32-le", "surrogatepass"), np.uint32)
        starts = np.zeros(len(texts), np.int64)
        starts[1:] = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1)[:-1]
        pairs, seen = self._grid.look(codes, starts)
        begins: list[dict[Lexicon, list[int]]] = [{} for _ in texts]
        places = np.flatnonzero(pairs)
        heads = self._grid.pair_masks[:, 0].take(pairs.take(places))
        for number, lexicon in enumerate(self._lexicons):
            chosen = places[(heads & np.uint64(1 << number)) != 0]
            owners = np.searchsorted(starts, chosen, "right") - 1
            within = (chosen - starts.take(owners)).tolist()
            for owner, place in zip(owners.tolist(), within, strict=True):
                begins[owner].setdefault(lexicon, []).append(place)
        known, shift = self._known, self._shift
        return [
            Reading(text, self._look, bits, places, known & ~(bits >> shift))
            for text, bits, places in zip(texts, seen, begins, strict=True)
        ]


class _Grid:
    """The masks of pairs in a table of first and second characters, those of single characters in another."""

    def __init__(self, pairs: Mapping[str, int], singles: Mapping[str, int], whole: int) -> None:
        self._words = -(-max(whole.bit_length(), 1) // _WORD)
        self._first = _numbered({pair[0] for pair in pairs})
        self._second = _numbered({pair[1] for pair in pairs})
        self._width = int(self._second.max()) + 1
        cells: dict[int, int] = defaultdict(int)
        for pair, mask in pairs.items():
            one, two = (min(ord(character), _BEYOND) for character in pair)
            cells[int(self._first[one]) * self._width + int(self._second[two])] |= mask
        self._cells = np.zeros((int(self._first.max()) + 1) * self._width, np.uint16)
        self._cells[list(cells)], self.pair_masks = self._distinct(list(cells.values()))
        self._single = np.zeros(_PLANE, np.uint16)
        alone = {min(ord(character), _BEYOND): mask for character, mask in singles.items()} | {_BEYOND: whole}
        self._single[list(alone)], self._single_masks = self._distinct(list(alone.values()))

    def _distinct(self, masks: list[int]) -> tuple[list[int], Masks]:
        """The number of each mask, and the masks by number; number 0 is for nothing."""
        different = [0, *sorted(set(masks) - {0})]
        numbers = {mask: number for number, mask in enumerate(different)}
        room = self._words * _WORD // 8
        table = np.frombuffer(b"".join(mask.to_bytes(room, "little") for mask in different), "<u8")
        return [numbers[mask] for mask in masks], table.reshape(len(different), self._words)

    def look(
        self, codes: NDArray[np.uint32], starts: NDArray[np.int64]
    ) -> tuple[NDArray[np.uint16], list[int]]:
        """The number of the pair at each code point, and all bits of each text."""
        low = np.minimum(codes, np.uint32(_BEYOND))
        pairs = np.zeros(len(low), np.uint16)
        first, second = self._first.take(low[:-1]).astype(np.intp), self._second.take(low[1:])
        pairs[:-1] = self._cells.take(first * self._width + second)
        masks = self.pair_masks.take(pairs, axis=0)
        masks |= self._single_masks.take(self._single.take(low), axis=0)
        found = np.bitwise_or.reduceat(masks, starts, axis=0)
        return pairs, [int.from_bytes(row.tobytes(), "little") for row in found]


def _numbered(characters: set[str]) -> NDArray[np.uint16]:
    """A small number for each of the characters, 0 for every other."""
    table = np.zeros(_PLANE, np.uint16)
    known = sorted({min(ord(character), _BEYOND) for character in characters})
    table[known] = np.arange(1, len(known) + 1)
    return table


def _bits(way: Sequence[Need], numbers: dict[Need, int], first: int) -> int:
    """The bits of a way's needs; a need that is new gets the next one, counted from `first`."""
    bits = 0
    for need in way[:_MOST]:
        bits |= 1 << numbers.setdefault(need, first + len(numbers))
    return bits
