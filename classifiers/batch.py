"""The margins of many texts in one step: one sparse matrix of their features, one product.

The sums are made in the order in which `Space.margins` makes them for one text, so the numbers are the same.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from classifiers.model import Floats, Parts, Space, damped
from classifiers.run import Found, Numbered, Run
from classifiers.told_words import Phrases, Spread, Telling, phrases_of, spread

_INT32: Final = 2**31 - 1
_WORTH_IT: Final = 8
"""So many texts are asked for their reasons together; fewer are asked one by one."""


@dataclass(frozen=True, eq=False)
class Counted:
    """The different features of every text, text after text: row, how often, 1 + log of it; where each text begins."""

    rows: NDArray[np.int32]
    counts: NDArray[np.intp]
    frequency: Floats
    starts: NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Batch:
    """One run of plain texts as one space sees it."""

    run: Run
    found: Found
    space: Space

    @cached_property
    def margins(self) -> Floats:
        """Texts × columns."""
        counted, shape = self.counted, (self.run.size, len(self.space.terms))
        frequency, rows, starts = counted.frequency, counted.rows, counted.starts
        total: Floats = csr_matrix((frequency, rows, starts), shape=shape, copy=False) @ self.space.weights
        if not self.space.by_length:
            return total + self.space.bias
        squares: Floats = (
            csr_matrix((frequency * frequency, rows, starts), shape=shape, copy=False) @ self.space.squares
        )
        some = squares > 0
        total[some] /= np.sqrt(squares[some])[:, None]
        return total + self.space.bias

    def parts(self, text: int) -> Parts:
        """What `Space.parts` finds in one of the texts."""
        run, found = self.run, self.found
        some = slice(found.word_starts[text], found.word_starts[text + 1] - 1)
        words = run.words[some]
        edges = np.cumsum([0, *map(len, words), 0])
        edges[-1] = edges[-2]
        first, last = int(run.starts[text]), int(run.starts[text + 1]) - 1
        places = np.arange(last - first)
        rows = [np.column_stack((found.singles[some], found.couples[some])).ravel()]
        starts, ends = [np.repeat(edges[:-2], 2)], [np.column_stack((edges[1:-1], edges[2:])).ravel()]
        for size, every in ((1, found.ones), (2, found.twos), (3, found.threes)):
            if not len(every):
                continue
            here = places[: max(0, len(places) - size + 1)]
            rows.append(every[first : first + len(here)])
            starts.append(here)
            ends.append(here + size)
        known = np.concatenate(rows)
        some_rows = np.flatnonzero(known >= 0)
        return Parts(
            words,
            known.take(some_rows).astype(np.intp),
            np.concatenate(starts).take(some_rows),
            np.concatenate(ends).take(some_rows),
        )

    @cached_property
    def counted(self) -> Counted:
        """Every feature of every text."""
        run, found, terms = self.run, self.found, len(self.space.terms)
        kind = np.int32 if run.size * terms < _INT32 else np.int64
        parts = (
            (found.singles, found.text_of_word),
            (found.couples, found.text_of_word),
            (found.ones, run.text_of_code),
            (found.twos, run.text_of_group),
            (found.threes, run.text_of_group),
        )
        keys = np.concatenate([_keys(rows, text, terms, kind) for rows, text in parts])
        keys.sort()
        first = np.flatnonzero(np.diff(keys, prepend=-1))
        counts = np.diff(first, append=len(keys))
        different = keys[first]
        starts = np.searchsorted(different, np.arange(run.size + 1, dtype=kind) * terms).astype(np.int32)
        texts = np.repeat(np.arange(run.size, dtype=kind), np.diff(starts))
        rows = (different - texts * terms).astype(np.int32)
        return Counted(rows, counts, damped(counts), starts)

    def telling(self, column: int, least: float) -> Telling | None:
        """What speaks for a column's score in the texts whose margin reaches `least`; None where they are few."""
        if column not in self._tellings:
            self._tellings[column] = self._told(column, least)
        return self._tellings[column]

    def _told(self, column: int, least: float) -> Telling | None:
        texts = np.flatnonzero(self.margins[:, column] >= least)
        if len(texts) < _WORTH_IT:
            return None
        counted, space, features = self.counted, self.space, self._spread
        lengths = np.ones(self.run.size)
        lengths[texts] = [self._length(text) for text in texts.tolist()]
        weights = counted.frequency / counted.counts * space.weights[counted.rows, column]
        weights /= np.repeat(lengths, np.diff(counted.starts))
        slope = space.columns[column].slope
        return Telling(texts, features, weights.take(self._which), slope, self._phrases)

    def _length(self, text: int) -> float:
        """As `Space.shares` has it."""
        some = slice(self.counted.starts[text], self.counted.starts[text + 1])
        return math.sqrt(float(self._damped_squares[some] @ self._squares[some])) or 1.0

    @cached_property
    def _tellings(self) -> dict[int, Telling | None]:
        return {}

    @cached_property
    def _damped_squares(self) -> Floats:
        return self.counted.frequency * self.counted.frequency

    @cached_property
    def _squares(self) -> Floats:
        return self.space.squares.take(self.counted.rows)

    @cached_property
    def _spread(self) -> Spread:
        return spread(self.run, self.found)

    @cached_property
    def _which(self) -> NDArray[np.intp]:
        """Which of the counted ones each feature is."""
        counted, terms = self.counted, len(self.space.terms)
        different = np.repeat(np.arange(self.run.size), np.diff(counted.starts)) * terms + counted.rows
        return np.searchsorted(different, self._spread.texts * terms + self._spread.rows)

    @cached_property
    def _phrases(self) -> Phrases:
        return phrases_of(self.run, self.found)


def _keys(
    rows: NDArray[np.int32], texts: NDArray[np.int64], terms: int, kind: type[np.signedinteger]
) -> NDArray[np.signedinteger]:
    """Text and row as one number, for the features that have a row."""
    known = np.flatnonzero(rows >= 0)
    keys: NDArray[np.signedinteger] = texts.take(known).astype(kind) * terms + rows.take(known)
    return keys


def read(run: Run, numbered: Numbered, space: Space) -> Batch:
    """A run in one space. `numbered` is that space's vocabulary."""
    return Batch(run, numbered.find(run), space)
