"""Has what comes in moved away from what the model knows? Figures, no verdict on anybody.

    scores then, scores now  → population stability index (PSI): below 0.1 calm, above 0.25 look at it
    texts then, texts now    → share of unknown words, and the words that rose most

Pure; the caller chooses the two periods and keeps the figures.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from classifiers import tokens
from classifiers.text import normalise

CALM: Final = 0.1
ALARMING: Final = 0.25
_BINS: Final = 10
_FLOOR: Final = 1e-4
_MIN_COUNT: Final = 3


@dataclass(frozen=True)
class Rising:
    """A word and how often it came in either period, a thousand texts."""

    word: str
    before: float
    now: float


@dataclass(frozen=True)
class Drift:
    """Movement between two periods; `verdict` is calm, moving or alarming by the score index."""

    score_index: float
    flags_before: float
    flags_now: float
    unknown_before: float
    unknown_now: float
    rising: tuple[Rising, ...]

    @property
    def verdict(self) -> str:
        """One word for the desk."""
        if self.score_index >= ALARMING:
            return "alarming"
        return "moving" if self.score_index >= CALM else "calm"


def stability_index(before: Sequence[float], now: Sequence[float]) -> float:
    """PSI of two samples of scores over the deciles of `before`. 0 where either is empty."""
    if not before or not now:
        return 0.0
    edges = np.unique(np.quantile(before, np.linspace(0, 1, _BINS + 1)[1:-1]))
    shares = [
        np.maximum(
            np.bincount(np.searchsorted(edges, sample), minlength=len(edges) + 1) / len(sample), _FLOOR
        )
        for sample in (before, now)
    ]
    return float(((shares[1] - shares[0]) * np.log(shares[1] / shares[0])).sum())


def compare(
    before: Sequence[tuple[str, float]],
    now: Sequence[tuple[str, float]],
    known: Iterable[str],
    threshold: float,
    top: int = 10,
) -> Drift:
    """Compare two periods of (text, score); `known` are the words the model has."""
    vocabulary = frozenset(known)
    old, new = _words(text for text, _ in before), _words(text for text, _ in now)
    return Drift(
        score_index=stability_index([score for _, score in before], [score for _, score in now]),
        flags_before=_share(before, threshold),
        flags_now=_share(now, threshold),
        unknown_before=_unknown(old, vocabulary),
        unknown_now=_unknown(new, vocabulary),
        rising=_rising(old, len(before), new, len(now), top),
    )


def _words(texts: Iterable[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for text in texts:
        found.update({word for word in tokens.words(normalise(text)) if len(word) > 1})
    return found


def _share(sample: Sequence[tuple[str, float]], threshold: float) -> float:
    return sum(score >= threshold for _, score in sample) / len(sample) if sample else 0.0


def _unknown(counted: Counter[str], vocabulary: frozenset[str]) -> float:
    total = counted.total()
    return sum(n for word, n in counted.items() if word not in vocabulary) / total if total else 0.0


def _rising(old: Counter[str], before: int, new: Counter[str], now: int, top: int) -> tuple[Rising, ...]:
    """Words by log-likelihood ratio of their rise; those seen fewer than three times now are left out."""
    rated: list[tuple[float, str]] = []
    for word, n in new.items():
        expected = (n + old[word]) * now / (before + now) if before + now else 0.0
        if n >= _MIN_COUNT and n > expected:
            rated.append((2 * n * math.log(n / expected), word))
    rated.sort(key=lambda pair: (-pair[0], pair[1]))
    return tuple(
        Rising(word, 1000 * old[word] / before if before else 0.0, 1000 * new[word] / now)
        for _, word in rated[:top]
    )
