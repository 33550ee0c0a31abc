"""Many texts looked over in one pass, so that the written rules look only where they can find something.

    wordings → the needs of each → bits        lexicons → the first two characters of their terms → bits
    texts    → code points → bits of each character and pair, put together a text → Reading

Does not decide anything: a reading answers as its plain text does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from classifiers.lexicon import Lexicon
from classifiers.needs import Need
from classifiers.reading import Look, Reading, Wording

_APART: Final = "\0"
_BITS: Final = 63
_MOST: Final = 3
"""Needs of one wording that are looked for."""
_PLANE: Final = 0x10000
_BEYOND: Final = _PLANE - 1
"""Stands for every character beyond the first 65,536: rare, and taken for all that is looked for."""

Masks = NDArray[np.uint64]


class Scanner:
    """Looks for the needs of `wordings` (up to three of each while there is room) and for terms of `lexicons`."""

    def __init__(self, lexicons: Sequence[Lexicon], wordings: Sequence[Wording]) -> None:
        self._lexicons = tuple(lexicons)
        singles: dict[str, int] = defaultdict(int)
        for number, lexicon in enumerate(lexicons):
            for head in lexicon.heads:
                singles[head] |= 1 << number
        bits: dict[Wording, int] = defaultdict(int)
        for number, (wording, need) in enumerate(_chosen(wordings, _BITS - len(lexicons)), len(lexicons)):
            bits[wording] |= 1 << number
            for member in need:
                singles[member] |= 1 << number
        self._look = Look(dict(bits), frozenset(lexicons))
        self._characters: Masks = np.zeros(_PLANE, np.uint64)
        self._characters[_BEYOND] = 2**_BITS - 1
        for member, mask in singles.items():
            if len(member) == 1:
                self._characters[min(ord(member), _BEYOND)] |= np.uint64(mask)
        self._pairs({member: mask for member, mask in singles.items() if len(member) == 2})

    def _pairs(self, masks: dict[str, int]) -> None:
        """A grid of first and second characters; each cell the number of its mask."""
        self._first, self._second = np.zeros(_PLANE, np.uint16), np.zeros(_PLANE, np.uint16)
        for table, characters in (
            (self._first, {p[0] for p in masks}),
            (self._second, {p[1] for p in masks}),
        ):
            known = sorted({min(ord(character), _BEYOND) for character in characters})
            table[known] = np.arange(1, len(known) + 1)
        self._width = int(self._second.max()) + 1
        self._grid = np.zeros((int(self._first.max()) + 1) * self._width, np.uint16)
        cells: dict[int, int] = defaultdict(int)
        for pair, mask in masks.items():
            one, two = (min(ord(character), _BEYOND) for character in pair)
            cells[int(self._first[one]) * self._width + int(self._second[two])] |= mask
        different = [0, *sorted(set(cells.values()))]
        self._masks: Masks = np.array(different, np.uint64)
        numbers = {mask: number for number, mask in enumerate(different)}
        self._grid[list(cells)] = [numbers[mask] for mask in cells.values()]

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """A reading of each normalised text."""
        joined = _APART.join(texts)
        if not texts or joined.count(_APART) != len(texts) - 1:
            return [Reading(text) for text in texts]
        codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
        codes = np.minimum(codes, np.uint32(_BEYOND))
        starts = np.zeros(len(texts), np.int64)
        starts[1:] = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1)[:-1]
        if starts[-1] >= len(codes):  # the last text is empty: it needs a character of its own
            codes = np.append(codes, np.uint32(0))
        cells = np.zeros(len(codes), np.uint16)
        cells[:-1] = self._grid.take(
            self._first.take(codes[:-1]).astype(np.intp) * self._width + self._second.take(codes[1:])
        )
        masks = self._masks.take(cells)
        seen = np.bitwise_or.reduceat(masks | self._characters.take(codes), starts).tolist()
        begins: list[dict[Lexicon, list[int]]] = [{} for _ in texts]
        places = np.flatnonzero(cells)
        held = masks.take(places)
        for number, lexicon in enumerate(self._lexicons):
            chosen = places[(held & np.uint64(1 << number)) != 0]
            owners = np.searchsorted(starts, chosen, "right") - 1
            within = (chosen - starts.take(owners)).tolist()
            for owner, place in zip(owners.tolist(), within, strict=True):
                begins[owner].setdefault(lexicon, []).append(place)
        return [Reading(t, self._look, s, b) for t, s, b in zip(texts, seen, begins, strict=True)]


def _chosen(wordings: Sequence[Wording], room: int) -> list[tuple[Wording, Need]]:
    """The rarest need of each wording, then the second and third ones while there is room."""
    rank = [(place, w, need) for w in wordings for place, need in enumerate(w.needs[:_MOST])]
    return [(wording, need) for _, wording, need in sorted(rank, key=lambda one: one[0])][:room]
