"""The written rules for emergencies: what happened, and what only sounds like it.

    text → hits of the lexicon → evidence in log-odds, best hazard → Verdict

Rules stand alone when there is no model, label headlines for training, and join the model when there is one. They
do not know places and do not trust a source; authority is added in `assess`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from classifiers import lexicon, warnings
from classifiers.lexicon import Hit
from classifiers.signals import Because, Warning
from classifiers.taxonomy import HAZARDS

_BASE: Final = -4.0
_HAZARD: Final = {3.0: 4.2, 2.0: 2.2, 1.0: 0.8}
_CUES: Final = {"casualty": 2.0, "rescue": 1.6, "event": 1.2, "warning": 1.4, "closure": 2.6}
_MORE: Final = 0.4
"""A second hit of the same kind of cue adds this share of the first."""

_CASUALTIES: Final = re.compile(
    r"\d+(?:余|多)?(?:人|名|死|伤)[^,。;!?]{0,6}?(?:死|亡|伤|遇难|失联|被困|失踪|获救|受灾|送医|感染|确诊|中毒|转移)|致?\d+死"
)
_COUNTED: Final = re.compile(
    r"新增[^,。]{0,8}\d+例|\d+例[^,。]{0,6}(?:确诊|感染|病例)|\d(?:\.\d)?级地震|[里氏]?\d\.\d级"
)
_WIDE: Final = re.compile(r"全[市县区城省线校]|多地|多[区县省]|大面积|大规模|所有学校|各学校")
_QUESTION: Final = re.compile(r"[吗呢么]\??$|^如何(?!看待)|^怎[么样]|^为什么|^为何")


@dataclass(frozen=True)
class Verdict:
    """What the rules say: evidence in log-odds, its reasons, the likeliest hazard."""

    logit: float
    hazard: str | None
    because: tuple[Because, ...]
    warning: Warning | None
    negatives: frozenset[str]

    @property
    def category(self) -> str | None:
        """The category of the hazard, where there is one."""
        return HAZARDS[self.hazard].category if self.hazard else None


def judge(text: str) -> Verdict:
    """Weigh a normalised text. Linear in its length; the title should come first."""
    hits = lexicon.load("emergency").find(text)
    warning = warnings.read(text)
    positive = [hit for hit in hits if hit.weight > 0]
    because = _hazard_reasons(positive) + _cue_reasons(positive) + _pattern_reasons(text)
    if warning is not None:
        because.append(Because(f"{warning.kind}预警", 4.5))
    negatives = {hit.kind: hit for hit in hits if hit.weight < 0}
    if because and warning is None:
        because += [Because(hit.term, hit.weight / 2) for hit in negatives.values()]
        if _QUESTION.search(text):
            because.append(Because("?", -1.5))
    best = warnings.hazard(warning) if warning else _best_hazard(positive)
    logit = _BASE + sum(reason.weight for reason in because)
    return Verdict(logit, best, tuple(because), warning, frozenset(negatives))


def _hazard_reasons(hits: list[Hit]) -> list[Because]:
    found = sorted((hit for hit in hits if hit.kind in HAZARDS), key=lambda hit: -hit.weight)
    reasons = [Because(hit.term, _HAZARD[hit.weight]) for hit in found[:1]]
    reasons += [Because(hit.term, _MORE * _HAZARD[hit.weight]) for hit in found[1:3]]
    return reasons


def _cue_reasons(hits: list[Hit]) -> list[Because]:
    reasons: list[Because] = []
    for kind, weight in _CUES.items():
        found = [hit for hit in hits if hit.kind == kind]
        reasons += [Because(hit.term, weight) for hit in found[:1]]
        reasons += [Because(hit.term, _MORE * weight) for hit in found[1:2]]
    return reasons


def _pattern_reasons(text: str) -> list[Because]:
    reasons: list[Because] = []
    for pattern, weight in ((_CASUALTIES, 2.0), (_COUNTED, 2.5), (_WIDE, 0.6)):
        found = pattern.search(text)
        if found:
            reasons.append(Because(found.group(), weight))
    return reasons


def _best_hazard(hits: list[Hit]) -> str | None:
    """The hazard with the most weight; on a tie the one named first."""
    totals: dict[str, float] = {}
    for hit in hits:
        if hit.kind in HAZARDS:
            totals[hit.kind] = totals.get(hit.kind, 0.0) + hit.weight
    return max(totals, key=lambda kind: totals[kind]) if totals else None
