"""Everything the classifiers say about a batch of texts.

    Text → normalised → rules (emergency, stance, topics, audiences) ┐
                      → plain → features → margins of every space    ┴→ Assessment, in the same order

Without a model the rules carry on alone and the version says so. Does not load anything, does not look at the clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np

from classifiers import features, hazards, stance, topics
from classifiers.model import Column, Floats, Model, sigmoid
from classifiers.reasons import strongest
from classifiers.signals import Assessment, Because, Emergency, Signal, TopicScore
from classifiers.taxonomy import HAZARDS
from classifiers.text import Text

RULES: Final = "rules"
"""The version of an assessment that no model took part in."""

_AUTHORITY_FLOOR: Final = 0.5
_MAY_REFUTE: Final = 0.3  # from this score of a refutation on a title alone makes nobody a suspect
_FLOOR_EVIDENCE: Final = -2.0
_A_GUESS: Final = 0.15
"""Below this a hazard is a guess (a school is closed: why?), and only its category is said."""
_PLAINLY: Final = 0.6
"""The least score of a title that refutes in so many words."""
_WORTH_A_CATEGORY: Final = 0.02
"""Below the threshold too, the desk may ask for a category: from this score on there is one."""
_BESIDE_A_REFUTATION: Final = 0.9
_RULES_SAY: Final = 0.7
"""What a hazard named by the rules is worth in the model's probability."""
_EXPLAINED_FROM: Final = 0.5
"""Words are looked for from this share of the threshold on; below it nobody asks why."""

_RULE_THRESHOLDS: Final = {"rumor": 0.6, "debunk": 0.5, "emergency": 0.35}


class Gazetteer(Protocol):
    """What this needs of `regions.Gazetteer`."""

    def find(self, text: str) -> tuple[str, ...]:
        """Six-digit codes, most specific first."""


class Assessor:
    """Assess texts with one model and one gazetteer; both may be missing."""

    def __init__(self, model: Model | None, gazetteer: Gazetteer | None) -> None:
        self._model = model
        self._gazetteer = gazetteer

    def assess(self, texts: Sequence[Text]) -> list[Assessment]:
        """One assessment a text, in order. Same text, same answer, whatever the batch."""
        return [self._one(text) for text in texts]

    def _one(self, text: Text) -> Assessment:
        joined = text.joined
        seen = _Seen(self._model, joined)
        refutes = stance.debunks(joined)
        debunk = seen.signal("debunk", refutes)
        if not debunk.flag and stance.plainly(joined, refutes):
            debunk = Signal(max(debunk.score, _PLAINLY), True, debunk.because or refutes.because)
        if debunk.flag and stance.spreads_or_asks(joined):
            debunk = Signal(debunk.score, False, debunk.because)
        rumor = seen.signal("rumor", stance.reads_like_rumor(joined))
        if not rumor.flag and text.title and text.body and debunk.score < _MAY_REFUTE:
            rumor = self._by_title(text.title) or rumor
        if debunk.flag or stance.only_asks(joined):
            rumor = Signal(rumor.score, False, rumor.because)
        return Assessment(
            rumor=rumor,
            debunk=debunk,
            emergency=self._emergency(seen, text, debunk.flag),
            topics=seen.topics(),
            audiences=topics.audiences(joined),
            regions=self._gazetteer.find(joined) if self._gazetteer else (),
            model=self._model.version if self._model else RULES,
        )

    def _by_title(self, title: str) -> Signal | None:
        """The title's own signal where it reads like a rumor by itself: a calm lead does not take that back."""
        joined = Text(title, "").joined
        if stance.only_asks(joined):
            return None
        signal = _Seen(self._model, joined).signal("rumor", stance.reads_like_rumor(joined))
        return signal if signal.flag else None

    def _emergency(self, seen: _Seen, text: Text, refutes: bool) -> Emergency:
        verdict = hazards.judge(seen.text)
        signal = seen.signal("emergency", stance.Stance(verdict.logit, verdict.because))
        score = signal.score
        # A text that refutes "an earthquake is coming" is full of the earthquake's words.
        flag = signal.flag and (not refutes or score >= _BESIDE_A_REFUTATION)
        official = verdict.warning is not None and verdict.warning.action != "cancel"
        if official or (text.authority and verdict.logit > _FLOOR_EVIDENCE):
            score, flag = max(score, _AUTHORITY_FLOOR), True
        likely = flag or verdict.hazard is not None or score >= _WORTH_A_CATEGORY
        hazard, category = seen.kind(verdict) if likely else (None, None)
        return Emergency(
            score=score,
            flag=flag,
            category=category,
            hazard=hazard,
            level=verdict.warning.level if verdict.warning else None,
            because=signal.because,
            warning=verdict.warning,
        )


class _Seen:
    """One text with its margins, computed once for all questions."""

    def __init__(self, model: Model | None, text: str) -> None:
        self.text = text
        self._model = model
        self._plain = features.plain(text)
        self._margins: list[Floats] = []
        if model is not None:
            found = features.features(self._plain)
            self._margins = [space.margins(found) for space in model.spaces]

    def signal(self, task: str, rules: stance.Stance) -> Signal:
        """A yes/no question: the model's column joined with the rules, or the rules alone."""
        place = self._place(self._model, task) if self._model else None
        words: list[Because] = []
        column: Column | None = None
        if self._model is None or place is None:
            score, threshold, trust = sigmoid(rules.logit), _RULE_THRESHOLDS[task], 1.0
        else:
            space, number = place
            column = self._model.spaces[space].columns[number]
            score = column.probability(float(self._margins[space][number]), rules.logit)
            threshold, trust = column.threshold, column.trust
            if score >= threshold * _EXPLAINED_FROM:
                found = self._model.spaces[space].contributions(self._plain, number)
                words = [Because(word, column.slope * weight) for word, weight in found]
        because: tuple[Because, ...] = ()
        if score >= threshold * _EXPLAINED_FROM:
            because = strongest([*words, *(Because(r.term, trust * r.weight) for r in rules.because)])
        if not because and not (column and column.label):
            # Nothing in the text speaks for it (a title of unknown words): the bias alone is no finding.
            score = min(score, threshold * _EXPLAINED_FROM)
        return Signal(round(score, 6), score >= threshold, because)

    def _place(self, model: Model, task: str) -> tuple[int, int] | None:
        """The column for this text: a model may have one of its own for messages."""
        own = model.places.get((task, "message"))
        return own if own and features.is_message(self.text) else model.places.get((task, ""))

    def kind(self, verdict: hazards.Verdict) -> tuple[str | None, str | None]:
        """Hazard and category: the rules' word for it, unless the model is clearly of another mind."""
        panel = self._model.panels.get("hazard") if self._model else None
        if verdict.warning is not None or panel is None:
            return verdict.hazard, verdict.category
        found = panel.probabilities(self._margins, {})
        scores = dict(zip(panel.labels, found.tolist(), strict=True))
        if verdict.hazard:
            scores[verdict.hazard] = scores.get(verdict.hazard, 0.0) + _RULES_SAY
        best = max(scores, key=lambda label: scores[label])
        return best if scores[best] >= _A_GUESS else None, HAZARDS[best].category

    def topics(self) -> tuple[TopicScore, ...]:
        """Topics over their thresholds, best first; `other` where none is."""
        evidence = topics.evidence(self.text)
        panel = self._model.panels.get("topics") if self._model else None
        if panel is not None:
            found = panel.probabilities(self._margins, evidence)
            named = [
                TopicScore(panel.labels[at], round(float(found[at]), 4))
                for at in np.flatnonzero(found >= panel.threshold)
            ]
        else:
            named = [TopicScore(t, round(sigmoid(w - 1.5), 4)) for t, w in evidence.items() if w >= 2]
        named.sort(key=lambda topic: (-topic.score, topic.topic))
        return tuple(named) or (TopicScore("other", 0.5),)
