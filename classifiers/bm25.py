"""The best k texts by BM25, exact, over a collection that grows.

    add / load   → rows of term frequencies already damped by length (k1, b), and segments of lists
    search       → lists added up, heaviest first, until few rows can still enter; those are scored exactly

The inverse document frequency is taken when asking, so it is always that of the whole collection; `average` (words in
a text) is fixed for the life of an index, so old postings stay right. Does not decide whether the best is good enough.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from threading import Lock
from typing import Final

import numpy as np
from scipy.sparse._sparsetools import csc_matvec

from classifiers.bm25_lists import Heavy, ImpactLists
from classifiers.rows import Rows
from classifiers.vocabulary import Floats, Ids, Vocabulary

K1: Final = 1.2
B: Final = 0.75
_TAIL: Final = 4_096  # newest rows, all scored: cheaper than lists of their own
_MANY: Final = 12
_LONG: Final = 2_048  # a list worth asking first whether it can matter
_FEW: Final = 64  # rows that are scored from their own words rather than from the lists
_PROMISING: Final = 50  # rows scored to learn what must be reached
_GROWN: Final = 50  # times as many places must have been touched before that is asked again
_LOOKUP: Final = 8  # finding a place in a list costs as much as reading so many of its entries
_MUCH: Final = (
    262_144  # rows whose sums lie so far apart that huge pages pay; numpy asks for those from 4 MiB on
)
_HUGE: Final = 2_097_152
_LESS: Final = 1.0 - 1e-6  # float32 sums: a row is not lost to rounding

_NOWHERE: Final[Ids] = np.empty(0, np.int32)


class Bm25Index:
    """An incremental BM25 index. Not for texts of wildly different length than `average`."""

    def __init__(self, average: float = 12.0, prior: float = 0.0) -> None:
        self._average = average
        self._prior = prior  # documents that the background knowledge counts for
        self._vocabulary = Vocabulary()
        self._frequency = np.zeros(1_024, np.int64)
        self._dense: Floats = np.zeros(1_024, np.float32)
        self._rows = Rows()
        self._segments: list[ImpactLists] = []
        self._sealed = 0
        self._sums: Floats = np.zeros(0, np.float32)
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

    def _read(self, segment: ImpactLists, ids: Ids, values: Floats, best: _Best) -> None:
        """Let one segment's rows compete: lists are added up, then looked into for the few rows that may still enter."""
        order = np.argsort(-values, kind="stable")
        lists, reach = segment.of(ids[order], values[order])
        if not lists or reach[0] < best.lowest * _LESS:
            return
        touched, read, floor = self._add_up(segment, lists, reach, best)
        unread = reach[read] if read < len(lists) else 0.0
        places = self._at_least(touched, floor - unread)
        sums = self._sums.take(places)
        self._sums[touched] = 0.0
        for one, most in zip(lists[read:], reach[read:], strict=True):
            if len(places) <= _FEW:
                break
            near = (sums >= np.float32(floor - most)).nonzero()[0]
            places, sums = places[near], sums[near]
            one.add_to(places, sums)
        rows = segment.row_at[places]
        if len(rows) > _FEW:
            rows = _ahead(rows, sums, best.k)
        best.offer(rows, self._rows.scores_of(rows, self._dense))

    def _add_up(
        self, segment: ImpactLists, lists: Sequence[Heavy], reach: Sequence[float], best: _Best
    ) -> tuple[Ids, int, float]:
        """Add up lists until few rows can still enter: the places touched, the lists read, and a score to reach."""
        heavy: list[Ids] = []
        floor, size, asked = best.lowest * _LESS, 0, 0
        touched = _NOWHERE
        for at, (one, most) in enumerate(zip(lists, reach, strict=True)):
            if len(one.places) > _LONG and size > _GROWN * asked:
                touched = np.concatenate(heavy)
                floor, asked = max(floor, self._sure_floor(segment, touched, best.k) * _LESS), size
            if most >= floor:
                heavy.append(self._add(one))
                size += len(one.places)
                continue
            if len(touched) < size:
                touched = np.concatenate(heavy)
            if self._count(touched, floor - most) * _LOOKUP <= len(one.places):
                return touched, at, floor
            self._add_to_touched(one)
        return np.concatenate(heavy), len(lists), floor

    def _add(self, one: Heavy) -> Ids:
        """Add one list to the sums, as a product of a matrix of one column: in one pass, without what numpy puts by."""
        ends = np.array((0, len(one.places)), np.int32)
        weight = np.array((one.weight,), np.float32)
        csc_matvec(len(self._sums), 1, ends, one.places, one.impacts, weight, self._sums)
        return one.places

    def _add_to_touched(self, one: Heavy) -> None:
        """Rows that stand only in light lists are left alone: reading is much cheaper than writing."""
        sums = self._sums.take(one.places)
        there = (sums != 0.0).nonzero()[0]
        self._sums[one.places[there]] = sums[there] + one.impacts[there] * np.float32(one.weight)

    def _count(self, touched: Ids, least: float) -> int:
        """How many rows have at least this sum, a row that stands in several lists counted several times."""
        return int(np.count_nonzero(self._sums.take(touched) >= np.float32(least)))

    def _at_least(self, touched: Ids, least: float) -> Ids:
        """The places with at least this sum, each once."""
        places = touched[(self._sums.take(touched) >= np.float32(least)).nonzero()[0]]
        places.sort()
        if len(places) < 2:
            return places
        first = np.empty(len(places), np.bool_)
        first[0] = True
        np.not_equal(places[1:], places[:-1], out=first[1:])
        return places[first]

    def _sure_floor(self, segment: ImpactLists, touched: Ids, k: int) -> float:
        """A score that k rows reach for certain: the most promising so far, scored exactly; 0 if they are few."""
        sums = self._sums.take(touched)
        most = max(4 * k, _PROMISING)  # a row stands in several lists
        if len(sums) > most:
            least = np.partition(sums, len(sums) - most)[len(sums) - most]
            touched = touched[(sums >= least).nonzero()[0][:most]]
        places = list(set(touched.tolist()))
        if len(places) < k:
            return 0.0
        scores = self._rows.scores_of(segment.row_at[places], self._dense)
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
        self._segments.append(ImpactLists(self._rows, self._sealed, self._rows.count))
        self._sealed = self._rows.count
        self._rows.freeze(len(self._vocabulary))
        room = max(one.rows for one in self._segments)
        self._sums = np.zeros(room if room < _MUCH else max(room, _HUGE), np.float32)
        self._sums.fill(0.0)  # else the memory is got from the system while somebody asks


def _ahead(rows: Ids, sums: Floats, k: int) -> Ids:
    """Those of these different rows that may be among the best k; of many that are equal the first."""
    if len(rows) <= k:
        return rows
    cut = np.partition(sums, len(sums) - k)[len(sums) - k]
    above = sums > cut / np.float32(_LESS)
    equal = rows[(sums >= cut * np.float32(_LESS)) & ~above]
    if len(equal) > k:
        equal = np.partition(equal, k)[:k]
    return np.concatenate([rows[above], equal])


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
