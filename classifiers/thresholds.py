"""Choose thresholds so that editors are not called more often than they can answer.

A stream of ordinary texts is assessed; a threshold is the score that only a given share of it reaches. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from classifiers.assess import Assessor
from classifiers.model import Model, Space
from classifiers.text import Text

BUDGETS: Mapping[str, float] = {"rumor": 0.006, "emergency": 0.036}
"""Flags among ordinary headlines: six false rumor flags and 36 alarms (real ones included) in a thousand."""


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


def _moved(space: Space, thresholds: Mapping[str, float]) -> Space:
    columns = tuple(
        replace(column, threshold=thresholds[column.task])
        if column.label == "" and column.task in thresholds
        else column
        for column in space.columns
    )
    return replace(space, columns=columns)
