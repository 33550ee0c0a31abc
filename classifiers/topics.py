"""The written rules for topics and audiences: which words a text has of each.

Several topics an item; `other` where none is found. Does not judge importance.
"""

from __future__ import annotations

from classifiers import lexicon


def evidence(text: str) -> dict[str, float]:
    """Topic → weight of its words in a normalised text; a repeated word counts once."""
    totals: dict[str, float] = {}
    seen: set[str] = set()
    for hit in lexicon.load("topics").find(text):
        if hit.weight and hit.term not in seen:
            seen.add(hit.term)
            totals[hit.kind] = totals.get(hit.kind, 0.0) + hit.weight
    return totals


def audiences(text: str) -> tuple[str, ...]:
    """Whom a text concerns, best first; `general` where nobody in particular is named."""
    totals: dict[str, float] = {}
    for hit in lexicon.load("audiences").find(text):
        totals[hit.kind] = totals.get(hit.kind, 0.0) + hit.weight
    ranked = sorted(totals, key=lambda kind: (-totals[kind], kind))
    return tuple(ranked[:3]) or ("general",)
