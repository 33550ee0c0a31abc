"""Whole numbers looked up many at a time: number → row, exact, without a loop in Python.

Open addressing over two arrays: a number stands in the first free place from its hash on, so a look-up goes on from
there until it meets the number or a free place. Built once; does not grow and does not forget.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Int64s = NDArray[np.int64]
Int32s = NDArray[np.int32]

ABSENT: Final = -1
_FREE: Final = -1
_ROOM: Final = 4
"""Places a number, so that most look-ups need one step."""
_SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)


class Table:
    """`keys` (different numbers, none negative) and the row of each."""

    def __init__(self, keys: Int64s, rows: Int32s) -> None:
        bits = max(4, int(_ROOM * len(keys)).bit_length())
        self._shift = np.uint64(64 - bits)
        self._last = 2**bits - 1
        self._keys = np.full(2**bits, _FREE, np.int64)
        self._rows = np.full(2**bits, ABSENT, np.int32)
        waiting, places = np.arange(len(keys)), self._home(keys)
        while len(waiting):
            free = self._keys[places] == _FREE
            taken, first = np.unique(places[free], return_index=True)
            chosen = np.flatnonzero(free)[first]
            self._keys[taken] = keys[waiting[chosen]]
            self._rows[taken] = rows[waiting[chosen]]
            rest = np.ones(len(waiting), bool)
            rest[chosen] = False
            waiting, places = waiting[rest], (places[rest] + 1) & self._last

    def _home(self, keys: Int64s) -> NDArray[np.intp]:
        """The place where a look-up begins."""
        spread: NDArray[np.intp] = ((keys.view(np.uint64) * _SPREAD) >> self._shift).view(np.intp)
        return spread

    def rows(self, keys: Int64s) -> Int32s:
        """The row of each key, `ABSENT` where the table has none."""
        places = self._home(keys)
        held = self._keys.take(places)
        found = self._rows.take(places)
        wrong = np.flatnonzero(held != keys)
        found[wrong] = ABSENT
        going = wrong[held.take(wrong) != _FREE]
        places = places.take(going)
        while len(going):
            places = (places + 1) & self._last
            held = self._keys.take(places)
            here = held == keys.take(going)
            found[going[here]] = self._rows.take(places[here])
            on = ~here & (held != _FREE)
            going, places = going[on], places[on]
        return found
