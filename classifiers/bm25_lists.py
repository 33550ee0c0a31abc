"""The lists of one segment of a BM25 index: for each term its rows, highest peak first.

A row's peak is the highest damped frequency of any of its terms. A row that begins to match with some query term can
score at most its peak times the weights of that term and all later ones, so a list need not be read to its end.
Immutable. Knows row numbers first…last of the index it belongs to and nothing of words or of idf. See `bm25.py`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from classifiers.rows import Rows
from classifiers.vocabulary import Floats, Ids

Places = npt.NDArray[np.intp]


class PeakLists:
    """Postings of damped frequencies over a run of rows."""

    def __init__(self, rows: Rows, first: int, last: int, peaks: Floats) -> None:
        self.rows, self.last = last - first, last
        begin, end = int(rows.starts[first]), int(rows.starts[last])
        terms, impacts = rows.terms[begin:end], rows.weights[begin:end]
        owner = np.repeat(np.arange(first, last, dtype=np.int32), np.diff(rows.starts[first : last + 1]))
        order = np.lexsort((owner, -peaks[owner], terms))
        self._owner: Places = owner[order].astype(np.intp)  # read as positions without conversion
        self._impacts: Floats = impacts[order]
        self._flatness: Floats = -peaks[self._owner]
        self.highest = -float(self._flatness.min(initial=0.0))
        self._terms, starts = np.unique(terms[order], return_index=True)
        self._starts = np.append(starts, len(order))

    def slots(self, ids: Ids) -> list[int]:
        """For each term the slot of its list, or -1."""
        places = np.searchsorted(self._terms, ids)
        inside = places < len(self._terms)
        inside[inside] = self._terms[places[inside]] == ids[inside]
        found: list[int] = np.where(inside, places, -1).tolist()
        return found

    def size(self, slot: int) -> int:
        """Length of a list."""
        return int(self._starts[slot + 1] - self._starts[slot])

    def read(self, slot: int, peak: float) -> tuple[Places, Floats, bool]:
        """Rows of a list with at least this peak, their damped frequencies, and whether that was the whole list."""
        begin, end = self._starts[slot], self._starts[slot + 1]
        if peak > 0.0:
            end = begin + np.searchsorted(self._flatness[begin:end], -peak * (1.0 - 1e-6), side="right")
        return self._owner[begin:end], self._impacts[begin:end], bool(end == self._starts[slot + 1])
