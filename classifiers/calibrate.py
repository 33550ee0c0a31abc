"""From margins to probabilities (Platt scaling), fitted on a slice the model has not seen.

    probability = sigmoid(slope × margin + trust × rules + offset)

Two numbers and an offset are stored, nothing else. Slopes never come out negative: more evidence is never less.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_KEPT: Final = 0.6
"""Share of the log-odds that is kept on texts from elsewhere (measured between two collections of posts)."""


@dataclass(frozen=True)
class Head:
    """The three numbers."""

    slope: float
    trust: float
    offset: float


def fit(
    margins: Floats, rules: Floats | None, truth: NDArray[np.int64], weight: Floats | None = None
) -> Head:
    """Fit by Newton's method with a small ridge; `rules` None leaves the rules out (trust 0)."""
    used = [margins] if rules is None else [margins, rules]
    beta = _newton(np.column_stack([*used, np.ones_like(margins)]), truth.astype(np.float64), weight)
    if rules is not None and beta[1] < 0:
        return fit(margins, None, truth, weight)
    slope = max(float(beta[0]), 0.0)
    return Head(slope, 0.0 if rules is None else float(beta[1]), float(beta[-1]))


def cautious(head: Head, truth: NDArray[np.int64]) -> Head:
    """The head with all it says moved towards the share of positives in `truth`.

    For texts from elsewhere the evidence is worth less than the slice it was fitted on promises.
    """
    share = float(np.clip(truth.mean(), 0.01, 0.99))
    usual = float(np.log(share / (1 - share)))
    return Head(_KEPT * head.slope, _KEPT * head.trust, _KEPT * head.offset + (1 - _KEPT) * usual)


def _newton(x: Floats, y: Floats, weight: Floats | None) -> Floats:
    # Platt's targets: never exactly 0 or 1, so separable slices stay finite.
    ones = y.sum()
    target = np.where(y > 0, (ones + 1) / (ones + 2), 1 / (len(y) - ones + 2))
    w = np.ones_like(y) if weight is None else weight
    beta = np.zeros(x.shape[1])
    ridge = np.diag([1e-3] * (x.shape[1] - 1) + [1e-6])
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(x @ beta, -30, 30)))
        gradient = x.T @ (w * (p - target)) + ridge @ beta
        hessian = (x * (w * p * (1 - p))[:, None]).T @ x + ridge
        step = np.linalg.solve(hessian, gradient)
        beta -= np.clip(step, -5, 5)
        if np.abs(step).max() < 1e-10:
            break
    return beta
