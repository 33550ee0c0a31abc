"""What can be learned from labelled examples: one yes/no question a column.

Each question says which examples answer it, what the written rules give for it, and whether it is asked of headlines,
messages or all. Does not fit anything.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from classifiers import features, hazards, stance, topics
from classifiers.examples import Example
from classifiers.taxonomy import HAZARDS, TOPICS

MIN_EXAMPLES: Final = 20
"""A question with fewer examples of either answer is not learned."""


@dataclass(frozen=True)
class Question:
    """One column to learn. `answer` is None where an example says nothing of it."""

    task: str
    label: str
    answer: Callable[[Example], int | None]
    rules: Callable[[str], float] | None


def ask(examples: Sequence[Example], by_shape: bool) -> list[Question]:
    """The questions that `examples` have enough answers for.

    `by_shape` asks for rumor style of headlines and of messages apart: what a headline must not say, a forwarded
    message of three hundred characters may well say once.
    """
    found = [
        Question("rumor", "", _rumor(False if by_shape else None), _style),
        Question("debunk", "", lambda e: e.debunk, lambda text: stance.debunks(text).logit),
        Question("emergency", "", lambda e: e.emergency, lambda text: hazards.judge(text).logit),
    ]
    if by_shape:
        found.append(Question("rumor", "message", _rumor(True), _style))
    found += [Question("hazard", hazard, _hazard(hazard), None) for hazard in HAZARDS]
    found += [
        Question("topics", topic, _topic(topic), _evidence(topic)) for topic in TOPICS if topic != "other"
    ]
    return [question for question in found if _enough([question.answer(e) for e in examples])]


def _rumor(message: bool | None) -> Callable[[Example], int | None]:
    def answer(example: Example) -> int | None:
        if message is None or features.is_message(example.joined) == message:
            return example.rumor
        return None

    return answer


def _style(text: str) -> float:
    return stance.reads_like_rumor(text).logit


def _hazard(hazard: str) -> Callable[[Example], int | None]:
    return lambda e: None if e.hazard is None or e.emergency == 0 else int(e.hazard == hazard)


def _topic(topic: str) -> Callable[[Example], int | None]:
    return lambda e: None if e.topics is None else int(topic in e.topics)


def _evidence(topic: str) -> Callable[[str], float]:
    return lambda text: _all_evidence(text).get(topic, 0.0)


@lru_cache(maxsize=200_000)
def _all_evidence(text: str) -> dict[str, float]:
    return topics.evidence(text)


def _enough(answers: Sequence[int | None]) -> bool:
    return min(answers.count(1), answers.count(0)) >= MIN_EXAMPLES
