"""The best k texts by BM25, exact, over a collection that grows.

    add / load   → rows of term frequencies already damped by length (k1, b), and segments of impact-ordered lists
    search       → lists rarest first, each only down to the impact that could still enter the best k; exact scores

The inverse document frequency is taken when asking, so it is always that of the whole collection; `average` (words in
a text) is fixed for the life of an index, so old postings stay right. Does not decide whether the best is good enough.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from threading import Lock
from typing import Final

import numpy as np

from classifiers.bm25_lists import PeakLists, Places
from classifiers.rows import Rows
from classifiers.vocabulary import Floats, Ids, Vocabulary

K1: Final = 1.2
B: Final = 0.75
_TAIL: Final = 4_096  # newest rows, all scored: cheaper than lists of their own
_MANY: Final = 12
_PROMISING: Final = 4
_LONG: Final = 8000  # a list worth asking first whether it can matter


class Bm25Index:
    """An incremental BM25 index. Not for texts of wildly different length than `average`."""

    def __init__(self, average: float = 12.0, prior: float = 0.0) -> None:
        self._average = average
        self._prior = prior  # documents that the background knowledge counts for
        self._vocabulary = Vocabulary()
        self._frequency = np.zeros(1_024, np.int64)
        self._dense: Floats = np.zeros(1_024, np.float32)
        self._rows = Rows()
        self._segments: list[PeakLists] = []
        self._sealed = 0
        self._none: Places = np.empty(0, np.intp)
        self._sums: Floats = np.zeros(0, np.float32)
        self._peaks: Floats = np.zeros(0, np.float32)
        self._lock = Lock()

    def __len__(self) -> int:
        return self._rows.count

    def add(self, counts: Mapping[str, float]) -> int:
        """Index one text by its terms' counts; gives its row number (0, 1, 2 …)."""
        with self._lock:
            row = self._append(counts)
            if self._rows.count - self._sealed >= _TAIL:
                self._seal()
        return row

    def load(self, texts: Iterable[Mapping[str, float]]) -> None:
        """Index many texts at once, in one segment; same result as adding each."""
        with self._lock:
            for counts in texts:
                self._append(counts)
            self._segments, self._sealed = [], 0
            if self._rows.count >= _TAIL:
                self._seal()

    def idf(self, term: str, background: float = 0.0) -> float:
        """Inverse document frequency over the collection, smoothed by the term's `background` probability."""
        number = self._vocabulary.find(term)
        seen = int(self._frequency[number]) if number is not None else 0
        total = len(self) + self._prior
        return math.log(1.0 + (total - seen + 0.5) / (seen + self._prior * background + 0.5))

    def search(self, weights: Mapping[str, float], k: int) -> tuple[Ids, Floats]:
        """The k best rows by Σ weight · damped frequency, best first, ties by row. Weights are `idf`s."""
        ids, values = self._vocabulary.known(weights)
        if not len(ids) or k < 1:
            return np.empty(0, np.int32), np.empty(0, np.float32)
        with self._lock:
            self._dense[ids] = values
            best = _Best(k)
            if self._sealed < self._rows.count:
                scores = self._rows.scores(self._sealed, self._rows.count, self._dense)
                best.offer(np.arange(self._sealed, self._rows.count, dtype=np.int32), scores)
            for segment in self._segments:
                self._read(segment, ids, values, best)
            self._dense[ids] = 0.0
        return best.rows, best.scores

    def scores(self, weights: Mapping[str, float], rows: Sequence[int]) -> Floats:
        """Exact scores of chosen rows."""
        ids, values = self._vocabulary.known(weights)
        with self._lock:
            self._dense[ids] = values
            found = self._rows.scores_of(np.array(rows, np.int64), self._dense)
            self._dense[ids] = 0.0
        return found

    def _read(self, segment: PeakLists, ids: Ids, values: Floats, best: _Best) -> None:
        """Add up one segment's lists, heaviest term first, each only as far as it can still matter."""
        order = np.argsort(-values, kind="stable")
        slots, weights = segment.slots(ids[order]), values[order].tolist()
        behind = np.cumsum(values[order][::-1])[::-1].tolist()
        touched: list[Places] = []
        floor, unread, size, asked = best.lowest, 0.0, 0, 0
        for slot, weight, rest in zip(slots, weights, behind, strict=True):
            if slot < 0:
                continue
            if segment.size(slot) > _LONG and size >= 2 * asked:
                floor, asked = max(floor, self._sure_floor(touched, best.k)), size
            if segment.highest * rest < floor:
                unread = unread or rest
                break  # no row that has only the terms from here on can enter
            rows, impacts, whole = segment.read(slot, floor / rest)
            if not whole and not unread:
                unread = rest
            sums = self._sums[rows]
            touched.append(rows[sums == 0.0])
            size += len(touched[-1])
            self._sums[rows] = sums + impacts * np.float32(weight)
        if touched:
            floor = max(floor, self._sure_floor(touched, best.k))
            rows = np.concatenate(touched)
            sums = self._sums[rows]
            self._sums[rows] = 0.0
            may = sums >= np.float32(floor * (1.0 - 1e-6) - unread * segment.highest)
            rows, sums = rows[may], sums[may]
            near = rows[sums + self._peaks[rows] * np.float32(unread) >= np.float32(floor * (1.0 - 1e-6))]
            best.offer(near.astype(np.int32), self._rows.scores_of(near, self._dense))

    def _sure_floor(self, touched: list[Places], k: int) -> float:
        """A score that k rows reach for certain: the most promising rows so far, scored exactly."""
        rows = touched[0] if len(touched) == 1 else np.concatenate(touched) if touched else self._none
        if len(rows) < k:
            return 0.0
        if len(rows) > _PROMISING * k:
            sums = self._sums[rows]
            rows = rows[np.argpartition(sums, len(sums) - _PROMISING * k)[-_PROMISING * k :]]
        scores = self._rows.scores_of(rows, self._dense)
        return float(np.partition(scores, len(scores) - k)[len(scores) - k])

    def _append(self, counts: Mapping[str, float]) -> int:
        ids = np.array(self._vocabulary.number(counts), np.int32)
        if len(self._vocabulary) > len(self._frequency):
            room = 2 * len(self._vocabulary)
            self._frequency = np.concatenate(
                [self._frequency, np.zeros(room - len(self._frequency), np.int64)]
            )
            self._dense = np.zeros(room, np.float32)
        self._frequency[ids] += 1
        length = sum(counts.values())
        soft = K1 * (1.0 - B + B * length / self._average)
        return self._rows.append(ids, [(K1 + 1.0) * count / (count + soft) for count in counts.values()])

    def _seal(self) -> None:
        if len(self._segments) >= _MANY:
            big = self._segments[0].rows > _TAIL * _MANY
            self._segments = self._segments[:1] if big else []
            self._sealed = self._segments[-1].last if self._segments else 0
        self._peaks = self._rows.peaks()
        self._segments.append(PeakLists(self._rows, self._sealed, self._rows.count, self._peaks))
        self._sealed = self._rows.count
        self._rows.freeze(len(self._vocabulary))
        self._sums = np.zeros(self._sealed, np.float32)


class _Best:
    """The k best rows so far."""

    def __init__(self, k: int) -> None:
        self.k = k
        self.rows: Ids = np.empty(0, np.int32)
        self.scores: Floats = np.empty(0, np.float32)

    @property
    def lowest(self) -> float:
        """What a row must exceed to enter; 0 while there is room."""
        return float(self.scores[-1]) if len(self.scores) == self.k else 0.0

    def offer(self, rows: Ids, scores: Floats) -> None:
        """Let rows with their exact scores compete; rows that score 0 match nothing and stay out."""
        kept = scores > self.lowest if len(self.scores) == self.k else scores > 0.0
        rows = np.concatenate([self.rows, rows[kept]])
        scores = np.concatenate([self.scores, scores[kept]])
        if len(rows) > 4 * self.k:
            cut = np.partition(scores, len(scores) - self.k)[len(scores) - self.k]
            near = scores >= cut
            rows, scores = rows[near], scores[near]
        order = np.lexsort((rows, -scores))[: self.k]
        self.rows, self.scores = rows[order], scores[order]
