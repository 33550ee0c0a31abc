"""Documents as one flat run of numbered terms with weights, growing at the end.

    terms    3 7 9 | 2 9 | 4 …       weights beside them
    starts   0       3     5 …

Scores any of its documents against a query exactly. Does not find candidates: `prefix.py` and `bm25.py` do.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from classifiers.vocabulary import Floats, Ids

Offsets = npt.NDArray[np.int64]
_Number = TypeVar("_Number", bound=np.generic)
_FIRST_ROOM = 1_024
_INT32 = 2**31 - 1
_FEW = 64  # rows for which the matrix's own overhead does not pay


class Rows:
    """Append-only rows of (term, weight). A row without terms is kept and scores 0."""

    def __init__(self) -> None:
        self.count = 0
        self._used = 0
        self._matrix: csr_matrix | None = None
        self._terms: Ids = np.empty(_FIRST_ROOM, np.int32)
        self._weights: Floats = np.empty(_FIRST_ROOM, np.float32)
        self._starts: Offsets = np.zeros(_FIRST_ROOM + 1, np.int64)

    @property
    def terms(self) -> Ids:
        """All terms, row after row."""
        return self._terms[: self._used]

    @property
    def weights(self) -> Floats:
        """The weight beside each term."""
        return self._weights[: self._used]

    @property
    def starts(self) -> Offsets:
        """Where each row begins; one more entry than rows."""
        return self._starts[: self.count + 1]

    def append(self, terms: npt.ArrayLike, weights: npt.ArrayLike) -> int:
        """Add one row and give its number. Amortised constant time a term."""
        new_terms, new_weights = np.asarray(terms, np.int32), np.asarray(weights, np.float32)
        return self.extend(new_terms, new_weights, np.array([len(new_terms)], np.int64))

    def extend(self, terms: Ids, weights: Floats, lengths: Offsets) -> int:
        """Add many rows, given one after the other with their lengths; the number of the first."""
        end, first = self._used + len(terms), self.count
        if end > len(self._terms):
            room = max(end, 2 * len(self._terms))
            self._terms, self._weights = _roomier(self._terms, room), _roomier(self._weights, room)
        last = first + len(lengths)
        if last >= len(self._starts):
            self._starts = _roomier(self._starts, max(last + 1, 2 * len(self._starts)))
        self._terms[self._used : end] = terms
        self._weights[self._used : end] = weights
        self._starts[first + 1 : last + 1] = self._used + np.cumsum(lengths)
        self._used, self.count = end, last
        return first

    def freeze(self, width: int) -> None:
        """Let what is here be scored in bulk quickly. `width`: how many terms there are. Shares its memory."""
        small = self._starts[: self.count + 1].astype(np.int32) if self._used < _INT32 else self.starts
        parts = (self.weights, self.terms, small)
        self._matrix = csr_matrix(parts, shape=(self.count, width), copy=False)

    def scores(self, first: int, last: int, query: Floats) -> Floats:
        """Dot products of rows first…last (exclusive) with a dense query."""
        begin, end = int(self._starts[first]), int(self._starts[last])
        product = self._weights[begin:end] * query[self._terms[begin:end]]
        return _runs(np.add, product, self._starts[first : last + 1] - begin)

    def scores_of(self, rows: npt.NDArray[np.integer], query: Floats) -> Floats:
        """Dot products of chosen rows with a dense query."""
        if self._matrix is not None and len(rows) > _FEW and int(rows.max()) < self._matrix.shape[0]:
            product: Floats = self._matrix[rows] @ query[: self._matrix.shape[1]]
            return product
        where, _, offsets = self._entries(rows)
        return _runs(np.add, self._weights.take(where) * query.take(self._terms.take(where)), offsets)

    def scores_of_pairs(
        self, rows: npt.NDArray[np.integer], asks: npt.NDArray[np.integer], queries: Floats, column: Ids
    ) -> Floats:
        """The dot product of each row with one of many queries: its line `asks` in `queries`, whose columns are the
        terms of the queries as `column` (a number a term; 0, a column of zeros, for all others) gives them."""
        where, lengths, offsets = self._entries(rows)
        at = np.repeat(asks.astype(np.int64) * queries.shape[1], lengths)
        at += column.take(self._terms.take(where))
        return _runs(np.add, self._weights.take(where) * queries.ravel().take(at), offsets)

    def _entries(self, rows: npt.NDArray[np.integer]) -> tuple[Offsets, Offsets, Offsets]:
        """Where the entries of these rows are, one row after the other, how many each has, and where each begins."""
        begins = self._starts.take(rows)
        lengths = self._starts.take(rows + 1) - begins
        offsets = np.zeros(len(rows) + 1, np.int64)
        np.cumsum(lengths, out=offsets[1:])
        where = np.arange(int(offsets[-1]), dtype=np.int64)
        where += np.repeat(begins - offsets[:-1], lengths)
        return where, lengths, offsets


def _roomier(values: npt.NDArray[_Number], room: int) -> npt.NDArray[_Number]:
    """The values at the beginning of a larger array whose rest takes no memory until it is written."""
    larger = np.empty(room, values.dtype)
    larger[: len(values)] = values
    return larger


def _runs(how: np.ufunc, values: Floats, offsets: Offsets) -> Floats:
    """Each run made one number; an empty run is 0 (`reduceat` alone would give the next run's first value)."""
    lengths = offsets[1:] - offsets[:-1]  # np.diff costs ten times as much for a few
    if len(lengths) and lengths.min() > 0:
        every: Floats = how.reduceat(values, offsets[:-1])
        return every
    made = np.zeros(len(lengths), np.float32)
    filled = np.flatnonzero(lengths)
    if len(filled):
        made[filled] = how.reduceat(values, offsets[filled])
    return made
