"""A sighting: one thing somebody saw, with what the classifiers said of it. The value that triage and priority read.

Does not judge texts: that has been done. `Evidence` is the same fact as a row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Final
from uuid import UUID

from classifiers.signals import Assessment, Emergency
from content.cases import CaseKind


class SightingKind(StrEnum):
    ITEM = "item"  # a story of a source
    TIP = "tip"  # somebody of the public asks
    ALERT = "alert"  # an official alert in force (CAP, status Actual)
    HAND = "hand"  # an editor's own note


# News that itself asks whether something holds: "…是真的吗？" belongs before an editor like a question from the public.
ASKS: Final = re.compile(
    r"(是真的?吗|真的假的|是真是假|真相是什么|靠谱吗|可信吗|能信吗|到底(能|会|有|是)[^。!！]{1,20}[?？])"
)
ASKS_WITHIN: Final = 200  # characters of a text that are searched


@dataclass(frozen=True)
class Sighting:
    """`source` tells sources apart (an id); `story` is the source's own identity of the story, over all its revisions.

    `url` is canonical. `assessment` is None when the classifiers could not be asked. `stated` is the kind that an
    editor gave by hand.
    """

    id: UUID
    kind: str
    source: str
    seen_at: datetime
    authority: bool = False
    title: str = ""
    text: str = ""
    url: str | None = None
    story: str | None = None
    revision: int = 1
    assessment: Assessment | None = None
    stated: str | None = None

    @property
    def emergency(self) -> Emergency | None:
        """What makes it an emergency, or None. A warning that is taken back (解除) is none."""
        if self.assessment is None or not self.assessment.emergency.flag:
            return None
        found = self.assessment.emergency
        return None if found.warning is not None and found.warning.action == "cancel" else found

    @property
    def debunks(self) -> bool:
        """Whether it refutes something itself."""
        return self.assessment is not None and self.assessment.debunk.flag

    @property
    def spreads(self) -> bool:
        """Whether it reads like a rumor."""
        return self.assessment is not None and self.assessment.rumor.flag

    @cached_property
    def asks(self) -> bool:
        """Whether somebody wants to know if something is true."""
        return self.kind == SightingKind.TIP or bool(
            ASKS.search(self.title) or ASKS.search(self.text[:ASKS_WITHIN])
        )

    @cached_property
    def leaning(self) -> CaseKind:
        """The kind of case that it would make alone."""
        if self.stated is not None:
            return CaseKind(self.stated)
        if self.kind == SightingKind.ALERT or (
            self.emergency is not None and self.emergency.warning is not None
        ):
            return CaseKind.EMERGENCY
        if self.debunks:
            return CaseKind.DEBUNK
        if self.emergency is not None:
            return CaseKind.EMERGENCY
        if self.spreads:
            return CaseKind.RUMOR
        return CaseKind.QUESTION if self.asks else CaseKind.NEWS


# What stands in quotation marks in a refutation (网传“……”) is the claim itself.
QUOTED: Final = re.compile(r"[“「『\"]([^“”「」『』\"]{6,80})[”」』\"]")
CLAIMS: Final = 4
CLAIM_LENGTH: Final = 800  # characters


def claims_in(sighting: Sighting) -> tuple[str, ...]:
    """The texts that may say what goes round: the title, what is quoted, and all of it. Each once, at most four."""
    whole = f"{sighting.title}。{sighting.text}" if sighting.title else sighting.text
    whole = whole[:CLAIM_LENGTH]
    found = [sighting.title, *QUOTED.findall(whole)[: CLAIMS - 2], whole]
    return tuple(dict.fromkeys(claim for claim in found if claim.strip()))


# A case is what the strongest of its sightings makes it, in whatever order they came.
STRENGTH: Final[dict[str, int]] = {
    CaseKind.NEWS: 0,
    CaseKind.DEBUNK: 1,
    CaseKind.QUESTION: 2,
    CaseKind.RUMOR: 3,
    CaseKind.EMERGENCY: 4,
}


def stronger(one: str, other: str) -> str:
    """The kind that a case has when it holds both."""
    return max(one, other, key=lambda kind: STRENGTH[kind])
