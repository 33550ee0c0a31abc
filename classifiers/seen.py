"""Texts with what the models say of them, computed once for all questions.

    joined texts → Group: margins of every space, in one step where they are many → Seen: one text of the group

Many texts and one text give the same numbers: `batch` adds up as `Space.margins` does. Decides nothing: `assess` does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final

import numpy as np

from classifiers import batch, features, spelling, topics
from classifiers.batch import Batch
from classifiers.model import Column, Floats, Model, Panel, Parts
from classifiers.run import Numbered, Run
from classifiers.scanner import Scanner

FEW: Final = 6
"""Fewer texts are looked at one by one: arrays have a price of their own."""


class Group:
    """Texts that were looked at together."""

    def __init__(
        self, model: Model | None, texts: Sequence[str], plain: Sequence[str], batches: Sequence[Batch] | None
    ) -> None:
        self.model, self.texts, self.plain, self._batches = model, texts, plain, batches
        self._parts: dict[tuple[int, int], Parts] = {}
        self.chances: dict[str, Floats] = {}
        self.margins = self._margins()
        """Texts × columns, a space. Always asked for, so made at once."""

    def _margins(self) -> list[Floats]:
        if self._batches is not None:
            return [one.margins for one in self._batches]
        found = [features.features(text) for text in self.plain]
        spaces = self.model.spaces if self.model else ()
        return [np.array([space.margins(one) for one in found]) for space in spaces]

    def parts(self, at: int, space: int) -> Parts:
        """The known features of a text, for its reasons."""
        known = self._parts.get((at, space))
        if known is None:
            assert self.model is not None
            alone = self.model.spaces[space]
            known = self._batches[space].parts(at) if self._batches else alone.parts(self.plain[at])
            self._parts[at, space] = known
        return known

    def probabilities(self, panel: Panel, task: str) -> Floats:
        """Texts × labels of a task."""
        found = self.chances.get(task)
        if found is None:
            rules = self.evidence if task == "topics" else [{}] * len(self.texts)
            found = self.chances[task] = panel.probabilities(self.margins, rules)
        return found

    @cached_property
    def evidence(self) -> list[Mapping[str, float]]:
        """What the written rules for topics find in each text."""
        return [topics.evidence(text) for text in self.texts]


class Seen:
    """One text of a group."""

    def __init__(self, group: Group, at: int) -> None:
        self.group, self.at, self.model = group, at, group.model
        self.text = group.texts[at]
        self._is_message: bool | None = None

    def margin(self, place: tuple[int, int]) -> float:
        """The raw margin of a column (space, number)."""
        return float(self.group.margins[place[0]][self.at, place[1]])

    def words(self, place: tuple[int, int], column: Column) -> list[tuple[str, float]]:
        """What each phrase adds to a column's log-odds."""
        assert self.group.model is not None
        found = self.group.model.spaces[place[0]].shares(self.group.parts(self.at, place[0]), place[1])
        return [(word, column.slope * weight) for word, weight in found.items()]

    @property
    def is_message(self) -> bool:
        """Whether this is a message or an article rather than a headline."""
        if self._is_message is None:
            self._is_message = features.says_message(self.text, self.group.plain[self.at])
        return self._is_message

    def chances(self, panel: Panel, task: str) -> Floats:
        """The probability of each label of a task."""
        found: Floats = self.group.probabilities(panel, task)[self.at]
        return found

    def evidence(self) -> Mapping[str, float]:
        """What the written rules for topics find."""
        return self.group.evidence[self.at]


class Eye:
    """Looks at texts with one model: prepared once, for many texts at a time."""

    def __init__(self, model: Model | None, scanner: Scanner) -> None:
        self._model, self._scanner = model, scanner

    @cached_property
    def _vocabularies(self) -> list[Numbered]:
        return [Numbered(space.terms) for space in self._model.spaces] if self._model else []

    def look(self, texts: Sequence[str]) -> list[Seen]:
        """Each normalised text with its margins."""
        if len(texts) < FEW:
            return [self._alone(text) for text in texts]
        plain = spelling.plain(texts)
        try:
            run = Run(plain)
        except ValueError:
            return [self._alone(text) for text in texts]
        spaces = self._model.spaces if self._model else ()
        batches = [batch.read(run, one, space) for one, space in zip(self._vocabularies, spaces, strict=True)]
        group = Group(self._model, self._scanner.read(texts), plain, batches)
        return [Seen(group, at) for at in range(len(texts))]

    def _alone(self, text: str) -> Seen:
        return Seen(Group(self._model, [self._scanner.alone(text)], [features.plain(text)], None), 0)
