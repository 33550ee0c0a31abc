"""Are the desk's decisions fit to learn from? Finds labels that would bend the model.

    decisions → worries: too few, one-sided, few sources, one editor, a flood, editors who contradict

Says what is suspicious and which decisions it concerns; does not drop, retrain or punish. With a worry `train` from the
desk stops, and a person looks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

MIN_DECISIONS: Final = 50
_ONE_SIDED: Final = 0.97
_SOURCE_SHARE: Final = 0.5
_EDITOR_SHARE: Final = 0.7
_MIN_SOURCES: Final = 5
_MIN_EDITORS: Final = 2
_FLOOD_SHARE: Final = 0.5
_FLOOD_SPAN: Final = timedelta(hours=1)
_CONTRADICTIONS: Final = 0.1


@dataclass(frozen=True)
class Decision:
    """One editor's answer to one question about one text. `cluster` joins copies of a text."""

    task: str
    answer: int
    source: str
    editor: str
    cluster: str
    at: datetime


@dataclass(frozen=True)
class Worry:
    """Why one task's labels must not be learned yet: `kind` is stable, `detail` is for a person."""

    task: str
    kind: str
    detail: str


def worries(decisions: Sequence[Decision]) -> list[Worry]:
    """Everything suspicious, task by task in alphabetical order; empty when the labels may be learned."""
    found: list[Worry] = []
    for task in sorted({decision.task for decision in decisions}):
        own = [decision for decision in decisions if decision.task == task]
        found += [Worry(task, kind, detail) for kind, detail in _about(own)]
    return found


def _about(own: Sequence[Decision]) -> list[tuple[str, str]]:
    clusters = len({decision.cluster for decision in own})
    if clusters < MIN_DECISIONS:
        return [("too_few", f"{clusters} different texts, {MIN_DECISIONS} are needed")]
    return [*_sides(own), *_origin(own), *_flood(own), *_contradictions(own)]


def _sides(own: Sequence[Decision]) -> list[tuple[str, str]]:
    answer, count = Counter(decision.answer for decision in own).most_common(1)[0]
    if count > _ONE_SIDED * len(own):
        return [("one_sided", f"{count} of {len(own)} answers are {answer}")]
    return []


def _origin(own: Sequence[Decision]) -> list[tuple[str, str]]:
    """Each answer must come from several sources and more than one editor: poison is aimed at one answer."""
    found: list[tuple[str, str]] = []
    for answer in (0, 1):
        side = [decision for decision in own if decision.answer == answer]
        if not side:
            continue
        sources = Counter(decision.source for decision in side)
        source, most = sources.most_common(1)[0]
        if len(sources) < _MIN_SOURCES or most > _SOURCE_SHARE * len(side):
            found.append(
                (
                    "few_sources",
                    f"answer {answer}: {len(sources)} sources, {most} of {len(side)} from {source}",
                )
            )
        editors = Counter(decision.editor for decision in side)
        editor, most = editors.most_common(1)[0]
        if len(editors) < _MIN_EDITORS or most > _EDITOR_SHARE * len(side):
            found.append(("one_editor", f"answer {answer}: {most} of {len(side)} by {editor}"))
    return found


def _flood(own: Sequence[Decision]) -> list[tuple[str, str]]:
    times = sorted(decision.at for decision in own)
    start, most = 0, 0
    for end, moment in enumerate(times):
        while moment - times[start] > _FLOOD_SPAN:
            start += 1
        most = max(most, end - start + 1)
    if most > _FLOOD_SHARE * len(own):
        return [("flood", f"{most} of {len(own)} decisions within one hour")]
    return []


def _contradictions(own: Sequence[Decision]) -> list[tuple[str, str]]:
    answers: dict[str, set[int]] = {}
    for decision in own:
        answers.setdefault(decision.cluster, set()).add(decision.answer)
    both = sum(len(found) > 1 for found in answers.values())
    if both > _CONTRADICTIONS * len(answers):
        return [("contradictions", f"{both} of {len(answers)} texts were answered both ways")]
    return []
