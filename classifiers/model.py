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
from itertools import repeat
from typing import Final

import numpy as np
from numpy.typing import NDArray

from classifiers import features
from classifiers.reasons import phrases

Floats = NDArray[np.float64]

_UNKNOWN: Final = -1
_ROUNDING: Final = 1e-6
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

    def margin(self, probability: float, rules: float = 0.0) -> float:
        """The raw margin from which on the calibrated probability is reached; infinite where no margin says so."""
        room = logit(probability) - self.trust * rules - self.offset
        return room / self.slope if self.slope > 0 else math.inf


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
    """One vocabulary and its columns. `weights` is features × columns with idf folded in.

    A text's sum is divided by its length, as TF-IDF does; where every idf is 0, it is not.
    """

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
        rows = list(map(self.index.get, found, repeat(_UNKNOWN)))
        different = sorted(set(rows))
        if different and different[0] == _UNKNOWN:
            del different[0]
        if not different:
            return self.bias
        at = np.array(different, np.intp)
        squares, weights = self.squares.take(at), self.weights.take(at, axis=0)
        # Few texts are so short that nothing comes twice; in those, counting may be spared.
        if len(different) < len(rows) - rows.count(_UNKNOWN):
            counts = Counter(rows)
            frequency = damped(np.array([counts[row] for row in different], np.intp))
            squares, weights = frequency * frequency * squares, frequency[:, None] * weights
        # Not np.sum: what stands first is added first, as in a sparse product.
        length = math.sqrt(np.add.accumulate(squares)[-1])
        total: Floats = np.add.reduce(weights, axis=0)
        return (total / length if length else total) + self.bias

    @cached_property
    def by_length(self) -> bool:
        """Whether sums are divided by the length of the text."""
        return bool(self.idf.any())

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
        length = math.sqrt(float(frequency * frequency @ self.squares.take(parts.different))) or 1.0
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


@dataclass(frozen=True, slots=True)
class Question:
    """A column and where it stands: number `at` of the space `space`."""

    space: int
    at: int
    column: Column


@dataclass(frozen=True, eq=False)
class Panel:
    """The columns of one task that has labels: each with its number in the space `space`."""

    space: int
    columns: tuple[tuple[int, Column], ...]

    def chances(self, margins: Sequence[Sequence[float]]) -> dict[str, float]:
        """The calibrated probability of each label, from the margins of all spaces."""
        own = margins[self.space]
        return {column.label: column.probability(own[at]) for at, column in self.columns}

    def said(self, margins: Sequence[Sequence[float]], rules: Mapping[str, float]) -> list[tuple[str, float]]:
        """The labels from their thresholds on, with their probabilities; `rules` is what the rules give each."""
        own = margins[self.space]
        return [
            (column.label, chance)
            for at, least, column in self._least
            if own[at] >= least or column.label in rules
            if (chance := column.probability(own[at], rules.get(column.label, 0.0))) >= column.threshold
        ]

    @cached_property
    def _least(self) -> tuple[tuple[int, float, Column], ...]:
        """The margin below which a column says no, whatever rounding does, unless the rules say something."""
        return tuple(
            (
                at,
                (logit(one.threshold) - one.offset) / one.slope - _ROUNDING if one.slope > 0 else -math.inf,
                one,
            )
            for at, one in self.columns
        )


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
    def questions(self) -> dict[tuple[str, str], Question]:
        """(task, label) → its column and where it stands."""
        return {
            (task, label): Question(space, at, self.spaces[space].columns[at])
            for (task, label), (space, at) in self.places.items()
        }

    @cached_property
    def panels(self) -> dict[str, Panel]:
        """The columns of each task that has labels."""
        found: dict[str, Panel] = {}
        for number, space in enumerate(self.spaces):
            for task in dict.fromkeys(column.task for column in space.columns if column.label):
                found[task] = Panel(
                    number,
                    tuple(
                        (at, one) for at, one in enumerate(space.columns) if one.task == task and one.label
                    ),
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


def logit(probability: float) -> float:
    """The log-odds of a probability; infinite at both ends and beyond."""
    if 0.0 < probability < 1.0:
        return math.log(probability / (1.0 - probability))
    return math.inf if probability >= 1.0 else -math.inf


def sigmoid(x: float) -> float:
    """The logistic function, safe at both ends."""
    return 1.0 / (1.0 + math.exp(-x)) if x > -700 else 0.0
