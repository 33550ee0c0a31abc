"""The lists of one segment of a BM25 index: for each term its rows, their damped frequencies, and the highest of these.

The highest says how much a list can add to any row, so rows that stand in light lists only need not be looked at.
Immutable. Knows row numbers first…last of the index it belongs to and nothing of words or of idf. See `bm25.py`.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from classifiers.rows import Offsets, Rows
from classifiers.vocabulary import Floats, Ids

_KEYS: Final = 3  # most frequent terms of a row that decide which rows are its neighbours


class Heavy(NamedTuple):
    """One query term's list: distinct places in ascending order, their damped frequencies, the term's weight."""

    places: Ids
    impacts: Floats
    weight: float

    def add_to(self, places: Ids, sums: Floats) -> None:
        """Add what this list says of these places to their sums."""
        at = np.searchsorted(self.places, places)
        at[at == len(self.places)] = 0
        there = (self.places[at] == places).nonzero()[0]
        sums[there] += self.impacts[at[there]] * np.float32(self.weight)


class ImpactLists:
    """Postings of damped frequencies over a run of rows.

    Within the segment rows have places of their own: those that share their most frequent terms stand side by side,
    so that what a list touches lies close together in memory. `row_at` gives the row of a place.
    """

    def __init__(self, rows: Rows, first: int, last: int) -> None:
        self.rows, self.last = last - first, last
        starts = rows.starts[first : last + 1] - rows.starts[first]
        begin, end = int(rows.starts[first]), int(rows.starts[last])
        terms = rows.terms[begin:end]
        neighbours = _neighbours(terms, starts)
        self.row_at: Ids = (neighbours + first).astype(np.int32)
        place = np.empty(self.rows, np.int32)
        place[neighbours] = np.arange(self.rows, dtype=np.int32)
        owner = np.repeat(place, np.diff(starts))
        order = np.lexsort((owner, terms))
        self._owner: Ids = owner[order]
        self._impacts: Floats = rows.weights[begin:end][order]
        self._terms, starts = np.unique(terms[order], return_index=True)
        self._starts = np.append(starts, len(order))
        self._highest: Floats = np.maximum.reduceat(self._impacts, starts) if len(starts) else self._impacts

    def of(self, ids: Ids, weights: Floats) -> tuple[list[Heavy], list[float]]:
        """The lists of those query terms that have one, in the order given, and for each the most that it and all
        behind it can add to a row."""
        if not len(self._terms):
            return [], []
        slots = np.searchsorted(self._terms, ids)
        slots[slots == len(self._terms)] = 0
        there = self._terms[slots] == ids
        slots, weights = slots[there], weights[there]
        reach = np.cumsum((self._highest[slots] * weights)[::-1], dtype=np.float64)[::-1]
        spans = zip(
            self._starts[slots].tolist(),
            self._starts[slots + 1].tolist(),
            weights.tolist(),
            strict=True,
        )
        found = [Heavy(self._owner[b:e], self._impacts[b:e], weight) for b, e, weight in spans]
        return found, reach.tolist()


def _neighbours(terms: Ids, starts: Offsets) -> npt.NDArray[np.intp]:
    """The rows in the order of their most frequent term, then their second and third; rows without terms last."""
    filled = np.flatnonzero(np.diff(starts))
    empty = np.flatnonzero(np.diff(starts) == 0)
    if not len(filled):
        return empty
    common = np.bincount(terms)[terms].astype(np.int64) << 32 | terms
    keys = []
    for _ in range(_KEYS):
        keys.append(np.maximum.reduceat(common, starts[filled]))
        common[common == np.repeat(keys[-1], np.diff(starts)[filled])] = 0
    return np.concatenate([filled[np.lexsort(keys[::-1])], empty])
