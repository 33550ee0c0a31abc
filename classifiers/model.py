"""Linear models, folded for serving.

A `Space` is one vocabulary with the inverse document frequencies multiplied into the weights once, so that a text costs
one dictionary look-up a feature and one sum. A `Column` is one yes/no question in a space, with its calibration and
threshold. The numbers equal scikit-learn's TfidfVectorizer(sublinear_tf) + LogisticRegression (a test holds 1e-12).
Does not read files and does not train.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from typing import Final

import numpy as np
from numpy.typing import NDArray

from classifiers import features
from classifiers.reasons import phrases

Floats = NDArray[np.float64]

_DAMPED: Final = 1.0 + np.log(np.arange(1, 2_049, dtype=np.float64))


@dataclass(frozen=True)
class Column:
    """One question: `task` (rumor, debunk, emergency, hazard, topics) and `label` (a code, or empty for yes/no).

    The probability is sigmoid(slope × margin + trust × rules + offset), where `rules` is what the written rules
    give in log-odds; `threshold` is on that probability.
    """

    task: str
    label: str
    slope: float = 1.0
    trust: float = 0.0
    offset: float = 0.0
    threshold: float = 0.5

    def probability(self, margin: float, rules: float = 0.0) -> float:
        """The calibrated probability of a raw margin and the rules' log-odds."""
        return sigmoid(self.slope * margin + self.trust * rules + self.offset)


@dataclass(frozen=True, eq=False)
class Parts:
    """A text's words, and its known features one by one: row, and the characters from `starts` to `ends` it covers."""

    words: Sequence[str]
    rows: NDArray[np.intp]
    starts: NDArray[np.intp]
    ends: NDArray[np.intp]

    @cached_property
    def phrases(self) -> list[str]:
        """The words as they are told."""
        return phrases(self.words)

    @cached_property
    def different(self) -> NDArray[np.intp]:
        """The rows, each once."""
        return self._once[0]

    @cached_property
    def inverse(self) -> NDArray[np.intp]:
        """Which of `different` each feature is."""
        return self._once[1]

    @cached_property
    def counts(self) -> NDArray[np.intp]:
        """How often each of `different` occurs."""
        return self._once[2]

    @cached_property
    def _once(self) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
        return np.unique(self.rows, return_inverse=True, return_counts=True)


@dataclass(frozen=True, eq=False)
class Space:
    """One vocabulary and its columns. `weights` is features × columns with idf folded in."""

    terms: tuple[str, ...]
    idf: Floats
    weights: Floats
    bias: Floats
    columns: tuple[Column, ...]

    @cached_property
    def index(self) -> dict[str, int]:
        """Feature → row."""
        return {term: row for row, term in enumerate(self.terms)}

    @cached_property
    def squares(self) -> Floats:
        """The square of each row's inverse document frequency."""
        return self.idf * self.idf

    def margins(self, found: Sequence[str]) -> Floats:
        """The raw margin of every column for one text's features.

        Rows are added up in their order, one after the other, as `batch` does it: the same numbers to the last bit.
        """
        rows = np.fromiter(map(self.index.get, found, repeat(-1)), np.intp, len(found))
        rows.sort()
        rows = rows[rows.searchsorted(0) :]
        if not len(rows):
            return self.bias
        # Plain slices: np.diff and np.unique cost more than everything else here together.
        others = (rows[1:] != rows[:-1]).nonzero()[0]
        bounds = np.empty(len(others) + 2, np.intp)
        bounds[0], bounds[1:-1], bounds[-1] = 0, others + 1, len(rows)
        frequency = damped(bounds[1:] - bounds[:-1])
        rows = rows.take(bounds[:-1])
        length = math.sqrt(np.add.accumulate(frequency * frequency * self.squares.take(rows))[-1])
        total: Floats = np.add.reduce(frequency[:, None] * self.weights.take(rows, axis=0), axis=0)
        return total / length + self.bias

    def contributions(self, text: str, column: int) -> list[tuple[str, float]]:
        """What each word of the plain `text` adds to a column's margin, largest first.

        A character group's share goes to the words it covers, by characters; all shares and the bias add up to the
        margin. Single characters side by side (网 传) count as one word: alone they say nothing to a reader.
        """
        return sorted(self.shares(self.parts(text), column).items(), key=lambda pair: (-pair[1], pair[0]))

    def parts(self, text: str) -> Parts:
        """The features of the plain `text` that have a row, with the characters each covers."""
        words, spans = features.spans(text)
        index = self.index
        found = [(row, start, end) for term, start, end in spans if (row := index.get(term)) is not None]
        rows, starts, ends = np.array(found, np.intp).reshape(-1, 3).T
        return Parts(words, rows, starts, ends)

    def shares(self, parts: Parts, column: int) -> dict[str, float]:
        """Each phrase of a text with what it adds to a column's margin."""
        if not len(parts.rows):
            return {}
        frequency = damped(parts.counts)
        length = math.sqrt(float(frequency * frequency @ self.squares.take(parts.different)))
        weights = frequency / parts.counts * self.weights[parts.different, column] / length
        shares = weights.take(parts.inverse) / (parts.ends - parts.starts)
        room = sum(map(len, parts.words)) + 1
        slope = np.bincount(parts.starts, shares, room) - np.bincount(parts.ends, shares, room)
        up_to = np.concatenate([[0.0], np.cumsum(np.cumsum(slope))]).tolist()
        totals: dict[str, float] = {}
        start = 0
        for word in parts.phrases:
            end = start + len(word)
            totals[word] = totals.get(word, 0.0) + up_to[end] - up_to[start]
            start = end
        return totals


@dataclass(frozen=True, eq=False)
class Panel:
    """The columns of one task as arrays, so that twenty questions cost one step."""

    space: int
    rows: NDArray[np.intp]
    labels: tuple[str, ...]
    slope: Floats
    trust: Floats
    offset: Floats
    threshold: Floats

    def probabilities(self, margins: Sequence[Floats], rules: Sequence[Mapping[str, float]]) -> Floats:
        """Texts × labels: calibrated probabilities, from the margins of all spaces and the rules' log-odds of each text."""
        logits = self.slope * margins[self.space].take(self.rows, axis=1) + self.offset
        for at, said in enumerate(rules):
            if said:
                logits[at] += self.trust * np.array([said.get(label, 0.0) for label in self.labels])
        return np.asarray(1.0 / (1.0 + np.exp(-np.maximum(logits, -500.0))))


@dataclass(frozen=True, eq=False)
class Model:
    """Every space of a model folder and the name under which its scores are stored."""

    version: str
    spaces: tuple[Space, ...]
    card: Mapping[str, object]

    @cached_property
    def places(self) -> dict[tuple[str, str], tuple[int, int]]:
        """(task, label) → (space, column)."""
        return {
            (column.task, column.label): (number, place)
            for number, space in enumerate(self.spaces)
            for place, column in enumerate(space.columns)
        }

    @cached_property
    def panels(self) -> dict[str, Panel]:
        """The columns of each task that has labels, side by side."""
        found: dict[str, Panel] = {}
        for number, space in enumerate(self.spaces):
            for task in dict.fromkeys(column.task for column in space.columns if column.label):
                rows = [i for i, column in enumerate(space.columns) if column.task == task and column.label]
                columns = [space.columns[i] for i in rows]
                found[task] = Panel(
                    space=number,
                    rows=np.asarray(rows),
                    labels=tuple(column.label for column in columns),
                    slope=np.array([column.slope for column in columns]),
                    trust=np.array([column.trust for column in columns]),
                    offset=np.array([column.offset for column in columns]),
                    threshold=np.array([column.threshold for column in columns]),
                )
        return found

    def column(self, task: str, label: str = "") -> Column | None:
        """One question's calibration and threshold, or None when the model has no such task."""
        place = self.places.get((task, label))
        return None if place is None else self.spaces[place[0]].columns[place[1]]


def damped(counts: NDArray[np.intp]) -> Floats:
    """1 + log of each count (from 1 on): repeating a word is worth less each time."""
    try:
        return _DAMPED.take(counts - 1)
    except IndexError:  # more often than the table goes
        return np.asarray(1.0 + np.log(counts))


def sigmoid(x: float) -> float:
    """The logistic function, safe at both ends."""
    return 1.0 / (1.0 + math.exp(-x)) if x > -700 else 0.0
