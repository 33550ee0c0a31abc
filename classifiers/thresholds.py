"""Choose thresholds so that editors are not called more often than they can answer.

A stream of ordinary texts is assessed; a threshold is the score that only a given share of it reaches. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from classifiers.assess import Assessor
from classifiers.model import Model, Space
from classifiers.text import Text

BUDGETS: Mapping[str, float] = {"rumor": 0.005, "emergency": 0.026}
"""Flags among ordinary headlines: five false rumor flags and 26 alarms (real ones included) in a thousand."""

_ENOUGH: Final = 50
_HIDDEN: Final = 0.02
_STRICTEST: Final = 0.995
"""Share of known rumors that a debunk flag may hide, and how far its threshold may go for that."""


def within_budget(model: Model, stream: Sequence[Text], budgets: Mapping[str, float] = BUDGETS) -> Model:
    """The model with its thresholds for headlines moved to the budgets; other tasks stay as they are."""
    if not stream:
        return model
    answers = Assessor(model, None).assess(stream)
    moved = {
        task: float(np.quantile([getattr(answer, task).score for answer in answers], 1 - share))
        for task, share in budgets.items()
        if model.column(task) is not None
    }
    return replace(model, spaces=tuple(_moved(space, moved) for space in model.spaces))


def sparing(model: Model, rumors: Sequence[Text]) -> Model:
    """The model with a debunk threshold that seldom takes what people called a rumor for a refutation.

    A refutation is never flagged as rumor, so a debunk detector that is too eager in a new kind of text hides rumors.
    """
    column = model.column("debunk")
    if column is None or len(rumors) < _ENOUGH:
        return model
    scores = [answer.debunk.score for answer in Assessor(model, None, untouched=True).assess(rumors)]
    strict = min(float(np.quantile(scores, 1 - _HIDDEN)), _STRICTEST)
    moved = {"debunk": max(column.threshold, strict)}
    return replace(model, spaces=tuple(_moved(space, moved) for space in model.spaces))


def _moved(space: Space, thresholds: Mapping[str, float]) -> Space:
    columns = tuple(
        replace(column, threshold=thresholds[column.task])
        if column.label == "" and column.task in thresholds
        else column
        for column in space.columns
    )
    return replace(space, columns=columns)
