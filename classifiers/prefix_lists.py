"""The sorted lists of one segment of a prefix index: which rows can still reach the floor from this term on.

Immutable. Knows row numbers first…last of the index it belongs to and nothing of words. See `prefix.py` for the bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from classifiers.rows import Rows
from classifiers.vocabulary import Floats, Ids

Offsets = npt.NDArray[np.int64]
SLACK = 1e-6  # float32 sums: a text is not lost to rounding


@dataclass(frozen=True)
class Prefixes:
    """Of many texts the terms that may find something: rarest first, each with the length of its text from it on."""

    owner: Ids
    terms: Ids
    rest: Floats


def prefixes(rows: Rows, first: int, last: int, rarity: Floats, floor: float) -> Prefixes:
    """Those of rows first…last (exclusive)."""
    begin, end = int(rows.starts[first]), int(rows.starts[last])
    owner = np.repeat(np.arange(first, last, dtype=np.int32), np.diff(rows.starts[first : last + 1]))
    return prefixes_of(owner, rows.terms[begin:end], rows.weights[begin:end], rarity, floor)


def prefixes_of(owner: Ids, terms: Ids, weights: Floats, rarity: Floats, floor: float) -> Prefixes:
    """Those of texts given as one run: `owner` ascending, the weights of each text of length 1."""
    order = np.lexsort((terms, -rarity[terms], owner))  # each text's terms, rarest first
    terms, owner = terms[order], owner[order]
    rest = _lengths_from_here(weights[order], owner)
    kept = rest >= np.float32(floor - SLACK)
    return Prefixes(owner[kept], terms[kept], rest[kept])


class PrefixLists:
    """For each term the rows whose part from that term on has length ≥ floor, longest first."""

    def __init__(self, found: Prefixes, first: int, last: int) -> None:
        self.first, self.rows, self.last = first, last - first, last
        order = np.lexsort((found.owner, -found.rest, found.terms))
        self._owner: Ids = found.owner[order]
        self._shortness: Floats = -found.rest[order]
        self._terms, starts = np.unique(found.terms[order], return_index=True)
        self._starts = np.append(starts, len(order))

    def prefixes(self) -> Prefixes:
        """What the lists were made of, in another order."""
        return Prefixes(self._owner, np.repeat(self._terms, np.diff(self._starts)), -self._shortness)

    def reach(self, ids: Ids, rest: Floats, floor: float) -> Ids:
        """Rows, repeats included, that may have cosine ≥ floor with a query of these terms (rarest first) whose
        part from each term on has length `rest`."""
        places = np.searchsorted(self._terms, ids)
        pieces: list[Ids] = []
        for place, term, length in zip(places.tolist(), ids.tolist(), rest.tolist(), strict=True):
            if length < floor - SLACK:
                break  # the rest of the query is too short to reach the floor with anything
            if place == len(self._terms) or self._terms[place] != term:
                continue
            begin, end = self._starts[place], self._starts[place + 1]
            needed = -(floor - SLACK) / length
            stop = begin + np.searchsorted(self._shortness[begin:end], needed, side="right")
            pieces.append(self._owner[begin:stop])
        return np.concatenate(pieces) if pieces else np.empty(0, np.int32)

    def spans(self, asked: Prefixes, floor: float) -> tuple[Offsets, Offsets]:
        """For every term of many queries where the rows begin that it may find, and how many they are."""
        if not len(self._terms):
            nothing = np.zeros(len(asked.terms), np.int64)
            return nothing, nothing
        place = np.minimum(np.searchsorted(self._terms, asked.terms), len(self._terms) - 1)
        known = self._terms[place] == asked.terms
        begin = self._starts[place]
        needed = (-(floor - SLACK) / asked.rest.astype(np.float64)).astype(np.float32)
        stop = _last_within(self._shortness, begin, np.where(known, self._starts[place + 1], begin), needed)
        return begin, stop - begin

    def rows_at(self, begins: Offsets, counts: Offsets) -> Ids:
        """The rows of these spans, one span after the other."""
        return self._owner[runs(begins, counts)]


def merged(lists: Sequence[PrefixLists]) -> PrefixLists:
    """One segment of several that follow one another."""
    parts = [one.prefixes() for one in lists]
    found = Prefixes(
        np.concatenate([part.owner for part in parts]),
        np.concatenate([part.terms for part in parts]),
        np.concatenate([part.rest for part in parts]),
    )
    return PrefixLists(found, lists[0].first, lists[-1].last)


def runs(begins: Offsets, counts: Offsets) -> Offsets:
    """begin, begin + 1 … of every run, one after the other."""
    ends = np.cumsum(counts)
    where = np.arange(int(ends[-1]) if len(ends) else 0, dtype=np.int64)
    where += np.repeat(begins - (ends - counts), counts)
    return where


def _last_within(values: Floats, low: Offsets, high: Offsets, limits: Floats) -> Offsets:
    """In many ascending stretches low…high of `values` at once: behind the last value ≤ its limit."""
    low, high = low.copy(), high.copy()
    while (open_ := np.flatnonzero(low < high)).size:
        middle = (low[open_] + high[open_]) >> 1
        within = values[middle] <= limits[open_]
        low[open_[within]] = middle[within] + 1
        high[open_[~within]] = middle[~within]
    return low


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
