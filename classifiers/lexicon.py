"""Word lists that a person can read and extend, found in a text in linear time.

A lexicon is a packaged file of lines `kind<TAB>weight<TAB>terms separated by spaces`; `#` starts a comment. Where
terms overlap the longest wins, so a figurative phrase (信息爆炸) hides the hazard inside it (爆炸). Terms have at
least two characters. Does not normalise and does not judge: the rules weigh what is found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from classifiers.reading import Reading

_FOLDER: Final = Path(__file__).parent / "lexicons"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a term says: its `kind` (a hazard code or a kind of cue) and its weight."""

    kind: str
    weight: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A term found at `start` of a text."""

    start: int
    term: str
    kind: str
    weight: float

    @property
    def end(self) -> int:
        """Where the term ends (exclusive)."""
        return self.start + len(self.term)


class Lexicon:
    """Terms of one question; `find` is O(length of text × longest term)."""

    def __init__(self, entries: Iterable[tuple[str, Entry]]) -> None:
        self._entries: dict[str, Entry] = {}
        lengths: dict[str, set[int]] = {}
        for term, entry in entries:
            if len(term) < 2:
                raise ValueError(f"term {term!r} has fewer than two characters")
            self._entries[term] = entry
            lengths.setdefault(term[:2], set()).add(len(term))
        self._lengths = {head: tuple(sorted(found, reverse=True)) for head, found in lengths.items()}

    def __len__(self) -> int:
        return len(self._entries)

    def terms(self, kind: str) -> tuple[str, ...]:
        """All terms of one kind, as written in the file."""
        return tuple(term for term, entry in self._entries.items() if entry.kind == kind)

    @property
    def heads(self) -> Iterable[str]:
        """The first two characters of every term."""
        return self._lengths.keys()

    def find(self, text: str) -> list[Hit]:
        """Terms in order of position; a term inside a longer one is not reported."""
        return text.hits(self) if type(text) is Reading else self.at(text, range(len(text) - 1))

    def at(self, text: str, starts: Sequence[int]) -> list[Hit]:
        """As `find`, where terms begin at none but these places."""
        hits: list[Hit] = []
        covered = 0
        lengths, entries = self._lengths, self._entries
        for start in starts:
            for length in lengths.get(text[start : start + 2], ()):
                term = text[start : start + length]
                entry = entries.get(term)
                if entry is not None:
                    if start + length > covered:
                        covered = start + length
                        hits.append(Hit(start, term, entry.kind, entry.weight))
                    break
        return hits


@cache
def load(name: str) -> Lexicon:
    """The packaged lexicon `name`; ValueError names the file and line that is wrong."""
    path = _FOLDER / f"{name}.tsv"
    rows: list[tuple[str, Entry]] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            kind, weight, terms = line.split("\t")
            rows.extend((term, Entry(kind, float(weight))) for term in terms.split())
        except ValueError as error:
            raise ValueError(f"{path.name}, line {number}: {error}") from error
    return Lexicon(rows)
