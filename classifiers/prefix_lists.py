"""The sorted lists of one segment of a prefix index: which rows can still reach the floor from this term on.

Immutable. Knows row numbers first…last of the index it belongs to and nothing of words. See `prefix.py` for the bound.
"""

from __future__ import annotations

import numpy as np

from classifiers.rows import Rows
from classifiers.vocabulary import Floats, Ids


class PrefixLists:
    """For each term the rows whose part from that term on has length ≥ floor, longest first."""

    def __init__(self, rows: Rows, first: int, last: int, rarity: Floats, floor: float) -> None:
        self.rows, self.last = last - first, last
        begin, end = int(rows.starts[first]), int(rows.starts[last])
        terms, weights = rows.terms[begin:end], rows.weights[begin:end]
        owner = np.repeat(np.arange(first, last, dtype=np.int32), np.diff(rows.starts[first : last + 1]))
        order = np.lexsort((terms, -rarity[terms], owner))  # each row's terms, rarest first
        terms, owner = terms[order], owner[order]
        rest = _lengths_from_here(weights[order], owner)
        kept = rest >= np.float32(floor - 1e-6)
        terms, owner, rest = terms[kept], owner[kept], rest[kept]
        order = np.lexsort((owner, -rest, terms))
        self._owner: Ids = owner[order]
        self._shortness: Floats = -rest[order]
        self._terms, starts = np.unique(terms[order], return_index=True)
        self._starts = np.append(starts, len(order))

    def reach(self, ids: Ids, rest: Floats, floor: float) -> Ids:
        """Rows, repeats included, that may have cosine ≥ floor with a query of these terms (rarest first) whose
        part from each term on has length `rest`."""
        places = np.searchsorted(self._terms, ids)
        pieces: list[Ids] = []
        for place, term, length in zip(places.tolist(), ids.tolist(), rest.tolist(), strict=True):
            if length < floor - 1e-6:
                break  # the rest of the query is too short to reach the floor with anything
            if place == len(self._terms) or self._terms[place] != term:
                continue
            begin, end = self._starts[place], self._starts[place + 1]
            needed = -(floor - 1e-6) / length
            stop = begin + np.searchsorted(self._shortness[begin:end], needed, side="right")
            pieces.append(self._owner[begin:stop])
        return np.concatenate(pieces) if pieces else np.empty(0, np.int32)


def _lengths_from_here(weights: Floats, owner: Ids) -> Floats:
    """For each entry the length of its row's part from here to the row's end."""
    squares = (weights * weights).astype(np.float64)
    total = np.cumsum(squares[::-1])[::-1]  # of this and everything behind, other rows too
    if not len(total):
        return weights
    last_of_row = np.append(np.flatnonzero(np.diff(owner)), len(owner) - 1)
    behind = np.append(total[1:], 0.0)[last_of_row]
    counts = np.diff(np.append(-1, last_of_row))
    rest: Floats = np.sqrt(np.maximum(total - np.repeat(behind, counts), 0.0)).astype(np.float32)
    return rest
