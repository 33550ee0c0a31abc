"""May a retrained model replace the one in use? Compares both on held-out examples and on canaries.

    shipped, candidate, held-out, canaries → Decision(promote, findings)

A candidate is refused when a figure fell by more than noise, when it flags more ordinary texts, when it takes a
rebuttal for a rumor, or when it gets one canary wrong that must never be wrong. Does not install anything.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from classifiers.assess import Assessor
from classifiers.evaluate import evaluate
from classifiers.examples import YES_NO, Example
from classifiers.model import Model

_MAY_FALL: Final = 0.01
"""How much average precision and macro-F1 may fall before it counts."""

_MAY_RISE: Final = 0.003
"""How much the share of false alarms may rise, beside two standard deviations of the count."""

_MAY_DECALIBRATE: Final = 0.03
_MIN_HELD_OUT: Final = 50


@dataclass(frozen=True)
class Finding:
    """One comparison: `bad` refuses the candidate."""

    task: str
    figure: str
    shipped: float
    candidate: float
    bad: bool


@dataclass(frozen=True)
class Decision:
    """The gate's answer, with everything a person needs to check it."""

    promote: bool
    reasons: tuple[str, ...]
    findings: tuple[Finding, ...]


def decide(
    shipped: Model | None, candidate: Model, held_out: Sequence[Example], canaries: Sequence[Example]
) -> Decision:
    """Compare two models; without a shipped one the written rules are what must be beaten.

    `held_out` must not have been trained on by either; `canaries` are plain cases that any model must get right.
    """
    old, new = Assessor(shipped, None), Assessor(candidate, None)
    reasons = [f"canary {name}" for name in _dead_canaries(new, canaries)]
    if len(held_out) < _MIN_HELD_OUT:
        reasons.append(f"only {len(held_out)} held-out examples, {_MIN_HELD_OUT} are needed")
    findings = _compare(evaluate(old, held_out), evaluate(new, held_out)) if held_out else ()
    reasons += [
        f"{found.task}: {found.figure} {found.shipped:.3f} → {found.candidate:.3f}"
        for found in findings
        if found.bad
    ]
    return Decision(not reasons, tuple(reasons), findings)


def as_text(decision: Decision) -> str:
    """The report for the desk and the audit log."""
    head = "promote" if decision.promote else "refuse: " + "; ".join(decision.reasons)
    rows = [
        f"{found.task:<10} {found.figure:<18} {found.shipped:7.3f} → {found.candidate:7.3f}{'  !' if found.bad else ''}"
        for found in decision.findings
    ]
    return "\n".join([head, *rows])


def _compare(old: dict[str, Any], new: dict[str, Any]) -> tuple[Finding, ...]:
    found: list[Finding] = []
    for task in YES_NO:
        if task not in new:
            continue
        before, after = old[task], new[task]
        for figure in ("average_precision", "macro_f1"):
            found.append(
                Finding(
                    task,
                    figure,
                    before[figure],
                    after[figure],
                    after[figure] < before[figure] - _MAY_FALL,
                )
            )
        rise = _MAY_RISE + 2 * _spread(after["false_alarms"], after["n"] - after["positive"])
        for figure, room in (("false_alarms", rise), ("calibration_error", _MAY_DECALIBRATE)):
            found.append(
                Finding(task, figure, before[figure], after[figure], after[figure] > before[figure] + room)
            )
    return tuple(found)


def _spread(rate: float, number: int) -> float:
    """Standard deviation of a rate that was counted on `number` texts."""
    return math.sqrt(rate * (1 - rate) / number) if number else 0.0


def _dead_canaries(assessor: Assessor, canaries: Sequence[Example]) -> list[str]:
    """Ids of the canaries that the candidate gets wrong, with the task."""
    dead: list[str] = []
    for example, answer in zip(canaries, assessor.assess([c.text for c in canaries]), strict=True):
        for task in YES_NO:
            wanted = getattr(example, task)
            if wanted is not None and getattr(answer, task).flag != bool(wanted):
                dead.append(f"{example.id} ({task})")
    return dead
