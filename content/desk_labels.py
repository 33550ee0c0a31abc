"""What an editor's decision says about the texts behind a case, for learning. Pure.

    statement (这条是谣言文风／辟谣／突发事件／普通消息) → answers to the classifiers' three questions
    verdict of a publication                            → rumor style of what spread it, or nothing
    rows                                                → those that stand

A label is about how a text reads, not about its truth; so a verdict teaches only about texts that spread the claim. What
the public sent in teaches nothing: it may hold their own lives, and it asks rather than says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol, TypeVar
from uuid import UUID

from content.cases import CaseKind
from content.sightings import Sighting, SightingKind


class Said(StrEnum):
    RUMOR = "rumor"  # 文风像谣言
    DEBUNK = "debunk"  # 本身在辟谣
    EMERGENCY = "emergency"  # 突发事件
    ORDINARY = "ordinary"  # 普通消息，都不是
    NOTHING = "nothing"  # takes back what was stated before


class Basis(StrEnum):
    STATED = "stated"  # an editor said it on the page of the case
    DISMISSED = "dismissed"  # said while closing the case
    VERDICT = "verdict"  # a publication answers the case
    MERGED = "merged"  # two cases are the same matter


@dataclass(frozen=True)
class Answer:
    """One question answered; None takes an answer back."""

    task: str
    answer: int | None
    hazard: str | None = None


SAME: Final = "same"
_MEANS: Final[dict[Said, tuple[tuple[str, int | None], ...]]] = {
    # Of a rumor about a flood nobody has said whether there is a flood.
    Said.RUMOR: (("rumor", 1), ("debunk", 0)),
    Said.DEBUNK: (("rumor", 0), ("debunk", 1)),
    Said.EMERGENCY: (("rumor", 0), ("debunk", 0), ("emergency", 1)),
    Said.ORDINARY: (("rumor", 0), ("debunk", 0), ("emergency", 0)),
    Said.NOTHING: (("rumor", None), ("debunk", None), ("emergency", None)),
}
_STYLE: Final = {"false": 1, "misleading": 1, "out_of_context": 1, "true": 0}


def of_statement(said: Said, hazard: str | None = None) -> tuple[Answer, ...]:
    """What a statement answers. A hazard is kept for an emergency only."""
    kept = hazard if said == Said.EMERGENCY else None
    return tuple(Answer(task, answer, kept if task == "emergency" else None) for task, answer in _MEANS[said])


def of_verdict(sighting: Sighting, verdict: str | None) -> tuple[Answer, ...]:
    """What the verdict on a claim says of a text that spread it; nothing for official texts, refutations, questions."""
    style = _STYLE.get(verdict or "")
    if style is None or not teaches(sighting) or sighting.authority or sighting.asks:
        return ()
    return () if sighting.leaning in (CaseKind.DEBUNK, CaseKind.EMERGENCY) else (Answer("rumor", style),)


def teaches(sighting: Sighting) -> bool:
    """Whether labels may be about this text at all: stories of sources and editors' own notes."""
    return sighting.kind in (SightingKind.ITEM, SightingKind.ALERT, SightingKind.HAND)


class Row(Protocol):
    """What this needs of a stored label."""

    at: datetime
    evidence_id: UUID
    task: str
    answer: int | None
    other_id: UUID | None
    basis: str
    editor: str


R = TypeVar("R", bound=Row)


def standing(rows: Iterable[R]) -> list[R]:
    """Of rows in the order they were written: each editor's last word on each question about each text.

    What was stated outweighs what was concluded from another act; an answer that was taken back is none.
    """
    stated: dict[tuple[object, ...], R] = {}
    concluded: dict[tuple[object, ...], R] = {}
    for row in rows:
        key = (row.evidence_id, row.task, row.other_id, row.editor)
        kind = stated if row.basis == Basis.STATED else concluded
        if row.answer is None:
            kind.pop(key, None)
        else:
            kind.pop(key, None)
            kind[key] = row
    return [*stated.values(), *(row for key, row in concluded.items() if key not in stated)]
