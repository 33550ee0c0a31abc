"""Everything the classifiers say about a batch of texts.

    Text → normalised → rules (emergency, stance, topics, audiences) ┐
                      → plain → features → margins of every space    ┴→ Assessment, in the same order

Without a model the rules carry on alone and the version says so. Does not load anything, does not look at the clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property
from typing import Final, Protocol

from classifiers import features, hazards, lexicon, rules, spelling, stance, topics
from classifiers.model import Model, Question, sigmoid
from classifiers.questions import FORWARD, PASSED_ON
from classifiers.reading import Wording
from classifiers.reasons import strongest
from classifiers.scanner import Scanner
from classifiers.seen import FEW, Eye, Seen
from classifiers.signals import Assessment, Because, Emergency, Signal, TopicScore
from classifiers.taxonomy import HAZARDS
from classifiers.text import LIMIT, Text

RULES: Final = "rules"
"""The version of an assessment that no model took part in."""

_AUTHORITY_FLOOR: Final = 0.5
_MAY_REFUTE: Final = 0.3  # from this score of a refutation on a title alone makes nobody a suspect
_FLOOR_EVIDENCE: Final = -2.0
_NO_WORDS: Final = 0.3
"""Share of its score that a text of hardly more than an address keeps: no words, no finding."""
_OVER: Final = 0.05
"""The most that a text scores which only says that a response is called off: under every threshold, and worth its category."""
_WITNESSED: Final = -0.5
"""Evidence of the rules from which the model neither silences somebody who is there and tells of harm, nor calls it a rumor."""
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

_ARGUES: Final = -1.0
_SURE: Final = 0.5
"""Texts argue for many reasons (不是, 没有, 真相). What is longer than a title, and what has no phrase of refutation, refutes
from this score on; what people pass on only with such a phrase."""

_ARTICLE: Final = 500
"""A longer text below a title is an article: among its many words some are always a rumor's. Its title is judged."""

_LEXICONS: Final = ("emergency", "debunk", "rumor", "topics", "audiences")
_MOST_TEXTS: Final = 256
_MOST_CHARACTERS: Final = 60_000
"""Of texts that are looked at together: their arrays stay within a few megabytes."""

_OTHER: Final = (TopicScore("other", 0.5),)
_RULE_THRESHOLDS: Final = {"rumor": 0.6, "debunk": 0.5, "emergency": 0.35}


class Gazetteer(Protocol):
    """What this needs of `regions.Gazetteer`."""

    @property
    def wordings(self) -> Sequence[Wording]:
        """Its patterns, to be looked for in many texts at once."""

    def find(self, text: str) -> tuple[str, ...]:
        """Six-digit codes, most specific first."""


class Assessor:
    """Assess texts with one model and one gazetteer; both may be missing.

    `untouched`: scores of refutations stay as the model gave them where the rules took the flag away. For choosing thresholds.
    """

    def __init__(self, model: Model | None, gazetteer: Gazetteer | None, untouched: bool = False) -> None:
        self._model = model
        self._gazetteer = gazetteer
        self._untouched = untouched

    @cached_property
    def _eye(self) -> Eye:
        places = self._gazetteer.wordings if self._gazetteer else ()
        return Eye(
            self._model, Scanner([lexicon.load(name) for name in _LEXICONS], [*rules.written(), *places])
        )

    def assess(self, texts: Sequence[Text]) -> list[Assessment]:
        """One assessment a text, in order. Same text, same answer, whatever the batch."""
        if len(texts) < FEW:
            return self._part(texts)
        return [one for part in _parts(texts) for one in self._part(part)]

    def _part(self, texts: Sequence[Text]) -> list[Assessment]:
        """So many texts that looking at them together pays, and so few that it takes little memory."""
        if len(texts) < FEW:
            return [self._one(text, self._eye.alone(text.joined), {}) for text in texts]
        seen = self._eye.look(spelling.joined(texts))
        titles = list(dict.fromkeys(text.title for text in texts if text.title and text.body))
        read = self._eye.look(spelling.joined([Text(title, "") for title in titles]))
        known = dict(zip(titles, read, strict=True))
        return [self._one(text, one, known) for text, one in zip(texts, seen, strict=True)]

    def _one(self, text: Text, seen: Seen, titles: Mapping[str, Seen]) -> Assessment:
        joined = seen.text
        refutes = stance.debunks(joined)
        debunk = _signal(seen, "debunk", refutes)
        if not debunk.flag and stance.plainly(joined, refutes):
            debunk = Signal(max(debunk.score, _PLAINLY), True, debunk.because or refutes.because)
        passed_on = not text.title and _is_passed_on(seen)
        if debunk.flag and (
            stance.spreads_or_asks(joined) or _only_argues(seen, debunk.score, refutes, passed_on)
        ):
            debunk = replace(debunk, flag=False)
        style = stance.reads_like_rumor(joined)
        rumor = _signal(seen, "rumor", style, FORWARD if passed_on else "")
        if text.title and text.body and len(joined) > _ARTICLE:
            rumor = self._by_title(text.title, titles) or replace(rumor, flag=False)
        elif not rumor.flag and text.title and text.body and not _may_refute(debunk, refutes):
            rumor = self._by_title(text.title, titles) or rumor
        verdict = hazards.judge(joined)
        tells = _tells_of_harm(verdict, debunk.flag) and not stance.spreads_or_asks(joined)
        if debunk.flag or tells or stance.only_asks(joined):
            rumor = replace(rumor, flag=False)
        if stance.only_links(joined):
            rumor = Signal(round(_NO_WORDS * rumor.score, 6), False)
        return Assessment(
            rumor=rumor,
            debunk=debunk if self._untouched else _agreeing(seen, debunk),
            emergency=self._emergency(seen, text, verdict, debunk.flag),
            topics=_topics(seen),
            audiences=topics.audiences(joined),
            regions=self._gazetteer.find(joined) if self._gazetteer else (),
            model=self._model.version if self._model else RULES,
        )

    def _by_title(self, title: str, titles: Mapping[str, Seen]) -> Signal | None:
        """The title's own signal where it reads like a rumor by itself: a calm lead does not take that back."""
        seen = titles.get(title) or self._eye.alone(Text(title, "").joined)
        if stance.only_asks(seen.text):
            return None
        signal = _signal(seen, "rumor", stance.reads_like_rumor(seen.text))
        return signal if signal.flag else None

    def _emergency(self, seen: Seen, text: Text, verdict: hazards.Verdict, refutes: bool) -> Emergency:
        signal = _signal(seen, "emergency", stance.Stance(verdict.logit, verdict.because))
        score = signal.score
        # A text that refutes "an earthquake is coming" is full of the earthquake's words.
        flag = signal.flag and (not refutes or score >= _BESIDE_A_REFUTATION)
        official = verdict.warning is not None and verdict.warning.action != "cancel"
        if (
            official
            or _tells_of_harm(verdict, refutes)
            or (text.authority and verdict.logit > _FLOOR_EVIDENCE)
        ):
            score, flag = max(score, _AUTHORITY_FLOOR), True
        if verdict.over:
            score, flag = min(score, _OVER), False
        likely = flag or verdict.hazard is not None or score >= _WORTH_A_CATEGORY
        hazard, category = _kind(seen, verdict) if likely else (None, None)
        return Emergency(
            score=score,
            flag=flag,
            category=category,
            hazard=hazard,
            level=verdict.warning.level if verdict.warning else None,
            because=signal.because,
            warning=verdict.warning,
        )


def _parts(texts: Sequence[Text]) -> Iterator[Sequence[Text]]:
    """The texts in order, in parts that end with the text that fills them."""
    start = filled = 0
    for at, text in enumerate(texts):
        filled += min(LIMIT, len(text.title) + len(text.body))
        if filled >= _MOST_CHARACTERS or at - start >= _MOST_TEXTS:
            yield texts[start : at + 1]
            start, filled = at + 1, 0
    if start < len(texts):
        yield texts[start:]


def _agreeing(seen: Seen, debunk: Signal) -> Signal:
    """A refutation's signal whose score does not say yes where the rules have said no: words alone refute nothing."""
    asked = _question(seen.model, seen, "debunk", "") if seen.model else None
    threshold = asked.column.threshold if asked else _RULE_THRESHOLDS["debunk"]
    if debunk.flag or debunk.score < threshold:
        return debunk
    return replace(debunk, score=round(debunk.score * threshold * _EXPLAINED_FROM, 6))


def _tells_of_harm(verdict: hazards.Verdict, refutes: bool) -> bool:
    """Whether somebody who is there tells of harm, for which the rules have evidence enough."""
    return verdict.in_need and verdict.logit > _WITNESSED and not refutes


def _may_refute(debunk: Signal, refutes: stance.Stance) -> bool:
    """Whether a text leans so far towards refuting that its title alone accuses nobody."""
    return debunk.flag or (debunk.score >= _MAY_REFUTE and refutes.logit >= _ARGUES)


def _only_argues(seen: Seen, score: float, refutes: stance.Stance, passed_on: bool) -> bool:
    """Whether a text has words of refutation without refuting."""
    if refutes.logit >= _ARGUES:
        return score < _SURE and seen.is_message
    return passed_on or score < _SURE


def _is_passed_on(seen: Seen) -> bool:
    """Whether this is a message that people pass on: by its outward shape, and by its words."""
    if seen.model is None or not features.is_forward(seen.text):
        return False
    asked = seen.model.questions.get(("rumor", PASSED_ON))
    return asked is not None and asked.column.probability(seen.margin(asked)) >= asked.column.threshold


def _signal(seen: Seen, task: str, rules: stance.Stance, label: str = "") -> Signal:
    """A yes/no question: the model's column joined with the rules, or the rules alone."""
    asked = _question(seen.model, seen, task, label) if seen.model else None
    if asked is None:
        score, threshold, trust = sigmoid(rules.logit), _RULE_THRESHOLDS[task], 1.0
    else:
        score = asked.column.probability(seen.margin(asked), rules.logit)
        threshold, trust = asked.column.threshold, asked.column.trust
    because: tuple[Because, ...] = ()
    if score >= threshold * _EXPLAINED_FROM:
        words = _words(seen, asked, rules, threshold * _EXPLAINED_FROM) if asked else []
        because = strongest([*words, *((r.term, trust * r.weight) for r in rules.because)])
    if not because and not (asked and asked.column.label):
        # Nothing in the text speaks for it (a title of unknown words): the bias alone is no finding.
        score = min(score, threshold * _EXPLAINED_FROM)
    return Signal(round(score, 6), score >= threshold, because)


def _words(
    seen: Seen, asked: Question, rules: stance.Stance, explained_from: float
) -> list[tuple[str, float]]:
    """What the text's phrases say, beside the reasons of the rules."""
    also = {reason.term for reason in rules.because}
    return seen.words(asked, also, explained_from, _silent()[asked.column.task])


@cache
def _silent() -> Mapping[str, float]:
    """What the rules say of each question where they find nothing, in log-odds."""
    rumor, debunk = stance.reads_like_rumor(""), stance.debunks("")
    return {"rumor": rumor.logit, "debunk": debunk.logit, "emergency": hazards.judge("").logit}


def _question(model: Model, seen: Seen, task: str, label: str) -> Question | None:
    """The column for this text: a model may have one of its own for longer texts, and one for passed on messages."""
    if label:
        return model.questions.get((task, label))
    own = model.questions.get((task, "message"))
    return own if own and seen.is_message else model.questions.get((task, ""))


def _kind(seen: Seen, verdict: hazards.Verdict) -> tuple[str | None, str | None]:
    """Hazard and category: the rules' word for it, unless the model is clearly of another mind."""
    panel = seen.model.panels.get("hazard") if seen.model else None
    if verdict.warning is not None or panel is None:
        return verdict.hazard, verdict.category
    scores = panel.chances(seen.margins)
    for label in verdict.denied:  # the model reads 爆炸 and not the 未引发 before it
        scores.pop(label, None)
    if verdict.hazard:
        scores[verdict.hazard] = scores.get(verdict.hazard, 0.0) + _RULES_SAY
    best = max(scores, key=lambda label: scores[label])
    return best if scores[best] >= _A_GUESS else None, HAZARDS[best].category


def _topics(seen: Seen) -> tuple[TopicScore, ...]:
    """Topics over their thresholds, best first; `other` where none is."""
    panel = seen.model.panels.get("topics") if seen.model else None
    if panel is not None:
        named = [TopicScore(topic, round(p, 4)) for topic, p in panel.said(seen.margins, seen.evidence)]
    else:
        named = [TopicScore(t, round(sigmoid(w - 1.5), 4)) for t, w in seen.evidence.items() if w >= 2]
    if not named:
        return _OTHER
    named.sort(key=lambda topic: (-topic.score, topic.topic))
    return tuple(named)
