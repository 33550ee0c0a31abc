"""Fit a model: deterministic, from labelled examples, task by task.

    examples
    | split       near-duplicate clusters, then time → fit side, held side
    | count       one vocabulary with idf over the fit side
    | fit         logistic regression a question
    | calibrate   on the held side, with the rules' log-odds as a second input; choose the threshold
    | fold        Space; tasks without labels keep the base model's columns

Does not read or write files. Same examples in the same order, same numbers: one thread, no random start.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from classifiers import calibrate, features, hazards, metrics, split, stance, topics
from classifiers.examples import Example
from classifiers.model import Column, Floats, Model, Space
from classifiers.taxonomy import HAZARDS, TOPICS

MIN_EXAMPLES: Final = 20
"""A question with fewer examples of either answer is not learned."""


@dataclass(frozen=True)
class Plan:
    """What may be chosen about a training run."""

    max_features: int = 70_000
    min_documents: int = 2
    strength: float = 4.0
    false_alarms: float | None = None
    """Ordinary headlines that may be flagged as rumor; None: the threshold with the best macro-F1."""


@dataclass(frozen=True)
class Question:
    """One column to learn: which examples answer it, how, and what the rules say."""

    task: str
    label: str
    answer: Callable[[Example], int | None]
    rules: Callable[[str], float] | None


def questions(examples: Sequence[Example]) -> list[Question]:
    """The questions that `examples` have enough answers for."""
    found = [
        Question("rumor", "", lambda e: e.rumor, lambda text: stance.reads_like_rumor(text).logit),
        Question("debunk", "", lambda e: e.debunk, lambda text: stance.debunks(text).logit),
        Question("emergency", "", lambda e: e.emergency, lambda text: hazards.judge(text).logit),
    ]
    found += [Question("hazard", hazard, _hazard(hazard), None) for hazard in HAZARDS]
    found += [
        Question("topics", topic, _topic(topic), _evidence(topic)) for topic in TOPICS if topic != "other"
    ]
    return [question for question in found if _enough([question.answer(e) for e in examples])]


def train(examples: Sequence[Example], base: Model | None, plan: Plan = Plan()) -> Model:
    """Fit every question the examples answer; ValueError when they answer none."""
    asked = questions(examples)
    if not asked:
        raise ValueError(f"no task has {MIN_EXAMPLES} examples of both answers")
    with threadpool_limits(limits=1):
        space = _fit_space(examples, asked, plan)
    learned = {question.task for question in asked}
    kept = [_without(old, learned) for old in base.spaces] if base else []
    spaces = (space, *(old for old in kept if old.columns))
    return Model(version="unsaved", spaces=spaces, card={})


def _fit_space(examples: Sequence[Example], asked: Sequence[Question], plan: Plan) -> Space:
    sides = split.by_time(examples)
    joined = [example.joined for example in examples]
    plain = [features.plain(text) for text in joined]
    vectorizer = TfidfVectorizer(
        analyzer=features.features,
        sublinear_tf=True,
        min_df=plan.min_documents,
        max_features=plan.max_features,
    )
    vectorizer.fit([plain[i] for i in sides.fit])
    matrix = vectorizer.transform(plain)
    held = np.zeros(len(examples), bool)
    held[sides.held] = True
    weights, bias, columns = [], [], []
    for question in asked:
        coefficients, intercept, column = _fit_question(question, examples, joined, matrix, held, plan)
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
    held: NDArray[np.bool_],
    plan: Plan,
) -> tuple[Floats, float, Column]:
    answers = [question.answer(example) for example in examples]
    known = np.array([answer is not None for answer in answers])
    truth = np.array([answer or 0 for answer in answers])
    fit_rows, held_rows = np.flatnonzero(known & ~held), np.flatnonzero(known & held)
    judged = _logistic(matrix[fit_rows], truth[fit_rows], plan)
    rows = held_rows if _both(truth[held_rows]) else fit_rows
    margins = judged.decision_function(matrix[rows])
    rules = np.array([question.rules(joined[int(i)]) for i in rows]) if question.rules else None
    head = calibrate.fit(margins, rules, truth[rows])
    scores = _scores(head, margins, rules)
    threshold = _threshold(question, examples, rows, truth[rows], scores, plan)
    final = _logistic(matrix[np.flatnonzero(known)], truth[known], plan)
    column = Column(question.task, question.label, head.slope, head.trust, head.offset, threshold)
    return final.coef_[0], float(final.intercept_[0]), column


def _logistic(matrix: sparse.csr_matrix, truth: NDArray[np.int64], plan: Plan) -> Any:
    model = LogisticRegression(C=plan.strength, solver="lbfgs", max_iter=300, class_weight="balanced")
    return model.fit(matrix, truth)


def _scores(head: calibrate.Head, margins: Floats, rules: Floats | None) -> Floats:
    logits = head.slope * margins + head.offset + (0.0 if rules is None else head.trust * rules)
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -50, 50))))


def _threshold(
    question: Question,
    examples: Sequence[Example],
    rows: NDArray[np.int64],
    truth: NDArray[np.int64],
    scores: Floats,
    plan: Plan,
) -> float:
    if question.task == "hazard":
        return 0.5
    best = metrics.best_macro_f1(truth, scores)
    if question.task == "rumor" and plan.false_alarms is not None:
        ordinary = scores[np.array([examples[i].weak for i in rows], bool)]
        if len(ordinary):
            return max(best, float(np.quantile(ordinary, 1 - plan.false_alarms)))
    return best


def _without(space: Space, learned: set[str]) -> Space:
    keep = [number for number, column in enumerate(space.columns) if column.task not in learned]
    columns = tuple(space.columns[number] for number in keep)
    return Space(space.terms, space.idf, space.weights[:, keep], space.bias[keep], columns)


def _hazard(hazard: str) -> Callable[[Example], int | None]:
    return lambda e: None if e.hazard is None or e.emergency == 0 else int(e.hazard == hazard)


def _topic(topic: str) -> Callable[[Example], int | None]:
    return lambda e: None if e.topics is None else int(topic in e.topics)


def _evidence(topic: str) -> Callable[[str], float]:
    return lambda text: _all_evidence(text).get(topic, 0.0)


@lru_cache(maxsize=200_000)
def _all_evidence(text: str) -> dict[str, float]:
    return topics.evidence(text)


def _both(truth: NDArray[np.int64]) -> bool:
    return 5 <= int(truth.sum()) <= len(truth) - 5


def _enough(answers: Sequence[int | None]) -> bool:
    ones, noes = answers.count(1), answers.count(0)
    return ones >= MIN_EXAMPLES and noes >= MIN_EXAMPLES
