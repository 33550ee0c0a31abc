"""Fit the pair model on claim pairs of our own writing.

    sentences/claim_pairs.tsv    group, role, text
    | pairs      each `same` and `near` line against the claims most like it, with the right answer
    | fit        logistic regression, judged on held-out groups
    | PairModel

Deterministic. Does not read files and does not use any other data.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from classifiers.claim_view import View, view
from classifiers.pairs import FEATURES, PairModel, compare

Numbers = npt.NDArray[np.float64]
ROLES: Final = ("claim", "same", "near")
_NEIGHBOURS: Final = 8
_ALIKE: Final = 1.0  # cosine + letters from which another group's line may by chance say the same
_FOLDS: Final = 5
_MORE_LIKELY: Final = 0.5  # a match is told when it is more likely than not
# Not to be had from pairs of single lines, so set by hand: words that only the answer's text has, and the share of the
# query's weight that BM25 finds in the claim, counted from an even `_EVEN_SHARE`.
# A text of a single word names a topic and claims nothing.
_BY_HAND: Final = {"body_covers": 1.0, "bm25_share": 6.0, "one_word": -8.0}
_EVEN_SHARE: Final = 0.35
# A link to another city's rebuttal is the costliest mistake, and our lines hold too few of them: added to what was fitted.
# 城南 for 城北 and a question how, how much, where for one whether it is true, likewise.
_STRICTER: Final = {
    "opposed": -6.0,
    "asks_how": -1.5,
    "place_differs": -7.0,
    "number_differs": -2.0,
    "date_differs": -3.5,
}


@dataclass(frozen=True)
class Line:
    """One line of the file."""

    group: int
    role: str
    text: str


def parse(lines: Iterable[str]) -> list[Line]:
    """Lines of the file; comments and the head line are skipped. Raises ValueError with the line's number."""
    parsed: list[Line] = []
    for number, raw in enumerate(lines, start=1):
        fields = raw.rstrip("\n").split("\t")
        if raw.startswith("#") or fields[0] in ("", "group"):
            continue
        if len(fields) != 3 or not fields[0].isdigit() or fields[1] not in ROLES or not fields[2]:
            raise ValueError(f"line {number}: want group, {'|'.join(ROLES)}, text")
        parsed.append(Line(int(fields[0]), fields[1], fields[2]))
    return parsed


@dataclass(frozen=True)
class Fitted:
    """A model, and how it did on groups that it had not seen: of the best claim for each query."""

    model: PairModel
    precision: float
    recall: float


def fit(lines: Sequence[Line]) -> Fitted:
    """Fit on all lines, judge by folds of whole groups. Raises ValueError when there are too few groups."""
    from sklearn.linear_model import LogisticRegression

    features, same, groups, queries = _pairs(lines)
    if len(set(groups.tolist())) < 2 * _FOLDS:
        raise ValueError(f"at least {2 * _FOLDS} groups are needed, not {len(set(groups.tolist()))}")
    held_out = np.zeros(len(same))
    for fold in range(_FOLDS):
        test = groups % _FOLDS == fold
        part = LogisticRegression(C=1.0, max_iter=5_000).fit(features[~test], same[~test])
        held_out[test] = part.predict_proba(features[test])[:, 1]
    model = LogisticRegression(C=1.0, max_iter=5_000).fit(features, same)
    weights = dict(zip(FEATURES, map(float, model.coef_[0]), strict=True)) | _BY_HAND
    weights |= {name: weights[name] + more for name, more in _STRICTER.items()}
    bias = float(model.intercept_[0]) - _BY_HAND["bm25_share"] * _EVEN_SHARE
    return Fitted(PairModel(bias, weights, _MORE_LIKELY), *_judge(held_out, same, queries))


def _judge(scores: Numbers, same: Numbers, queries: Numbers) -> tuple[float, float]:
    """Precision and recall of telling the best claim of each query when it is more likely than not."""
    best = [np.flatnonzero(queries == q)[np.argmax(scores[queries == q])] for q in np.unique(queries)]
    told = [at for at in best if scores[at] >= _MORE_LIKELY]
    right = sum(bool(same[at]) for at in told)
    return right / max(1, len(told)), right / max(1, len(np.unique(queries[same == 1.0])))


def _pairs(lines: Sequence[Line]) -> tuple[Numbers, ...]:
    views = [view(line.text) for line in lines]
    targets = [at for at, line in enumerate(lines) if line.role != "same"]
    rows: list[tuple[list[float], bool, int, int]] = []
    for at, line in enumerate(lines):
        if line.role == "claim":
            continue
        for other in _neighbours(at, targets, lines, views):
            right = line.role == "same" and lines[other].role == "claim" and lines[other].group == line.group
            features = compare(views[at], views[other]).features
            if right or lines[other].group == line.group or _likeness(features) < _ALIKE:
                rows.append(([features[name] for name in FEATURES], right, line.group, at))
    columns = list(zip(*rows, strict=True))
    return tuple(np.array(column, np.float64) for column in columns)


def _neighbours(at: int, targets: list[int], lines: Sequence[Line], views: Sequence[View]) -> list[int]:
    """The lines most like one, and always its own group's claim."""
    scored = [(-_likeness(compare(views[at], views[t]).features), t) for t in targets if t != at]
    chosen = [target for _, target in sorted(scored)[:_NEIGHBOURS]]
    own = [t for t in targets if lines[t].group == lines[at].group and lines[t].role == "claim"]
    return list(dict.fromkeys(chosen + own))


def _likeness(features: object) -> float:
    assert isinstance(features, dict)
    return float(features["cosine"] + features["letters"])
