"""Collect examples for `train` and run it: which lines are used, and what the model card says about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from classifiers import hashed_labels, weak
from classifiers.examples import YES_NO, Example
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
    """What `train` works with: examples, and an ordinary stream where the data has one.

    `torn` counts lines that say the opposite of an earlier line with the same text; the earlier one counts.
    """

    examples: list[Example]
    stream: list[Text]
    torn: int = 0


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
    torn = 0
    drawn = list(weak.sample(unlabelled, EVERY, hashed_labels.packaged()))
    for example in [*given, *drawn, *weak.stories(drawn)]:
        first = found.setdefault(example.joined, example)
        torn += not example.weak and _opposite(first, example)
    latest = sorted(unlabelled, key=lambda example: (example.date, example.id))[-5 * STREAM :: 5]
    return Material(list(found.values()), [example.text for example in latest], torn)


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


def too_few(examples: Sequence[Example]) -> str:
    """How many answers each yes/no task has, for whoever is told that none can be learned."""
    counts = Counter((task, getattr(example, task)) for example in examples for task in YES_NO)
    return ", ".join(f"{task} {counts[task, 1]} yes {counts[task, 0]} no" for task in YES_NO)


def _opposite(first: Example, second: Example) -> bool:
    return any({getattr(first, task), getattr(second, task)} == {0, 1} for task in YES_NO)


def _has_label(example: Example) -> bool:
    labels = (example.rumor, example.debunk, example.emergency, example.hazard, example.topics)
    return any(label is not None for label in labels)
