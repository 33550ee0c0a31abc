"""What speaks for a question's score in many texts at once: the reasons that `Space.shares` finds one text at a time.

    features of all texts → their shares of a column, character by character, a line a text
    words of all texts    → phrases as they are told, where each begins and ends
    → of each text the phrases that tell something

Shares are added up in the order in which `Space.shares` adds them, so the numbers are the same to the last bit. Phrases
that tell too little to be a reason are left out, as are single characters: `reasons.strongest` would drop both.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from classifiers.model import Floats
from classifiers.reasons import LEAST, LONGEST_RUN
from classifiers.run import Found, Run

_PLANE: Final = 0x10000
_NONE: Final = -1
Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Spread:
    """Known features of a run, in the order in which a text's own are added up: text, row, first character and the one
    behind the last, counted from the beginning of the text."""

    texts: Numbers
    rows: Numbers
    starts: Numbers
    ends: Numbers


def spread(run: Run, found: Found) -> Spread:
    """Every known feature of every text."""
    edges = np.zeros(len(run.words) + 1, np.int64)
    np.cumsum(run.word_lengths, out=edges[1:])
    edges += 1  # the run's code points begin with one that stands for no text
    parts = [
        _placed(found.singles, found.text_of_word, edges[:-1], edges[1:], run),
        _placed(found.couples[:-1], found.text_of_word[:-1], edges[:-2], edges[2:], run),
    ]
    for size, rows in ((1, found.ones), (2, found.twos), (3, found.threes)):
        if len(rows):
            places = np.arange(len(rows))
            texts = run.text_of_code if size == 1 else run.text_of_group
            parts.append(_placed(rows, texts[: len(rows)], places, places + size, run))
    columns: list[Numbers] = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return Spread(*columns)


def _placed(
    rows: NDArray[np.int32], texts: Numbers, starts: Numbers, ends: Numbers, run: Run
) -> tuple[Numbers, ...]:
    """Those of one kind that have a row and stand within one text."""
    known = np.flatnonzero(rows >= 0)
    texts, starts, ends = texts.take(known), starts.take(known), ends.take(known)
    first = run.starts.take(texts)
    starts, ends = starts - first, ends - first
    within = (starts >= 0) & (ends < run.starts.take(texts + 1) - first)
    if not within.all():
        known, texts, starts, ends = known[within], texts[within], starts[within], ends[within]
    return texts, rows.take(known).astype(np.int64), starts, ends


@dataclass(frozen=True, eq=False)
class Phrases:
    """The phrases of a run that have two characters or more, text after text: `reasons.phrases` of each."""

    plain: Sequence[str]
    texts: Numbers
    starts: Numbers
    ends: Numbers

    @cached_property
    def cuts(self) -> list[int]:
        """Where each text's begin; one more than texts."""
        cuts: list[int] = np.searchsorted(self.texts, np.arange(len(self.plain) + 1)).tolist()
        return cuts

    def of(self, text: int) -> list[str]:
        """Those of one text, in order."""
        some, whole = slice(self.cuts[text], self.cuts[text + 1]), self.plain[text]
        places = zip(self.starts[some].tolist(), self.ends[some].tolist(), strict=True)
        return [whole[start:end] for start, end in places]


def phrases_of(run: Run, found: Found) -> Phrases:
    """Neighbouring single characters are put together, up to three."""
    lengths = run.word_lengths
    ends = np.cumsum(lengths)
    starts = ends - lengths
    code = run.codes[1:].take(starts)  # the first character of each word
    single = (lengths == 1) & _letters().take(np.minimum(code, _PLANE - 1))
    for place in np.flatnonzero((lengths == 1) & (code >= _PLANE)).tolist():
        single[place] = run.words[place].isalpha()
    places = np.arange(len(lengths))
    since = places - np.maximum.accumulate(
        np.where(single, -1, places)
    )  # 1 for the first single one of a run
    begins = np.flatnonzero(~single | (since % LONGEST_RUN == 1))
    edges = np.append(starts.take(begins), ends[-1:])
    texts = found.text_of_word.take(begins)
    several = np.flatnonzero(np.diff(edges) > 1)
    texts, first = texts.take(several), run.starts.take(texts.take(several)) - 1
    return Phrases(run.texts, texts, edges.take(several) - first, edges.take(several + 1) - first)


@cache
def _letters() -> NDArray[np.bool_]:
    """Which of the first 65,536 characters are letters; the last stands for all beyond and is looked at one by one."""
    return np.array([chr(code).isalpha() for code in range(_PLANE - 1)] + [False])


class Telling:
    """What speaks for one column's score in those texts of a run that are asked about together."""

    def __init__(
        self, texts: Numbers, features: Spread, weights: Floats, slope: float, phrases: Phrases
    ) -> None:
        """`texts`: their numbers, ascending; `weights`: what each of the run's features adds to the column's margin."""
        self._phrases, self._slope = phrases, slope
        lines = np.full(len(phrases.plain), _NONE, np.int64)
        lines[texts] = np.arange(len(texts))
        self._lines = lines.tolist()
        width = max(len(phrases.plain[text]) for text in texts.tolist()) + 1
        own = lines.take(features.texts)
        some = np.flatnonzero(own != _NONE)
        starts, ends = features.starts.take(some), features.ends.take(some)
        shares, first, room = weights.take(some) / (ends - starts), own.take(some) * width, len(texts) * width
        steps = np.bincount(first + starts, shares, room) - np.bincount(first + ends, shares, room)
        up_to = np.zeros((len(texts), width + 1))
        np.cumsum(np.cumsum(steps.reshape(len(texts), width), axis=1), axis=1, out=up_to[:, 1:])
        own = lines.take(phrases.texts)
        some = np.flatnonzero(own != _NONE)
        own = own.take(some)
        self._before = up_to[own, phrases.starts.take(some)]
        self._after = up_to[own, phrases.ends.take(some)]
        self._cuts: list[int] = np.searchsorted(own, np.arange(len(texts) + 1)).tolist()
        told = np.flatnonzero(slope * (self._after - self._before) > LEAST)
        self._told: list[int] = told.tolist()
        self._told_cuts: list[int] = np.searchsorted(told, self._cuts).tolist()

    def __contains__(self, text: int) -> bool:
        return self._lines[text] != _NONE

    def of(self, text: int, also: Collection[str]) -> list[tuple[str, float]]:
        """Phrases of one text with what they add, in log-odds: all that add more than `LEAST`, and those in `also`."""
        line, names = self._lines[text], self._phrases.of(text)
        first = self._cuts[line]
        told = [at - first for at in self._told[self._told_cuts[line] : self._told_cuts[line + 1]]]
        places = dict(zip(names, range(len(names)), strict=True))
        if len(places) < len(names):
            return self._each(line, names)
        told += [place for term in also if (place := places.get(term)) is not None and place not in told]
        after, before, slope = self._after, self._before, self._slope
        return [(names[at], slope * float(after[first + at] - before[first + at])) for at in told]

    def _each(self, line: int, names: Sequence[str]) -> list[tuple[str, float]]:
        """All phrases, where one of them stands in the text more than once."""
        some = slice(self._cuts[line], self._cuts[line + 1])
        totals: dict[str, float] = {}
        for name, after, before in zip(
            names, self._after[some].tolist(), self._before[some].tolist(), strict=True
        ):
            totals[name] = totals.get(name, 0.0) + after - before
        return [(name, self._slope * total) for name, total in totals.items()]
