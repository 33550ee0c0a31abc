"""Fit a model: deterministic, from labelled examples, task by task.

    examples
    | count       one vocabulary with idf
    | fit         logistic regression a question, on folds of near-duplicate clusters and then on everything
    | calibrate   on margins of unseen clusters, the rules' log-odds as a second input; choose the threshold
    | fold        Space; tasks without labels keep the base model's columns

Does not read or write files. Same examples in the same order, same numbers: one thread, no random start.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from classifiers import calibrate, features, metrics, split, unseen
from classifiers.examples import Example
from classifiers.model import Column, Floats, Model, Space
from classifiers.questions import FORWARD, MIN_EXAMPLES, PASSED_ON, Question, ask

_MESSAGE_FLOOR: Final = 0.65
_REFUTES_FLOOR: Final = 0.35
"""Among our sentences every second text refutes; elsewhere one in a hundred does, and 没有 alone is no refutation."""

_LIKE_ONE: Final = 0.5
"""From this probability on a text counts as a message that people pass on, if it has the outward shape of one."""

_FORWARD_STRENGTH: Final = 0.2
"""A thousand messages bear less freedom than eighty thousand headlines."""

_POSTS_STRENGTH: Final = 5.0
"""Posts share few words with the next year's posts: more freedom (less ridge) ranked both ways better."""
_EVEN: Final = 0.25
"""From this share of the rarer answer on, the threshold of posts is one half."""

_DIFFERENT: Final = 300
"""Posts that differ, below which there are no topics to hold out."""
_NOTHING: Final = (np.zeros(0, np.intp), np.zeros(0))


@dataclass(frozen=True)
class Plan:
    """What may be chosen about a training run."""

    max_features: int = 80_000
    min_documents: int = 2
    strength: float = 20.0
    folds: int = 3
    by_shape: bool = False
    """Whether rumor style is learned for headlines and messages apart."""
    posts: bool = False
    """Whether rumor style is learned from one collection of posts, to be used on another: judged on topics it has
    not seen, and said with more caution."""


def train(examples: Sequence[Example], base: Model | None, plan: Plan = Plan()) -> Model:
    """Fit every question the examples answer; ValueError when they answer none."""
    asked = ask(examples, by_shape=plan.by_shape)
    if not asked:
        raise ValueError(f"no task has {MIN_EXAMPLES} examples of both answers")
    with threadpool_limits(limits=1):
        space = _fit_space(examples, asked, plan)
    learned = {question.task for question in asked}
    kept = [_without(old, learned) for old in base.spaces] if base else []
    spaces = (space, *(old for old in kept if old.columns))
    return Model(version="unsaved", spaces=spaces, card={})


def _fit_space(examples: Sequence[Example], asked: Sequence[Question], plan: Plan) -> Space:
    folds = np.asarray(split.folds(examples, plan.folds))
    joined = [example.joined for example in examples]
    vectorizer = TfidfVectorizer(
        analyzer=features.features,
        sublinear_tf=True,
        min_df=plan.min_documents,
        max_features=plan.max_features,
    )
    matrix = vectorizer.fit_transform([features.plain(text) for text in joined])
    weights, bias, columns = [], [], []
    for question in asked:
        coefficients, intercept, column = _fit_question(question, examples, joined, matrix, folds, plan)
        weights.append(coefficients)
        bias.append(intercept)
        columns.append(column)
    terms = tuple(str(term) for term in vectorizer.get_feature_names_out())
    idf = np.asarray(vectorizer.idf_, np.float64)
    return Space(terms, idf, np.column_stack(weights) * idf[:, None], np.asarray(bias), tuple(columns))


def _fit_question(
    question: Question,
    examples: Sequence[Example],
    joined: Sequence[str],
    matrix: sparse.csr_matrix,
    folds: NDArray[np.int64],
    plan: Plan,
) -> tuple[Floats, float, Column]:
    answers = [question.answer(example) for example in examples]
    rows = np.flatnonzero([answer is not None for answer in answers])
    truth = np.array([answers[int(row)] for row in rows])
    own = [examples[int(row)] for row in rows]
    if question.label == FORWARD:
        plan = replace(plan, strength=plan.strength * _FORWARD_STRENGTH)
    freer = replace(plan, strength=plan.strength * _POSTS_STRENGTH)
    asked = plan.posts and question.task == "rumor"
    judged, margins = _foreign_margins(own, matrix[rows], truth, freer) if asked else _NOTHING
    posts = len(judged) > 0
    if posts:
        plan = freer
    else:
        judged, margins = _unseen_margins(question, own, matrix[rows], truth, folds[rows], plan)
    rules = np.array([question.rules(joined[int(i)]) for i in rows[judged]]) if question.rules else None
    seen = [own[int(i)] for i in judged]
    # Our own forwards are too clear-cut to say how sure one may be of other people's.
    own_forward = question.label == FORWARD
    weights = [0.0 if own_forward and example.group else example.weight for example in seen]
    head = calibrate.fit(margins, rules, truth[judged], np.array(weights))
    if posts:
        head = calibrate.cautious(head, truth)
    threshold = _threshold(question, seen, truth[judged], _scores(head, margins, rules))
    if posts and min(truth.mean(), 1 - truth.mean()) >= _EVEN:
        threshold = 0.5
    final = _logistic(matrix[rows], truth, plan)
    column = Column(question.task, question.label, head.slope, head.trust, head.offset, threshold)
    return final.coef_[0], float(final.intercept_[0]), column


def _unseen_margins(
    question: Question,
    own: Sequence[Example],
    matrix: sparse.csr_matrix,
    truth: NDArray[np.int64],
    folds: NDArray[np.int64],
    plan: Plan,
) -> tuple[NDArray[np.intp], Floats]:
    """Rows and their margins from a model that saw no text of their cluster.

    Forwarded messages change from year to year, so their model is judged on the later ones only.
    """
    if question.label in ("message", FORWARD):
        sides = [split.by_time(own, 0.3).held]
    else:
        sides = [np.flatnonzero(folds == fold).tolist() for fold in range(plan.folds)]
    judged: list[int] = []
    margins: list[Floats] = []
    for side in sides:
        rest = np.setdiff1d(np.arange(len(truth)), side)
        if side and 0 < truth[rest].sum() < len(rest):
            judged += side
            margins.append(_logistic(matrix[rest], truth[rest], plan).decision_function(matrix[side]))
    return np.array(judged, np.intp), np.concatenate(margins)


def _foreign_margins(
    own: Sequence[Example], matrix: sparse.csr_matrix, truth: NDArray[np.int64], plan: Plan
) -> tuple[NDArray[np.intp], Floats]:
    """Rows and their margins from a model that saw neither their topic nor the words only they have.

    None where the posts are too few, or every topic is needed to have both answers."""
    clusters = split.clusters([example.joined for example in own])
    if len(set(clusters)) < _DIFFERENT:
        return _NOTHING
    topics = unseen.topics(matrix, clusters)
    judged: list[int] = []
    margins: list[Floats] = []
    for topic in np.unique(topics):
        side, rest = np.flatnonzero(topics == topic), np.flatnonzero(topics != topic)
        if 0 < truth[rest].sum() < len(rest):
            known = unseen.known_words(matrix, rest, plan.min_documents)
            judged += side.tolist()
            margins.append(_logistic(known[rest], truth[rest], plan).decision_function(known[side]))
    return np.array(judged, np.intp), np.concatenate([*margins, np.zeros(0)])


def _logistic(matrix: sparse.csr_matrix, truth: NDArray[np.int64], plan: Plan) -> Any:
    model = LogisticRegression(C=plan.strength, solver="lbfgs", max_iter=300, class_weight="balanced")
    return model.fit(matrix, truth)


def _scores(head: calibrate.Head, margins: Floats, rules: Floats | None) -> Floats:
    logits = head.slope * margins + head.offset + (0.0 if rules is None else head.trust * rules)
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -50, 50))))


def _threshold(
    question: Question, seen: Sequence[Example], truth: NDArray[np.int64], scores: Floats
) -> float:
    if question.task in ("hazard", "topics"):
        return 0.5
    if question.label == PASSED_ON:
        return _LIKE_ONE
    if question.label in ("message", FORWARD):
        # As many flags as there were rumors, not the luckiest cut; our own sentences are too clear-cut for it.
        # Never below _MESSAGE_FLOOR where articles that explain a rumor are among them.
        real = np.array([not example.group for example in seen])
        real = real if real.any() else ~real
        floor = _MESSAGE_FLOOR if question.label == "message" else 0.0
        return max(floor, float(np.quantile(scores[real], 1 - truth[real].mean())))
    # The written rules would only agree with themselves: a threshold is chosen on labels that people gave.
    people = np.array([not example.weak for example in seen])
    enough = min(np.bincount(truth[people], minlength=2)) >= MIN_EXAMPLES
    best = (
        metrics.best_macro_f1(truth[people], scores[people])
        if enough
        else metrics.best_macro_f1(truth, scores)
    )
    return max(best, _REFUTES_FLOOR) if question.task == "debunk" else best


def _without(space: Space, learned: set[str]) -> Space:
    keep = [number for number, column in enumerate(space.columns) if column.task not in learned]
    columns = tuple(space.columns[number] for number in keep)
    return Space(space.terms, space.idf, space.weights[:, keep], space.bias[keep], columns)
