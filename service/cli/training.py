"""Collect examples for `train` and run it: which lines are used, and what the model card says about them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Final

from classifiers import weak
from classifiers.examples import Example
from classifiers.model import Model
from classifiers.train import Plan, train
from service.cli import labelled

EVERY: Final = 10
"""One in so many unlabelled headlines is used where the rules found nothing in it."""

FALSE_ALARMS: Final = 0.005
"""Ordinary headlines that may be flagged as rumor (on the slice that chooses the threshold)."""


def collect(paths: list[Path]) -> tuple[list[Example], int]:
    """All examples of the files without repeats, and how many of them the written rules labelled."""
    given: list[Example] = []
    unlabelled: list[Example] = []
    for path in paths:
        for example in labelled.read(path):
            (given if _has_label(example) else unlabelled).append(example)
    found: dict[str, Example] = {}
    for example in [*given, *weak.sample(unlabelled, EVERY)]:
        found.setdefault(example.joined, example)
    return list(found.values()), sum(example.weak for example in found.values())


def fit(examples: list[Example], weak_count: int, base: Model | None) -> Model:
    """Train; with ordinary headlines among the examples the rumor threshold respects FALSE_ALARMS."""
    plan = Plan(false_alarms=FALSE_ALARMS if weak_count else None)
    model = train(examples, base, plan)
    tasks = Counter(column.task for space in model.spaces[:1] for column in space.columns)
    card = {"examples": len(examples), "weak": weak_count, "questions": dict(sorted(tasks.items()))}
    return Model(model.version, model.spaces, card)


def _has_label(example: Example) -> bool:
    labels = (example.rumor, example.debunk, example.emergency, example.hazard, example.topics)
    return any(label is not None for label in labels)
