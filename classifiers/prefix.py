"""Every text whose cosine with a query reaches a floor: exact, and nearly independent of how many texts there are.

Terms are ordered by rarity. If t is the rarest term that two texts share, their cosine is at most
|query from t on| · |text from t on|. So a posting (t, text) is kept only if |text from t on| reaches the floor, each
list is sorted by that length, and a query reads a list only down to floor / |query from t on|. Frequent words are
never read. What remains is scored exactly.

    add / bulk   → rows, and beyond `_TAIL` of them a segment of sorted lists
    search       → segments by their lists, the tail by all its rows, both scored exactly

Does not rank below its floor: for the best ten whatever their score there is `bm25.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from typing import Final

import numpy as np
import numpy.typing as npt

from classifiers.prefix_lists import PrefixLists
from classifiers.rows import Rows
from classifiers.vocabulary import Floats, Ids, Vocabulary

_TAIL: Final = 4_096  # newest rows, scored one by one: cheaper than lists of their own
_MANY: Final = 12  # segments before the small ones are made one


class PrefixIndex:
    """An incremental index over weighted bags of words. A word's first weight settles its place in the order."""

    def __init__(self, floor: float) -> None:
        if not 0.0 < floor < 1.0:
            raise ValueError(f"floor must lie between 0 and 1, not {floor}")
        self.floor = floor
        self._vocabulary = Vocabulary()
        self._rarity: Floats = np.zeros(1_024, np.float32)
        self._rows = Rows()
        self._segments: list[PrefixLists] = []
        self._sealed = 0
        self._dense: Floats = np.zeros(1_024, np.float32)
        self._lock = Lock()

    def __len__(self) -> int:
        return self._rows.count

    def add(self, weights: Mapping[str, float]) -> int:
        """Index one text by its words' weights; gives its row number (0, 1, 2 …)."""
        with self._lock:
            row = self._append(weights)
            if self._rows.count - self._sealed >= _TAIL:
                self._seal()
        return row

    def compact(self) -> None:
        """Make one segment of everything. For after a bulk load; about 10 s for a million short texts."""
        with self._lock:
            self._segments, self._sealed = [], 0
            self._seal()

    def load(self, texts: list[Mapping[str, float]]) -> None:
        """Index many texts at once; same result as adding each."""
        with self._lock:
            for weights in texts:
                self._append(weights)
            self._segments, self._sealed = [], 0
            if self._rows.count >= _TAIL:
                self._seal()

    def search(self, weights: Mapping[str, float], floor: float | None = None) -> tuple[Ids, Floats]:
        """Rows with cosine ≥ `floor` (at least the index's own), best first, ties by row; and their cosines."""
        wanted = max(self.floor, floor or self.floor)
        length = float(np.sqrt(sum(weight * weight for weight in weights.values())))
        if length == 0.0 or not len(self):
            return np.empty(0, np.int32), np.empty(0, np.float32)
        ids, values = self._vocabulary.known(weights)
        values = values / np.float32(length)
        with self._lock:
            self._dense[ids] = values
            rows = self._candidates(ids, values, wanted)
            found = [(rows, self._rows.scores_of(rows, self._dense))] if len(rows) else []
            if self._sealed < self._rows.count:
                tail = self._rows.scores(self._sealed, self._rows.count, self._dense)
                found.append((np.arange(self._sealed, self._rows.count, dtype=np.int32), tail))
            self._dense[ids] = 0.0
        return _best_first(found, wanted)

    def _append(self, weights: Mapping[str, float]) -> int:
        ids = np.array(self._vocabulary.number(weights), np.int32)
        values = np.fromiter(weights.values(), np.float32, len(weights))
        self._make_room()
        self._rarity[ids] = np.where(self._rarity[ids] == 0.0, values, self._rarity[ids])  # an order for ever
        length = float(np.sqrt(np.dot(values, values)))
        return self._rows.append(ids, values / np.float32(length or 1.0))

    def _make_room(self) -> None:
        if len(self._vocabulary) > len(self._rarity):
            room = 2 * len(self._vocabulary)
            self._rarity = np.concatenate([self._rarity, np.zeros(room - len(self._rarity), np.float32)])
            self._dense = np.zeros(room, np.float32)

    def _candidates(self, ids: Ids, values: Floats, floor: float) -> Ids:
        if not self._segments or not len(ids):
            return np.empty(0, np.int32)
        order = np.lexsort((ids, -self._rarity[ids]))
        ids, values = ids[order], values[order]
        rest = np.sqrt(np.cumsum((values * values)[::-1])[::-1])  # |query from this term on|
        pieces = [segment.reach(ids, rest, floor) for segment in self._segments]
        return np.concatenate(pieces)

    def _seal(self) -> None:
        if len(self._segments) >= _MANY:
            big = self._segments[0].rows > _TAIL * _MANY
            self._segments = self._segments[:1] if big else []
            self._sealed = self._segments[-1].last if self._segments else 0
        self._segments.append(
            PrefixLists(self._rows, self._sealed, self._rows.count, self._rarity, self.floor)
        )
        self._sealed = self._rows.count
        self._rows.freeze(len(self._vocabulary))


def _best_first(found: list[tuple[Ids, Floats]], floor: float) -> tuple[Ids, Floats]:
    if not found:
        return np.empty(0, np.int32), np.empty(0, np.float32)
    rows = np.concatenate([rows for rows, _ in found])
    scores: npt.NDArray[np.float32] = np.concatenate([scores for _, scores in found])
    kept = scores >= np.float32(floor - 1e-6)  # float32 sums: a text is not lost to rounding
    rows, first = np.unique(rows[kept], return_index=True)  # a row may stand in several lists
    scores = scores[kept][first]
    order = np.lexsort((rows, -scores))
    return rows[order], scores[order]
