"""Label ordinary headlines by our own written rules, so that a model can learn from them.

The rules answer only where they are sure; elsewhere the task stays None and ignores the line. Headlines are ordinary
news, so none is a rumor by style unless its wording is suspicious enough to stay unlabelled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import cycle
from typing import Final

import xxhash

from classifiers import hashed_labels, hazards, stance, topics
from classifiers.examples import Example
from classifiers.text import Text

_SURE: Final = 1.8
_CLEAR: Final = -3.9
_PERSON: Final = 4.0
_NO_PHRASE: Final = -1.0

LEADS: Final = (1, 1, 2, 2, 3, 5)
"""Headlines that make a lead, in turn: leads of 20 to 100 characters."""
STEP: Final = 7
MOST_STORIES: Final = 3_000

SCIENCE: Final = frozenset(
    ("health", "food", "agriculture", "weather", "energy", "space", "technology", "environment")
)
"""Topics that people labelled headlines for."""


def label(example: Example) -> Example:
    """The example with what the rules are sure of; labels it brings are kept."""
    text = example.joined
    verdict = hazards.judge(text)
    refutes, style = stance.debunks(text).logit, stance.reads_like_rumor(text).logit
    emergency = _emergency(verdict)
    debunk = 1 if refutes >= _SURE else 0 if refutes <= -3.5 else None
    return replace(
        example,
        emergency=example.emergency if example.emergency is not None else emergency,
        hazard=example.hazard or (verdict.hazard if emergency else None),
        debunk=example.debunk if example.debunk is not None else debunk,
        rumor=example.rumor if example.rumor is not None else 0 if debunk == 1 or style < -2.0 else None,
        topics=example.topics if example.topics is not None else _topics(text),
        weak=True,
    )


def refutes_nothing(example: Example) -> Example:
    """The example; one that people judged and that has no refuting phrase is said to refute nothing.

    Forwarded messages argue (不是, 没有, 真相) as refutations do; without such lines their rumors are hidden as debunks.
    """
    if (
        example.rumor is not None
        and not example.group
        and example.debunk is None
        and stance.debunks(example.joined).logit <= _NO_PHRASE
    ):
        return replace(example, debunk=0)
    return example


def sample(
    examples: Iterable[Example], every: int, known: Mapping[str, Mapping[str, str]]
) -> Iterator[Example]:
    """Labelled headlines: all that a person labelled, all emergencies and debunks, one in `every` of the rest.

    `known` are labels that people gave to single headlines (hashed_labels); they win over the rules.
    """
    for example in examples:
        drawn = xxhash.xxh32_intdigest(example.joined.encode()) % every == 0
        given = known.get(hashed_labels.key(example.joined))
        labelled = label(example)
        if given:
            yield _by_person(labelled, given)
        elif drawn or labelled.emergency == 1 or labelled.debunk == 1:
            yield labelled


def stories(drawn: Sequence[Example]) -> Iterator[Example]:
    """Ordinary stories of a title and a lead, made of neighbouring ordinary headlines: being longer is no rumor style.

    A feed brings leads, and headlines alone would leave every longer ordinary text to the posts and forwards.
    """
    ordinary = [one for one in drawn if one.rumor == 0 and one.emergency == 0 and one.debunk == 0]
    at = 0
    for number, length in enumerate(cycle(LEADS)):
        title, lead = ordinary[at : at + 1], ordinary[at + 1 : at + 1 + length]
        if len(lead) < length or number >= MOST_STORIES:
            return
        at += STEP
        text = "，".join(one.text.joined for one in lead) + "。"
        yield Example(
            id=f"story-{number}",
            text=Text(title[0].text.joined, text),
            rumor=0,
            group=f"story:{number}",
            weak=True,
        )


def _by_person(labelled: Example, given: Mapping[str, str]) -> Example:
    """A person's answers in place of the rules'; topics that are no science are still the rules' to say."""
    if "emergency" in given:
        answer = int(given["emergency"])
        hazard = hazards.judge(labelled.joined).hazard if answer else None
        labelled = replace(labelled, emergency=answer, hazard=hazard)
    if "topics" in given:
        rest = [topic for topic in labelled.topics or () if topic not in SCIENCE]
        said = [topic for topic in given["topics"].split(",") if topic != "-"]
        labelled = replace(labelled, topics=tuple(sorted({*rest, *said})))
    return replace(labelled, weak=False, weight=_PERSON)


def _emergency(verdict: hazards.Verdict) -> int | None:
    if verdict.logit >= _SURE and not verdict.negatives:
        return 1
    if verdict.logit <= _CLEAR or (verdict.negatives and verdict.logit < -2.0):
        return 0
    return None


def _topics(text: str) -> tuple[str, ...]:
    return tuple(topic for topic, weight in sorted(topics.evidence(text).items()) if weight >= 2)
