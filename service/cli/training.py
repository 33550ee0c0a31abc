"""Collect examples for `train` and run it: which lines are used, and what the model card says about them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from classifiers import hashed_labels, weak
from classifiers.examples import Example
from classifiers.model import Model
from classifiers.text import Text
from classifiers.thresholds import sparing, within_budget
from classifiers.train import Plan, train
from service.cli import labelled

EVERY: Final = 10
"""One in so many unlabelled headlines is used where the rules found nothing in it."""

STREAM: Final = 20_000
"""So many of the latest unlabelled headlines make the ordinary stream that thresholds are chosen on."""


@dataclass(frozen=True)
class Material:
    """What `train` works with: examples, and an ordinary stream where the data has one."""

    examples: list[Example]
    stream: list[Text]


def collect(paths: list[Path]) -> Material:
    """All examples of the files without repeats; unlabelled lines are labelled by the rules and sampled."""
    given: list[Example] = []
    unlabelled: list[Example] = []
    for path in paths:
        for example in labelled.read(path):
            (given if _has_label(example) else unlabelled).append(example)
    given = [weak.refutes_nothing(example) for example in given]
    if unlabelled:
        given += [reply for path in paths for reply in labelled.replies(path)]
    found: dict[str, Example] = {}
    drawn = list(weak.sample(unlabelled, EVERY, hashed_labels.packaged()))
    for example in [*given, *drawn, *weak.stories(drawn)]:
        found.setdefault(example.joined, example)
    latest = sorted(unlabelled, key=lambda example: (example.date, example.id))[-5 * STREAM :: 5]
    return Material(list(found.values()), [example.text for example in latest])


def fit(material: Material, base: Model | None) -> Model:
    """Train; with an ordinary stream the thresholds of short texts respect the budgets of flags.

    Without one the lines are a collection of posts, and the model will be used on others.
    """
    headlines = bool(material.stream)
    model = train(material.examples, base, Plan(by_shape=headlines, posts=not headlines))
    model = within_budget(model, material.stream)
    if not headlines:
        rumors = [e.text for e in material.examples if e.rumor == 1 and e.debunk != 1]
        model = sparing(model, rumors)
    tasks = Counter(column.task for column in model.spaces[0].columns)
    card = {
        "examples": len(material.examples),
        "labelled_by_rules": sum(example.weak for example in material.examples),
        "questions": dict(sorted(tasks.items())),
    }
    return replace(model, card=card)


def _has_label(example: Example) -> bool:
    labels = (example.rumor, example.debunk, example.emergency, example.hazard, example.topics)
    return any(label is not None for label in labels)
