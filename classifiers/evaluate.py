"""Measure an assessor on labelled examples: one report, every task that has labels.

Pure: examples in, figures out. `flag` is judged at the model's own threshold, `score` by ranking and calibration.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from classifiers import diagram, metrics
from classifiers.assess import Assessor
from classifiers.examples import YES_NO, Example
from classifiers.signals import Assessment
from classifiers.taxonomy import HAZARDS


def evaluate(assessor: Assessor, examples: Sequence[Example]) -> dict[str, Any]:
    """The report: `examples`, `model` and one entry a task."""
    answers = assessor.assess([example.text for example in examples])
    report: dict[str, Any] = {"examples": len(examples), "model": answers[0].model if answers else ""}
    for task in YES_NO:
        pairs = [
            (truth, getattr(answer, task))
            for example, answer in zip(examples, answers, strict=True)
            if (truth := getattr(example, task)) is not None
        ]
        if pairs:
            report[task] = _yes_no(
                [t for t, _ in pairs], [s.score for _, s in pairs], [s.flag for _, s in pairs]
            )
    report.update(_kinds(examples, answers))
    topics = _topics(examples, answers)
    if topics:
        report["topics"] = topics
    return report


def as_text(report: Mapping[str, Any]) -> str:
    """The report as lines for a person."""
    lines = [f"model {report['model']}, {report['examples']} examples"]
    for task in YES_NO:
        if task in report:
            row = report[task]
            lines.append(
                f"{task:<10} n={row['n']} positive={row['positive']} precision={row['precision']:.3f} "
                f"recall={row['recall']:.3f} f1={row['f1']:.3f} macro_f1={row['macro_f1']:.3f} "
                f"false_alarms={row['false_alarms']:.4f} ap={row['average_precision']:.3f} "
                f"roc={row['roc_area']:.3f} ece={row['calibration_error']:.3f}"
            )
            lines += diagram.lines(row["reliability"])
    for task in ("category", "hazard"):
        if task in report:
            lines.append(f"{task:<10} n={report[task]['n']} accuracy={report[task]['accuracy']:.3f}")
    if "topics" in report:
        lines.append(f"topics     macro_f1={report['topics']['macro_f1']:.3f}")
        lines += [
            f"    {topic:<14} n={row['positive']} precision={row['precision']:.3f} recall={row['recall']:.3f} "
            f"f1={row['f1']:.3f}"
            for topic, row in report["topics"]["each"].items()
        ]
    return "\n".join(lines)


def _yes_no(truth: list[int], score: list[float], flag: list[bool]) -> dict[str, Any]:
    counts = metrics.count(truth, flag)
    return {
        "n": len(truth),
        "positive": sum(truth),
        "flagged": sum(flag),
        "precision": counts.precision,
        "recall": counts.recall,
        "f1": counts.f1,
        "macro_f1": counts.macro_f1,
        "false_alarms": counts.false_alarms,
        "average_precision": metrics.average_precision(truth, score),
        "roc_area": metrics.roc_area(truth, score),
        "calibration_error": metrics.calibration_error(truth, score),
        "reliability": metrics.reliability(truth, score),
    }


def _kinds(examples: Sequence[Example], answers: Sequence[Assessment]) -> dict[str, Any]:
    """How often category and hazard are right where the example is an emergency that names them."""
    report: dict[str, Any] = {}
    for task in ("category", "hazard"):
        rows = [
            (wanted, getattr(answer.emergency, task))
            for example, answer in zip(examples, answers, strict=True)
            if (wanted := _wanted(example, task)) and example.emergency != 0
        ]
        if rows:
            report[task] = {"n": len(rows), "accuracy": sum(a == b for a, b in rows) / len(rows)}
    return report


def _wanted(example: Example, task: str) -> str | None:
    if task == "category" and not example.category and example.hazard:
        return HAZARDS[example.hazard].category
    found: str | None = getattr(example, task)
    return found


def _topics(examples: Sequence[Example], answers: Sequence[Assessment]) -> dict[str, Any]:
    rows = [
        (set(example.topics), {found.topic for found in answer.topics})
        for example, answer in zip(examples, answers, strict=True)
        if example.topics is not None
    ]
    named = sorted(set().union(*(wanted for wanted, _ in rows))) if rows else []
    each: dict[str, Any] = {}
    for topic in named:
        counts = metrics.count([topic in wanted for wanted, _ in rows], [topic in said for _, said in rows])
        each[topic] = {
            "positive": counts.true_positive + counts.false_negative,
            "precision": counts.precision,
            "recall": counts.recall,
            "f1": counts.f1,
        }
    if not each:
        return {}
    return {"macro_f1": sum(row["f1"] for row in each.values()) / len(each), "each": each}
