"""Which reasons are told, and in which words: few enough to be read, and such that a person recognises them.

    contributions of words and rules → one a phrase, strongest first

They are the true shares of the score (log-odds); nothing is invented and nothing rounded up. A word inside a longer
reason (地震 in 3.8级地震) counts with it, so that one thing is said once; what adds less than a tenth of the strongest
is left out; numbers alone (masked as 00), words that tell nothing by themselves (`plain_words`) and scraps are told only where
nothing else speaks for the score.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from classifiers.plain_words import is_plain
from classifiers.signals import Because

MOST: Final = 6
LEAST: Final = 0.05
"""In log-odds; less is no reason."""

_TAIL: Final = 0.1
LONGEST_RUN: Final = 3
"""Single characters side by side that are told as one word."""


def strongest(found: Iterable[tuple[str, float]]) -> tuple[Because, ...]:
    """The reasons (term, weight) that speak for the score, of at least two characters each; empty where nothing does."""
    totals: dict[str, float] = {}
    for term, weight in found:
        if len(term) > 1:
            totals[term] = totals.get(term, 0.0) + weight
    told = {term: weight for term, weight in totals.items() if weight > LEAST}
    worded = {term: weight for term, weight in told.items() if any(c.isalpha() for c in term)}
    joined = _joined(worded or told)
    telling = {term: weight for term, weight in joined.items() if not is_plain(term)}
    ranked = sorted((telling or joined).items(), key=lambda pair: (-pair[1], pair[0]))[:MOST]
    return tuple(Because(term, round(weight, 4)) for term, weight in ranked if weight >= _TAIL * ranked[0][1])


def phrases(words: Sequence[str]) -> list[str]:
    """The words of a text with neighbouring single characters put together, up to three; joined they are the same text."""
    found: list[str] = []
    run = ""
    for word in words:
        if len(word) == 1 and word.isalpha() and len(run) < LONGEST_RUN:
            run += word
            continue
        found += [run] if run else []
        run = word if len(word) == 1 and word.isalpha() else ""
        found += [] if run else [word]
    return [*found, run] if run else found


def _joined(told: dict[str, float]) -> dict[str, float]:
    """Each phrase with the weight of the words in it that are reasons of their own."""
    kept: dict[str, float] = {}
    for term in sorted(told, key=lambda one: (-len(one), one)):
        inside = next((longer for longer in kept if term in longer), term)
        kept[inside] = kept.get(inside, 0.0) + told[term]
    return kept
