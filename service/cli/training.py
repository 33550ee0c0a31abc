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


_TASKS: Final = (*YES_NO, "category", "hazard", "topics")


@dataclass(frozen=True)
class Material:
    """What `train` works with: examples, and an ordinary stream where the data has one.

    `torn` counts lines that contradict an earlier line with the same text; the earlier one counts.
    """

    examples: list[Example]
    stream: list[Text]
    torn: int = 0


def collect(paths: list[Path]) -> Material:
    """All examples of the files, each text once; unlabelled lines are labelled by the rules and sampled.

    A text that several lines label has what each says of the tasks that no earlier one says anything of.
    """
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
        if first is not example and not example.weak:
            torn += _opposite(first, example)
            found[example.joined] = _together(first, example)
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


def _together(first: Example, second: Example) -> Example:
    """The first line with what only the second says; a text that the rules labelled stays as it is."""
    if first.weak:
        return first
    new = {task: getattr(second, task) for task in _TASKS if getattr(first, task) is None}
    return replace(first, **new)


def _opposite(first: Example, second: Example) -> bool:
    pairs = [(getattr(first, task), getattr(second, task)) for task in _TASKS]
    return any(one is not None and other is not None and one != other for one, other in pairs)


def _has_label(example: Example) -> bool:
    labels = (example.rumor, example.debunk, example.emergency, example.hazard, example.topics)
    return any(label is not None for label in labels)
