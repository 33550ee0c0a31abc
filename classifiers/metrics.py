"""Figures about answers: counts, rates, ranking quality, calibration. Pure arithmetic on arrays.

`truth` is 0 or 1, `score` a probability, `flag` the yes/no at the model's threshold. A rate of nothing is 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Truth = Sequence[int] | NDArray[np.int64]
Scores = Sequence[float] | NDArray[np.float64]


@dataclass(frozen=True)
class Counts:
    """How often flag and truth agree."""

    true_positive: int
    false_positive: int
    false_negative: int
    true_negative: int

    @property
    def precision(self) -> float:
        """Share of flags that are right."""
        return _rate(self.true_positive, self.true_positive + self.false_positive)

    @property
    def recall(self) -> float:
        """Share of the positives that are flagged."""
        return _rate(self.true_positive, self.true_positive + self.false_negative)

    @property
    def false_alarms(self) -> float:
        """Share of the negatives that are flagged."""
        return _rate(self.false_positive, self.false_positive + self.true_negative)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall of the positives."""
        return _f1(self.true_positive, self.false_positive, self.false_negative)

    @property
    def macro_f1(self) -> float:
        """Mean of the F1 of the positives and the F1 of the negatives."""
        return (self.f1 + _f1(self.true_negative, self.false_negative, self.false_positive)) / 2


def count(truth: Truth, flag: Sequence[bool] | NDArray[np.bool_]) -> Counts:
    """Count agreement of two equally long sequences."""
    true, said = np.asarray(truth, bool), np.asarray(flag, bool)
    return Counts(
        int((true & said).sum()),
        int((~true & said).sum()),
        int((true & ~said).sum()),
        int((~true & ~said).sum()),
    )


def average_precision(truth: Truth, score: Scores) -> float:
    """Area under the precision-recall curve by steps; equal scores count together. 0 without positives."""
    true, scores = np.asarray(truth, bool), np.asarray(score, np.float64)
    if not true.any():
        return 0.0
    order = np.argsort(-scores, kind="stable")
    true, scores = true[order], scores[order]
    ends = np.flatnonzero(np.append(np.diff(scores) != 0, True))
    found = np.cumsum(true)[ends]
    precision = found / (ends + 1)
    gained = np.diff(np.append(0, found)) / true.sum()
    return float((precision * gained).sum())


def roc_area(truth: Truth, score: Scores) -> float:
    """Probability that a positive scores above a negative (ties half). 0.5 without both classes."""
    true, scores = np.asarray(truth, bool), np.asarray(score, np.float64)
    positives, negatives = int(true.sum()), int((~true).sum())
    if not positives or not negatives:
        return 0.5
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    return float((ranks[true].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def reliability(truth: Truth, score: Scores, bins: int = 10) -> list[tuple[float, float, int]]:
    """(mean score, share of positives, number) of each non-empty equal-width bin: the reliability diagram."""
    true, scores = np.asarray(truth, np.float64), np.asarray(score, np.float64)
    which = np.minimum((scores * bins).astype(int), bins - 1)
    return [
        (float(scores[which == b].mean()), float(true[which == b].mean()), int((which == b).sum()))
        for b in range(bins)
        if (which == b).any()
    ]


def calibration_error(truth: Truth, score: Scores, bins: int = 10) -> float:
    """Expected calibration error: the mean gap of the reliability diagram, weighted by number."""
    rows = reliability(truth, score, bins)
    total = sum(n for _, _, n in rows)
    return sum(abs(said - was) * n for said, was, n in rows) / total if total else 0.0


def best_macro_f1(truth: Truth, score: Scores) -> float:
    """The threshold with the highest macro-F1; the middle between two neighbouring scores."""
    true, scores = np.asarray(truth, bool), np.asarray(score, np.float64)
    order = np.argsort(-scores, kind="stable")
    true, scores = true[order], scores[order]
    flagged = np.arange(1, len(true) + 1)
    tp = np.cumsum(true)
    fp, fn = flagged - tp, true.sum() - tp
    tn = (~true).sum() - fp
    macro = tp / np.maximum(2 * tp + fp + fn, 1) + tn / np.maximum(2 * tn + fp + fn, 1)
    macro[:-1][np.diff(scores) == 0] = -1.0  # no threshold can part equal scores
    best = int(np.argmax(macro))
    below = scores[best + 1] if best + 1 < len(scores) else 0.0
    return float((scores[best] + below) / 2)


def _rate(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _f1(tp: int, fp: int, fn: int) -> float:
    return _rate(2 * tp, 2 * tp + fp + fn)
