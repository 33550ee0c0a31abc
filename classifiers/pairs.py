"""Do two claims say the same? Numbers about a pair, and a calibrated decision over them.

    View, View
    | compare    → Comparison: shared words, and what differs (number, date, place, negation)
    | features   → one number for each name in FEATURES, most of them between 0 and 1
    | PairModel  → probability

The usual false link is the same story about another city, number or food: its words agree but the rarest do not, so
the features ask what is missing on either side, not only what is shared. Does not search and does not look at verdicts.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from importlib import resources
from typing import Final

from classifiers.background import rarity
from classifiers.claim_view import View
from classifiers.places import apart

FEATURES: Final = (
    "cosine",
    "covers_query",
    "covers_claim",
    "letters",
    "letters_inside",
    "rarest_missing_query",
    "rarest_missing_claim",
    "both_sides_missing",
    "order",
    "covers_both",
    "swapped",
    "only_swapped",
    "opposed",
    "place_differs",
    "place_missing",
    "number_differs",
    "number_missing",
    "date_differs",
    "denial_differs",
    "body_covers",
    "length_gap",
    "bm25_share",
    "one_word",
    "asks_how",
)
_REASONS: Final = 4
_SENTENCE: Final = 2  # equal words that make the rest of a sentence
_RAREST: Final = 13.0  # about the rarity of a word never seen in the background
_OPPOSED: Final = tuple(
    map(frozenset, ("东南西北中", "早晚", "男女", "小初高大", "高中", "上下", "左右", "前后"))
)
_HOW: Final = re.compile(r"怎么|怎样|如何|多少|多久|哪个|哪里|哪些|哪儿|几点|何时|什么时候")


@dataclass(frozen=True)
class Comparison:
    """What two claims share and where they part."""

    shared: tuple[str, ...]
    differs: tuple[str, ...]
    features: Mapping[str, float]


@dataclass(frozen=True)
class PairModel:
    """A logistic model with a threshold; stored as plain numbers."""

    bias: float
    weights: Mapping[str, float]
    threshold: float

    def probability(self, features: Mapping[str, float]) -> float:
        """Chance that it is the same claim. A feature that the model does not know counts nothing."""
        score = self.bias + sum(weight * features[name] for name, weight in self.weights.items())
        return 1.0 / (1.0 + math.exp(-max(-40.0, min(40.0, score))))

    def to_json(self) -> str:
        """The model as the packaged file holds it."""
        weights = {name: round(value, 6) for name, value in self.weights.items()}
        content = {"bias": round(self.bias, 6), "threshold": round(self.threshold, 4), "weights": weights}
        return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> PairModel:
        """Reverse of `to_json`. Raises ValueError, KeyError or TypeError on anything else."""
        content = json.loads(text)
        weights = {str(name): float(value) for name, value in content["weights"].items()}
        unknown = weights.keys() - set(FEATURES)
        if unknown:
            raise ValueError(f"unknown features: {sorted(unknown)}")
        return cls(float(content["bias"]), weights, float(content["threshold"]))


@cache
def shipped_pair_model() -> PairModel:
    """The packaged model, fitted on `sentences/claim_pairs.tsv`."""
    return PairModel.from_json(
        (resources.files("classifiers") / "data" / "pair_model.json").read_text("utf-8")
    )


def compare(query: View, claim: View, body: Set[str] = frozenset(), bm25_share: float = 0.0) -> Comparison:
    """Set two claims side by side.

    `body` holds words of the claim's rebuttal, which may name what its line does not; `bm25_share` is the claim's
    BM25 score as a share of all the weight in the query, from the index that found it.
    """
    mine, theirs = ({word: rarity(word) for word in one.words} for one in (query, claim))
    common = mine.keys() & theirs.keys()
    numbers = _words_and_letters(query, claim, mine, theirs, common, body)
    facts, differs = _facts(query, claim)
    shared = sorted(common, key=lambda word: (-mine[word], word))[:_REASONS]
    return Comparison(tuple(shared), differs, {**numbers, **facts, "bm25_share": bm25_share})


def _words_and_letters(
    query: View,
    claim: View,
    mine: Mapping[str, float],
    theirs: Mapping[str, float],
    common: Set[str],
    body: Set[str],
) -> dict[str, float]:
    all_mine, all_theirs = sum(mine.values()) or 1.0, sum(theirs.values()) or 1.0
    square = sum(mine[word] ** 2 for word in common)
    norms = math.sqrt(sum(w * w for w in mine.values()) * sum(w * w for w in theirs.values())) or 1.0
    only_mine, only_theirs = mine.keys() - common, theirs.keys() - common
    missing_claim = {word: mine[word] * _unlike(word, claim.text) for word in only_mine}
    missing_query = {word: theirs[word] * _unlike(word, query.text) for word in only_theirs}
    pairs = len(query.pairs & claim.pairs)
    smaller = min(len(query.pairs), len(claim.pairs)) or 1
    covers_query = 1.0 - sum(missing_claim.values()) / all_mine
    covers_claim = 1.0 - sum(missing_query.values()) / all_theirs
    worst_query = max(missing_claim.values(), default=0.0) / _RAREST
    worst_claim = max(missing_query.values(), default=0.0) / _RAREST
    return {
        "cosine": square / norms,
        "covers_query": covers_query,
        "covers_claim": covers_claim,
        "letters": 2.0 * pairs / ((len(query.pairs) + len(claim.pairs)) or 1),
        "letters_inside": pairs / smaller,
        "rarest_missing_query": worst_query,
        "rarest_missing_claim": worst_claim,
        "both_sides_missing": min(worst_query, worst_claim),
        "order": _in_order(query.words, claim.words),
        "covers_both": math.sqrt(max(0.0, covers_query * covers_claim)),
        **_swaps(query.words, claim.words),
        "body_covers": sum(w for word, w in missing_claim.items() if word in body) / all_mine,
        "length_gap": abs(math.log((len(query.words) + 1) / (len(claim.words) + 1))),
        "one_word": float(len(mine) < 2 <= len(theirs)),
        "asks_how": float(bool(_HOW.search(query.text)) > bool(_HOW.search(claim.text))),
    }


def _unlike(word: str, text: str) -> float:
    """How much of a word the other text lacks: 饮酒 against 喝酒 lacks half."""
    return sum(letter not in text for letter in word) / len(word)


def _in_order(first: tuple[str, ...], second: tuple[str, ...]) -> float:
    """Longest common run of words in the same order, as a share of the shorter text."""
    if not first or not second:
        return 0.0
    row = [0] * (len(second) + 1)
    for word in first[:60]:
        diagonal = 0
        for at, other in enumerate(second[:60], start=1):
            diagonal, row[at] = row[at], diagonal + 1 if word == other else max(row[at], row[at - 1])
    return row[min(60, len(second))] / min(len(first), len(second), 60)


def _swaps(first: tuple[str, ...], second: tuple[str, ...]) -> dict[str, float]:
    """Words put in the place of others in an otherwise equal sentence: 红旗水库 for 青山水库, 城南 for 城北 is another claim."""
    steps = SequenceMatcher(None, first[:60], second[:60], autojunk=False).get_opcodes()
    swapped = opposed = 0.0
    others = 0
    for kind, a, b, c, d in steps:
        left, right = _apart("".join(first[a:b]), "".join(second[c:d]))
        if left and right and not set(left) & set(right):
            swapped += 1.0 / (1 + abs(len(left) - len(right)))
            opposed = max(opposed, float(any({left, right} <= group for group in _OPPOSED)))
        elif kind != "equal":
            others += 1
    equal = sum(b - a for kind, a, b, _, _ in steps if kind == "equal")
    only = float(swapped > 0 and others == 0 and equal >= _SENTENCE)
    return {"swapped": swapped, "only_swapped": only, "opposed": opposed}


def _apart(left: str, right: str) -> tuple[str, str]:
    """Two strings without what they begin and end alike with."""
    left, right = _without_beginning(left, right)
    back, forth = _without_beginning(left[::-1], right[::-1])
    return back[::-1], forth[::-1]


def _without_beginning(left: str, right: str) -> tuple[str, str]:
    alike = 0
    while alike < min(len(left), len(right)) and left[alike] == right[alike]:
        alike += 1
    return left[alike:], right[alike:]


def _facts(query: View, claim: View) -> tuple[dict[str, float], tuple[str, ...]]:
    """Numbers, dates, places and negation: where both speak and disagree, and where one is silent."""
    found: dict[str, float] = {}
    differs: list[str] = []
    for name, label, ours, theirs in (
        ("place", "地点", query.places, claim.places),
        ("number", "数字", query.numbers, claim.numbers),
        ("date", "日期", query.dates, claim.dates),
    ):
        conflict = apart(ours, theirs) if name == "place" else bool(ours and theirs and not ours & theirs)
        found[f"{name}_differs"] = float(conflict)
        if name != "date":  # a forward drops its date as often as not
            found[f"{name}_missing"] = float(bool(ours) != bool(theirs))
        if conflict:
            differs.append(f"{label}: {'、'.join(sorted(ours)[:2])} / {'、'.join(sorted(theirs)[:2])}")
    found["denial_differs"] = float((query.denials > 0) != (claim.denials > 0))
    if found["denial_differs"]:
        differs.append("一说否定")
    return found, tuple(differs)
