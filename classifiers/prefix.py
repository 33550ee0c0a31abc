"""Every text whose cosine with a query reaches a floor: exact, and nearly independent of how many texts there are.

Terms are ordered by rarity. If t is the rarest term that two texts share, their cosine is at most
|query from t on| · |text from t on|. So a posting (t, text) is kept only if |text from t on| reaches the floor, each
list is sorted by that length, and a query reads a list only down to floor / |query from t on|. Frequent words are
never read. What remains is scored exactly.

    add / load   → rows; the newest in a table by term, beyond `_TAIL` of them a segment of sorted lists
    search       → candidates of the segments and of the table, all scored exactly
    take         → the same for many texts in one go (`prefix_batch.py`), each against all before it

Does not rank below its floor: for the best ten whatever their score there is `bm25.py`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from threading import Lock
from typing import Any, Final

import numpy as np

from classifiers.prefix_batch import Asked, Found, answers
from classifiers.prefix_lists import SLACK, PrefixLists, merged, prefixes, prefixes_of
from classifiers.rows import Rows
from classifiers.vocabulary import Floats, Ids, Vocabulary

_TAIL: Final = 4_096  # newest rows, in a table that grows: cheaper than sorted lists made anew
_FEW: Final = 8  # texts at once for which the sorted lists of a batch do not pay
_FAN: Final = 4  # segments of one size that are made one
_MANY_FOUND: Final = (
    2_048  # entries of the table that are looked through; stories made from one form share them all
)
_NO_ROWS: Final[Ids] = np.empty(0, np.int32)
_NO_SCORES: Final[Floats] = np.empty(0, np.float32)
Bag = Mapping[Any, float]


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
        self._column: Ids = np.zeros(1_024, np.int32)
        self._lock = Lock()

    def __len__(self) -> int:
        return self._rows.count

    def add(self, weights: Bag) -> int:
        """Index one text by its words' weights; gives its row number (0, 1, 2 …)."""
        with self._lock:
            row = self._append([weights])
            self._list(row)
            if self._rows.count - self._sealed >= _TAIL:
                self._seal()
        return row

    def compact(self) -> None:
        """Make one segment of everything. For after a bulk load; about 10 s for a million short texts."""
        with self._lock:
            self._segments, self._sealed = [], 0
            self._seal()

    def load(self, texts: Iterable[Bag]) -> None:
        """Index many texts at once; same result as adding each."""
        with self._lock:
            known = self._rows.count
            for weights in texts:
                self._append([weights])
            if self._rows.count - self._sealed >= _TAIL:
                self._segments, self._sealed = [], 0
                self._seal()
            else:
                for row in range(known, self._rows.count):
                    self._list(row)

    def search(self, weights: Bag, floor: float | None = None) -> Found:
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

    def take(self, texts: Sequence[Bag]) -> list[Found]:
        """Add texts; for each what `search` would have given just before it was added."""
        if len(texts) < _FEW:
            found = []
            for text in texts:
                found.append(self.search(text))
                self.add(text)
            return found
        with self._lock:
            if self._rows.count > self._sealed:
                self._seal()
            first = self._append(texts)
            last = self._rows.count
            own = prefixes(self._rows, first, last, self._rarity, self.floor)
            self._enter(PrefixLists(own, first, last))
            begin, end = int(self._rows.starts[first]), int(self._rows.starts[last])
            entries = (self._rows.terms[begin:end], self._rows.weights[begin:end])
            starts = self._rows.starts[first : last + 1] - begin
            asked = Asked(own.owner - first, own.terms, own.rest, *entries, starts, first)
            return answers(asked, self._segments, self._rows, self._column, self.floor)

    def search_all(self, texts: Sequence[Bag]) -> list[Found]:
        """What `search` gives for each of many texts, in one go; what was added one by one is sealed first."""
        if len(texts) < _FEW or not len(self):
            return [self.search(text) for text in texts]
        parts = [self._vocabulary.known(text) for text in texts]
        starts = np.concatenate(([0], np.cumsum([len(ids) for ids, _ in parts])))
        owner = np.repeat(np.arange(len(texts), dtype=np.int32), np.diff(starts))
        whole = [math.sqrt(sum(weight * weight for weight in text.values())) or 1.0 for text in texts]
        terms = np.concatenate([ids for ids, _ in parts])
        weights = np.concatenate([values for _, values in parts])
        weights = (weights / np.asarray(whole, np.float32)[owner]).astype(np.float32)
        with self._lock:
            if self._rows.count > self._sealed:
                self._seal()
            found = prefixes_of(owner, terms, weights, self._rarity, self.floor)
            asked = Asked(found.owner, found.terms, found.rest, terms, weights, starts, None)
            return answers(asked, self._segments, self._rows, self._column, self.floor)

    def _append(self, texts: Sequence[Bag]) -> int:
        """Number the terms of texts and keep them; the row of the first."""
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        numbers: list[int] = []
        weights: list[float] = []
        for text in texts:
            numbers += self._vocabulary.number(text)
            weights += text.values()
        ids, values = np.array(numbers, np.int32), np.array(weights, np.float32)
        self._make_room()
        new = np.flatnonzero(self._rarity[ids] == 0.0)[::-1]
        self._rarity[ids[new]] = values[new]  # an order for ever: of several weights the first
        ends = np.cumsum(lengths)
        squares = np.concatenate(([0.0], np.cumsum(values.astype(np.float64) ** 2)))
        whole = np.sqrt(squares[ends] - squares[ends - lengths]).astype(np.float32)
        whole[whole == 0.0] = 1.0
        return self._rows.extend(ids, (values / np.repeat(whole, lengths)).astype(np.float32), lengths)

    def _make_room(self) -> None:
        if len(self._vocabulary) > len(self._rarity):
            room = 2 * len(self._vocabulary)
            self._rarity = np.concatenate([self._rarity, np.zeros(room - len(self._rarity), np.float32)])
            self._dense = np.zeros(room, np.float32)
            self._column = np.zeros(room, np.int32)

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
        for term in ids[rest >= np.float32(self.floor - SLACK)].tolist():
            self._newest.setdefault(term, []).append(row)

    def _candidates(self, ids: Ids, values: Floats, floor: float) -> Ids:
        """Rows, each once, that may reach the floor."""
        if not len(ids):
            return _NO_ROWS
        ids, rest = self._order(ids, values)
        near = rest >= np.float32(floor - SLACK)  # what stands behind is too short to reach it with anything
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
        """Make sorted lists of the rows that have none yet."""
        first, last = self._sealed, self._rows.count
        self._enter(PrefixLists(prefixes(self._rows, first, last, self._rarity, self.floor), first, last))
        self._newest.clear()

    def _enter(self, segment: PrefixLists) -> None:
        """A further segment; several of one size become one, so that they stay few and no row is sorted often."""
        self._segments.append(segment)
        while len(self._segments) >= _FAN and _size(self._segments[-_FAN]) <= _size(self._segments[-1]):
            self._segments[-_FAN:] = [merged(self._segments[-_FAN:])]
        self._sealed = segment.last
        self._rows.freeze(len(self._vocabulary))


def _size(segment: PrefixLists) -> int:
    """Segments are of one size when each is at most `_FAN` times another."""
    return int(math.log(max(segment.rows, 1), _FAN))


def _best_first(rows: Ids, scores: Floats, floor: float) -> Found:
    kept = scores >= np.float32(floor - SLACK)
    rows, scores = rows[kept], scores[kept]
    order = np.lexsort((rows, -scores))
    return rows[order], scores[order]
