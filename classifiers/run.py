"""Many plain texts as one run, so that their features are looked up together and not one string at a time.

    texts  → joined by a character that no text has → words of all, code points of all
           → numbers of the words, pairs of them, of the character pairs and triples: rows of a `Numbered` vocabulary

The features are those of `features.features`, number for number; a vocabulary may also have single characters, and pairs
and triples with `APART` where a text begins or ends. Does not weigh them: `batch.py` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from typing import Final

import numpy as np
from numpy.typing import NDArray

from classifiers import tokens
from classifiers.table import ABSENT, Int32s, Int64s, Table

APART: Final = "\0"
"""Stands between two texts of a run; a normalised text has no control characters."""

_STEP: Final = 21  # bits of one code point: three of them fit into one number exactly
_HALF: Final = 31  # bits of the number of a word: two of them as well
_NONE: Final = np.zeros(0, np.int64)


class Run:
    """Plain texts one after the other. ValueError where one holds `APART` or a space: such a text is read alone."""

    def __init__(self, texts: Sequence[str]) -> None:
        joined = APART.join(texts)
        if " " in joined or joined.count(APART) != len(texts) - 1:
            raise ValueError("not plain texts")
        self.texts, self.size = texts, len(texts)
        self.words = tokens.words(joined)
        edged = f"{APART}{joined}{APART}"
        self.codes = np.frombuffer(edged.encode("utf-32-le"), np.uint32).astype(np.int64)
        """`APART`, the texts with `APART` between them, `APART`."""
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        self.starts = np.concatenate([[1], np.cumsum(lengths + 1) + 1])
        """Where each text begins in `codes`; one more than texts."""

    @cached_property
    def word_lengths(self) -> Int64s:
        """The characters of each word."""
        return np.fromiter(map(len, self.words), np.int64, len(self.words))

    @cached_property
    def twos(self) -> Int64s:
        """The character pair that begins at each code point, as one number."""
        pairs: Int64s = (self.codes[:-1] << _STEP) | self.codes[1:]
        return pairs

    @cached_property
    def threes(self) -> Int64s:
        """The character triple that begins at each code point."""
        triples: Int64s = (self.twos[:-1] << _STEP) | self.codes[2:]
        return triples

    @cached_property
    def text_of_code(self) -> Int64s:
        """The number of the text that each code point belongs to; the `APART` after a text is its own."""
        owned = np.diff(self.starts)
        owned[0] += 1
        return np.repeat(np.arange(self.size), owned)

    @property
    def text_of_group(self) -> Int64s:
        """The number of the text that the pair or triple that begins at each code point belongs to."""
        # With an `APART` in front it is the beginning of the text that follows.
        return self.text_of_code[1:]


@dataclass(frozen=True, eq=False)
class Found:
    """The rows of a run's features, `ABSENT` where the vocabulary has none; positions as in the run."""

    singles: Int32s
    couples: Int32s
    ones: Int32s
    """None at all where the vocabulary has no single characters."""
    twos: Int32s
    threes: Int32s
    word_starts: NDArray[np.int64]
    """Where each text's words begin; one more than texts, the words between texts counted as theirs."""
    text_of_word: Int64s


class Numbered:
    """A vocabulary's terms by kind: words, word pairs, single characters, pairs and triples of them."""

    def __init__(self, terms: Sequence[str]) -> None:
        self._words: dict[str, int] = {APART: 0}
        ones, twos, threes, couples, singles = (_Rows() for _ in range(5))
        by_size = {1: ones, 2: twos, 3: threes}
        for row, term in enumerate(terms):
            first, space, second = term.partition(" ")
            if not space:
                if len(term) in by_size:
                    by_size[len(term)].add(_packed(term), row)
            elif not first:
                singles.add(self._number(second), row)
            else:
                couples.add(self._number(first) << _HALF | self._number(second), row)
        self._singles = np.full(len(self._words), ABSENT, np.int32)
        self._singles[singles.keys] = singles.rows
        self._couples, self._twos, self._threes = couples.table(), twos.table(), threes.table()
        self._ones = ones.table() if ones.keys else None

    def _number(self, word: str) -> int:
        return self._words.setdefault(word, len(self._words))

    def find(self, run: Run) -> Found:
        """The rows of every feature of a run."""
        numbers = np.fromiter(map(self._words.get, run.words, repeat(ABSENT)), np.int64, len(run.words))
        between = numbers == 0
        singles = self._singles.take(numbers)
        singles[numbers == ABSENT] = ABSENT
        both = np.flatnonzero((numbers[:-1] > 0) & (numbers[1:] > 0))
        couples = np.full(len(numbers), ABSENT, np.int32)
        couples[both] = self._couples.rows((numbers.take(both) << _HALF) | numbers.take(both + 1))
        ends = np.flatnonzero(between) + 1
        return Found(
            singles=singles,
            couples=couples,
            ones=self._ones.rows(run.codes) if self._ones else np.zeros(0, np.int32),
            twos=self._twos.rows(run.twos),
            threes=self._threes.rows(run.threes),
            word_starts=np.concatenate([[0], ends, [len(numbers) + 1]]),
            text_of_word=np.cumsum(between),
        )


class _Rows:
    def __init__(self) -> None:
        self.keys: list[int] = []
        self.rows: list[int] = []

    def add(self, key: int, row: int) -> None:
        self.keys.append(key)
        self.rows.append(row)

    def table(self) -> Table:
        return Table(np.array(self.keys, np.int64), np.array(self.rows, np.int32))


def _packed(term: str) -> int:
    number = 0
    for character in term:
        number = number << _STEP | ord(character)
    return number
