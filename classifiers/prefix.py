"""Every text whose cosine with a query reaches a floor: exact, and nearly independent of how many texts there are.

Terms are ordered by rarity. If t is the rarest term that two texts share, their cosine is at most
|query from t on| · |text from t on|. So a posting (t, text) is kept only if |text from t on| reaches the floor, each
list is sorted by that length, and a query reads a list only down to floor / |query from t on|. Frequent words are
never read. What remains is scored exactly.

    add / load   → rows; the newest in a table by term, beyond `_TAIL` of them a segment of sorted lists
    search       → candidates of the segments and of the table, all scored exactly

Does not rank below its floor: for the best ten whatever their score there is `bm25.py`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from threading import Lock
from typing import Final

import numpy as np

from classifiers.prefix_lists import PrefixLists
from classifiers.rows import Rows
from classifiers.vocabulary import Floats, Ids, Vocabulary

_TAIL: Final = 4_096  # newest rows, in a table that grows: cheaper than sorted lists made anew
_MANY: Final = 12  # segments before the small ones are made one
_MANY_FOUND: Final = (
    2_048  # entries of the table that are looked through; stories made from one form share them all
)
_SLACK: Final = 1e-6  # float32 sums: a text is not lost to rounding
_NO_ROWS: Final[Ids] = np.empty(0, np.int32)
_NO_SCORES: Final[Floats] = np.empty(0, np.float32)


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
        self._newest: dict[int, list[int]] = {}  # term → rows since the last segment that it can find
        self._dense: Floats = np.zeros(1_024, np.float32)
        self._lock = Lock()

    def __len__(self) -> int:
        return self._rows.count

    def add(self, weights: Mapping[str, float]) -> int:
        """Index one text by its words' weights; gives its row number (0, 1, 2 …)."""
        with self._lock:
            row = self._append(weights)
            self._list(row)
            if self._rows.count - self._sealed >= _TAIL:
                self._seal()
        return row

    def compact(self) -> None:
        """Make one segment of everything. For after a bulk load; about 10 s for a million short texts."""
        with self._lock:
            self._segments, self._sealed = [], 0
            self._seal()

    def load(self, texts: Iterable[Mapping[str, float]]) -> None:
        """Index many texts at once; same result as adding each."""
        with self._lock:
            known = self._rows.count
            for weights in texts:
                self._append(weights)
            if self._rows.count - self._sealed >= _TAIL:
                self._segments, self._sealed = [], 0
                self._seal()
            else:
                for row in range(known, self._rows.count):
                    self._list(row)

    def search(self, weights: Mapping[str, float], floor: float | None = None) -> tuple[Ids, Floats]:
        """Rows with cosine ≥ `floor` (at least the index's own), best first, ties by row; and their cosines."""
        wanted = max(self.floor, floor or self.floor)
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        if length == 0.0 or not len(self):
            return _NO_ROWS, _NO_SCORES
        ids, values = self._vocabulary.known(weights)
        values = values / np.float32(length)
        with self._lock:
            rows = self._candidates(ids, values, wanted)
            if not len(rows):
                return _NO_ROWS, _NO_SCORES
            self._dense[ids] = values
            scores = self._rows.scores_of(rows, self._dense)
            self._dense[ids] = 0.0
        return _best_first(rows, scores, wanted)

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

    def _order(self, ids: Ids, values: Floats) -> tuple[Ids, Floats]:
        """The terms, rarest first, and how long the text is from each on."""
        order = np.lexsort((ids, -self._rarity[ids]))
        values = values[order]
        rest: Floats = np.sqrt(np.cumsum((values * values)[::-1])[::-1])
        return ids[order], rest

    def _list(self, row: int) -> None:
        """Enter one of the newest rows under the terms that can find it."""
        begin, end = self._rows.starts[row], self._rows.starts[row + 1]
        ids, rest = self._order(self._rows.terms[begin:end], self._rows.weights[begin:end])
        for term in ids[rest >= np.float32(self.floor - _SLACK)].tolist():
            self._newest.setdefault(term, []).append(row)

    def _candidates(self, ids: Ids, values: Floats, floor: float) -> Ids:
        """Rows, each once, that may reach the floor."""
        if not len(ids):
            return _NO_ROWS
        ids, rest = self._order(ids, values)
        near = rest >= np.float32(floor - _SLACK)  # what stands behind is too short to reach it with anything
        ids, rest = ids[near], rest[near]
        pieces = [segment.reach(ids, rest, floor) for segment in self._segments]
        pieces.append(self._among_newest(ids))
        rows = np.concatenate(pieces)
        rows.sort()
        different: Ids = rows[np.diff(rows, prepend=-1) != 0]
        return different

    def _among_newest(self, ids: Ids) -> Ids:
        """The newest rows under any of these terms; all of them where collecting them would cost more than scoring."""
        lists = [found for term in ids.tolist() if (found := self._newest.get(term))]
        if sum(map(len, lists)) > _MANY_FOUND:
            return np.arange(self._sealed, self._rows.count, dtype=np.int32)
        different = set[int]().union(*lists)
        return np.fromiter(different, np.int32, len(different))

    def _seal(self) -> None:
        if len(self._segments) >= _MANY:
            big = self._segments[0].rows > _TAIL * _MANY
            self._segments = self._segments[:1] if big else []
            self._sealed = self._segments[-1].last if self._segments else 0
        self._segments.append(
            PrefixLists(self._rows, self._sealed, self._rows.count, self._rarity, self.floor)
        )
        self._sealed = self._rows.count
        self._newest.clear()
        self._rows.freeze(len(self._vocabulary))


def _best_first(rows: Ids, scores: Floats, floor: float) -> tuple[Ids, Floats]:
    kept = scores >= np.float32(floor - _SLACK)
    rows, scores = rows[kept], scores[kept]
    order = np.lexsort((rows, -scores))
    return rows[order], scores[order]
