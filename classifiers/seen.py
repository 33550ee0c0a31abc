"""Texts with what the models say of them, computed once for all questions.

    joined texts → margins of every space, in one step where they are many → Seen: one text and its margins

Many texts and one text give the same numbers: `batch` adds up as `Space.margins` does. Decides nothing: `assess` does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import Final

from classifiers import batch, features, spelling, topics
from classifiers.batch import Batch
from classifiers.model import Model, Parts, Question
from classifiers.reading import Reading
from classifiers.run import Numbered, Run
from classifiers.scanner import Scanner

FEW: Final = 6
"""Fewer texts are looked at one by one: arrays have a price of their own."""


class Seen:
    """One text: its reading, its plain form, the margin of every column of every space."""

    __slots__ = ("_at", "_batches", "_evidence", "_parts", "margins", "model", "plain", "text")

    def __init__(
        self,
        model: Model | None,
        text: Reading,
        plain: str,
        margins: Sequence[Sequence[float]],
        batches: Sequence[Batch] | None = None,
        at: int = 0,
    ) -> None:
        """`batches`: what it was looked at with, where it is the text number `at`; None for a text alone."""
        self.model, self.text, self.plain, self.margins = model, text, plain, margins
        self._batches, self._at = batches, at
        self._parts: dict[int, Parts] = {}
        self._evidence: Mapping[str, float] | None = None

    def margin(self, asked: Question) -> float:
        """The raw margin of a question's column."""
        return self.margins[asked.space][asked.at]

    def words(
        self, asked: Question, also: Collection[str], chance: float, silent: float
    ) -> list[tuple[str, float]]:
        """What each phrase adds to the log-odds of a question: at least those that `reasons.strongest` may tell where
        the written rules have found `also`. Texts that have this `chance` when the rules say nothing, which is
        `silent` in log-odds, are expected to be asked as well."""
        assert self.model is not None
        if self._batches:
            least = asked.column.margin(chance, silent)
            telling = self._batches[asked.space].telling(asked.at, least)
            if telling is not None and self._at in telling:
                return telling.of(self._at, also)
        found = self.model.spaces[asked.space].shares(self._known(asked.space), asked.at)
        return [(word, asked.column.slope * weight) for word, weight in found.items()]

    def _known(self, space: int) -> Parts:
        """The known features, for the reasons."""
        known = self._parts.get(space)
        if known is None:
            assert self.model is not None
            alone = self.model.spaces[space]
            known = self._batches[space].parts(self._at) if self._batches else alone.parts(self.plain)
            self._parts[space] = known
        return known

    @property
    def is_message(self) -> bool:
        """Whether this is a message or an article rather than a headline."""
        return features.says_message(self.text, self.plain)

    @property
    def evidence(self) -> Mapping[str, float]:
        """What the written rules for topics find."""
        if self._evidence is None:
            self._evidence = topics.evidence(self.text)
        return self._evidence


class Eye:
    """Looks at texts with one model: prepared once, for many texts at a time."""

    def __init__(self, model: Model | None, scanner: Scanner) -> None:
        self._model, self._scanner = model, scanner
        self._spaces = model.spaces if model else ()

    @cached_property
    def _vocabularies(self) -> list[Numbered]:
        return [Numbered(space.terms) for space in self._spaces]

    def look(self, texts: Sequence[str]) -> list[Seen]:
        """Each normalised text with its margins."""
        if len(texts) < FEW:
            return [self.alone(text) for text in texts]
        plain = spelling.plain(texts)
        try:
            run = Run(plain)
        except ValueError:
            return [self.alone(text) for text in texts]
        batches = [
            batch.read(run, one, space) for one, space in zip(self._vocabularies, self._spaces, strict=True)
        ]
        tables = [one.margins.tolist() for one in batches]
        return [
            Seen(self._model, reading, plain[at], [rows[at] for rows in tables], batches, at)
            for at, reading in enumerate(self._scanner.read(texts))
        ]

    def alone(self, text: str) -> Seen:
        """One normalised text with its margins."""
        plain = features.plain(text)
        found = features.features(plain)
        margins = [space.margins(found).tolist() for space in self._spaces]
        return Seen(self._model, self._scanner.alone(text), plain, margins)
