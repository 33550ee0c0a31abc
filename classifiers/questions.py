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

FORWARD: Final = "forward"
PASSED_ON: Final = "passed_on"
"""Labels of the rumor columns for messages people pass on: rumor or not among them, and whether a text is one."""

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

    `by_shape` asks for rumor style of headlines, of longer texts and of passed on messages apart: what a headline must
    not say, a message of three hundred characters may well say once.
    """
    found = [
        Question("rumor", "", _rumor(False if by_shape else None), _style),
        Question("debunk", "", lambda e: e.debunk, _refutes),
        Question("emergency", "", lambda e: e.emergency, lambda text: hazards.judge(text).logit),
    ]
    if by_shape:
        found.append(Question("rumor", "message", _rumor(True), _style))
        found.append(Question("rumor", FORWARD, _forward, None))
        found.append(Question("rumor", PASSED_ON, _passed_on, None))
    found += [Question("hazard", hazard, _hazard(hazard), None) for hazard in HAZARDS]
    found += [
        Question("topics", topic, _topic(topic), _evidence(topic)) for topic in TOPICS if topic != "other"
    ]
    return [question for question in found if _enough([question.answer(e) for e in examples])]


def _forward(example: Example) -> int | None:
    """Rumor style among what people really passed on, and our own forwards.

    Ordinary texts are left out on purpose: with them such a column learns what passed on messages look like
    and forgets which of them are rumors.
    """
    if example.weak or not _like_a_message(example.joined) or (example.group and not _own_forward(example)):
        return None
    return example.rumor


def _passed_on(example: Example) -> int | None:
    """Whether a longer text, or one of several lines, is such a message at all, rather than news or an answer."""
    if example.rumor is None or not _like_a_message(example.joined):
        return None
    return int(not example.weak and (not example.group or _own_forward(example)))


def _like_a_message(text: str) -> bool:
    """Long, with an address or of several lines: what the columns of messages may be asked about."""
    return features.is_message(text) or features.is_forward(text)


def _own_forward(example: Example) -> bool:
    """Our own sentences that have the form of what is passed on: the files `forwarded_*`, and templates of rumors."""
    return example.group.startswith("forwarded_") or (
        example.group.startswith("rumor_") and example.rumor == 1
    )


def _rumor(message: bool | None) -> Callable[[Example], int | None]:
    return lambda e: e.rumor if message is None or features.is_message(e.joined) == message else None


def _refutes(text: str) -> float:
    return stance.debunks(text).logit


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
