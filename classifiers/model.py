"""Linear models, folded for serving.

A `Space` is one vocabulary with the inverse document frequencies multiplied into the weights once, so that a text costs
one dictionary look-up a feature and one sum. A `Column` is one yes/no question in a space, with its calibration and
threshold. The numbers equal scikit-learn's TfidfVectorizer(sublinear_tf) + LogisticRegression (a test holds 1e-12).
Does not read files and does not train.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from classifiers import features
from classifiers.reasons import phrases

Floats = NDArray[np.float64]


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
    def _squares(self) -> Floats:
        return self.idf * self.idf

    def margins(self, found: Sequence[str]) -> Floats:
        """The raw margin of every column for one text's features."""
        index = self.index
        counts = Counter([row for row in map(index.get, found) if row is not None])
        if not counts:
            return self.bias
        rows = np.fromiter(counts, np.intp, len(counts))
        frequency = np.fromiter(counts.values(), np.float64, len(counts))
        frequency = 1.0 + np.log(frequency)
        length = math.sqrt(float(frequency * frequency @ self._squares[rows]))
        total: Floats = frequency @ self.weights[rows]
        return total / length + self.bias

    def contributions(self, text: str, column: int) -> list[tuple[str, float]]:
        """What each word of the plain `text` adds to a column's margin, largest first.

        A character group's share goes to the words it covers, by characters; all shares and the bias add up to the
        margin. Single characters side by side (网 传) count as one word: alone they say nothing to a reader.
        """
        words, spans = features.spans(text)
        index = self.index
        found = [(row, start, end) for term, start, end in spans if (row := index.get(term)) is not None]
        if not found:
            return []
        rows, starts, ends = np.array(found, np.intp).T
        different, inverse, counts = np.unique(rows, return_inverse=True, return_counts=True)
        frequency = 1.0 + np.log(counts)
        length = math.sqrt(float(frequency * frequency @ self._squares[different]))
        shares = (frequency / counts * self.weights[different, column] / length)[inverse] / (ends - starts)
        slope = np.bincount(starts, shares, len(text) + 1) - np.bincount(ends, shares, len(text) + 1)
        by_character = np.cumsum(slope)
        up_to = np.concatenate([[0.0], np.cumsum(by_character)]).tolist()
        totals: dict[str, float] = {}
        start = 0
        for word in phrases(words):
            totals[word] = totals.get(word, 0.0) + up_to[start + len(word)] - up_to[start]
            start += len(word)
        return sorted(totals.items(), key=lambda pair: (-pair[1], pair[0]))


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

    def probabilities(self, margins: Sequence[Floats], rules: Mapping[str, float]) -> Floats:
        """The calibrated probability of every label, from the margins of all spaces."""
        logits = self.slope * margins[self.space][self.rows] + self.offset
        if rules:
            logits = logits + self.trust * np.array([rules.get(label, 0.0) for label in self.labels])
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -500.0, 500.0))))


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


def sigmoid(x: float) -> float:
    """The logistic function, safe at both ends."""
    return 1.0 / (1.0 + math.exp(-x)) if x > -700 else 0.0
