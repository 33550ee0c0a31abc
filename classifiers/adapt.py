"""Move a model towards what the desk has decided, and no further than that is worth.

    base model's folded weights + labelled texts → the same model, some columns shifted

Each column's new weights are the most probable ones when the old ones are held for likely (a Gaussian around them of
width `_WIDTH`): ten labels move it a little, a thousand move it far, and words that no label has stay as they were. So
no training text of the base model is needed. What several of the texts have and the base model does not know is added to
its vocabulary, lightly, so that the other columns hardly notice. Calibration, thresholds and the bias stay.
Deterministic; reads no files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

from classifiers import features, hazards, stance
from classifiers.examples import YES_NO, Example
from classifiers.model import Column, Floats, Model, Space
from classifiers.questions import FORWARD

MIN_TEXTS: Final = 20
"""A column with fewer desk texts of either answer stays as it is."""

_WIDTH: Final = 2.0
_NEW_IN: Final = 3
"""So many texts of the desk must have a new word, pair or character group before it is added."""

_MOST_NEW: Final = 5_000
_NEW_IDF: Final = 3.0
"""A third of what a rare term has: a text's length in the space grows by about one per cent."""

_ROUNDS: Final = 60


@dataclass(frozen=True)
class _Rows:
    """What one column is fitted on: normalised features, the rest of each logit, answers and weights."""

    matrix: sparse.csr_matrix
    fixed: Floats
    truth: NDArray[np.float64]
    weight: NDArray[np.float64]


def adapt(base: Model, desk: Sequence[Example], anchors: Sequence[Example]) -> Model:
    """`base` with its yes/no columns fitted to `desk`; `anchors` are texts of ours that it must go on getting right.

    The same model comes back where no column has enough labels.
    """
    examples = [*desk, *anchors]
    plain = [features.plain(example.joined) for example in examples]
    spaces = []
    for space in base.spaces:
        wanted = [
            number
            for number, column in enumerate(space.columns)
            if column.task in YES_NO and _enough(base, column, desk)
        ]
        if wanted:
            space = _shifted(base, _grown(space, plain[: len(desk)]), wanted, examples, plain)
        spaces.append(space)
    return Model(version="unsaved", spaces=tuple(spaces), card=base.card)


def learned(base: Model, desk: Sequence[Example]) -> list[str]:
    """The columns that `adapt` would move, as `task` or `task/label`."""
    return [
        "/".join(filter(None, (column.task, column.label)))
        for space in base.spaces
        for column in space.columns
        if column.task in YES_NO and _enough(base, column, desk)
    ]


def _enough(base: Model, column: Column, desk: Sequence[Example]) -> bool:
    answers = [_answer(base, column, example) for example in desk]
    return min(answers.count(0), answers.count(1)) >= MIN_TEXTS


def _answer(base: Model, column: Column, example: Example) -> int | None:
    """The example's answer to the column, or None when the column is not asked about this text."""
    if column.label != _label(base, column.task, example):
        return None
    found: int | None = getattr(example, column.task)
    return found


def _label(base: Model, task: str, example: Example) -> str:
    """Which of a task's columns is asked about this text, by its outward shape."""
    if (task, FORWARD) in base.places and not example.text.title and features.is_forward(example.joined):
        return FORWARD
    message = (task, "message") in base.places and features.is_message(example.joined)
    return "message" if message else ""


def _grown(space: Space, plain: Sequence[str]) -> Space:
    """The space with the terms that these texts have in common and it does not know, weighing nothing yet."""
    counted = Counter(
        term for text in plain for term in set(features.features(text)) if term not in space.index
    )
    fresh = sorted((-n, term) for term, n in counted.items() if n >= _NEW_IN)[:_MOST_NEW]
    return Space(
        terms=(*space.terms, *(term for _, term in fresh)),
        idf=np.append(space.idf, np.full(len(fresh), _NEW_IDF)),
        weights=np.vstack([space.weights, np.zeros((len(fresh), len(space.columns)))]),
        bias=space.bias,
        columns=space.columns,
    )


def _shifted(
    base: Model, space: Space, wanted: Sequence[int], examples: Sequence[Example], plain: Sequence[str]
) -> Space:
    matrix = _matrix(space, plain)
    weights = space.weights.copy()
    for number in wanted:
        column = space.columns[number]
        answers = [_answer(base, column, example) for example in examples]
        rows = np.flatnonzero([answer is not None for answer in answers])
        own = [examples[int(row)] for row in rows]
        coefficients = np.divide(
            weights[:, number], space.idf, where=space.idf > 0, out=np.zeros(len(space.idf))
        )
        margins = matrix[rows] @ coefficients + space.bias[number]
        rules = np.array([_rules(column.task, example.joined) for example in own])
        fit = _Rows(
            matrix[rows] * column.slope,
            column.slope * margins + column.trust * rules + column.offset,
            np.array([answers[int(row)] for row in rows], np.float64),
            np.array([example.weight for example in own]),
        )
        weights[:, number] += _solve(fit) * space.idf
    return replace(space, weights=weights)


def _solve(rows: _Rows) -> Floats:
    """The most probable shift of the coefficients. The bias stays: what it would say is said of unknown words too."""
    signs = 2 * rows.truth - 1

    def cost(shift: Floats) -> tuple[float, Floats]:
        logits = rows.fixed + rows.matrix @ shift
        loss = np.logaddexp(0.0, -signs * logits) * rows.weight
        pull = rows.weight * (1 / (1 + np.exp(-np.clip(logits, -500, 500))) - rows.truth)
        slant = rows.matrix.T @ pull + shift / _WIDTH**2
        return float(loss.sum() + shift @ shift / (2 * _WIDTH**2)), slant

    start = np.zeros(rows.matrix.shape[1])
    found = minimize(cost, start, jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS})
    return np.asarray(found.x)


def _matrix(space: Space, plain: Sequence[str]) -> sparse.csr_matrix:
    """One row a text: sublinear counts times idf, of length 1, as `Space.margins` takes them."""
    values: list[float] = []
    columns: list[int] = []
    ends = [0]
    for text in plain:
        rows = [row for term in features.features(text) if (row := space.index.get(term)) is not None]
        terms, counts = np.unique(np.asarray(rows, np.intp), return_counts=True)
        found = (1 + np.log(counts)) * space.idf[terms] if len(terms) else np.zeros(0)
        length = float(np.sqrt(found @ found)) or 1.0
        values += (found / length).tolist()
        columns += terms.tolist()
        ends.append(len(columns))
    return sparse.csr_matrix((values, columns, ends), shape=(len(plain), len(space.terms)))


def _rules(task: str, text: str) -> float:
    """What the written rules give, in log-odds."""
    if task == "emergency":
        return hazards.judge(text).logit
    return (stance.debunks(text) if task == "debunk" else stance.reads_like_rumor(text)).logit
