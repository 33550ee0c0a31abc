"""Which of a city's counties does a text speak of?

    rows (deploy/cities/<city>/divisions.jsonl)
    | from_rows   → Gazetteer: one pattern over all names, facts about each
    text
    | normalise   → one spelling
    | candidates  → every place where a name stands
    | judge       → is it the place, or 上高 in 上高速?        (place_rules.py)
    | settle      → counties by first mention; the city alone when no county is named

Knows no city by itself: names, aliases and traps come from the rows. Does not geocode, does not look below
the township, and does not guess from the source of a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from classifiers.place_rules import Candidate, Name, Reader, judge
from classifiers.reading import Reading, Wording
from classifiers.text import normalise

_LEVELS = ("city", "county", "township")
_SUFFIX = re.compile(r"(?:自治县|街道|县|区|市|镇|乡)$")
_MIN_SHORT = 2


@dataclass(frozen=True)
class Division:
    """One administrative unit as its row says it."""

    code: str
    name: str
    level: str
    parent: str
    province: str
    names: tuple[Name, ...]


class Gazetteer:
    """The divisions of one city, and the reading of texts for them."""

    def __init__(self, divisions: Iterable[Division]) -> None:
        self._by_code = {one.code: one for one in divisions}
        self._names: dict[str, list[Name]] = {}
        for one in self._by_code.values():
            for name in one.names:
                self._names.setdefault(name.text, []).append(name)
        longest_first = sorted(self._names, key=lambda text: (-len(text), text))
        # A lookahead finds overlapping names too: 高安村前镇 holds 高安 and 村前镇.
        self._pattern = (
            Wording("(?=(" + "|".join(map(re.escape, longest_first)) + "))") if longest_first else None
        )
        provinces = {one.province for one in self._by_code.values() if one.province}
        self._reader = Reader(frozenset(provinces), frozenset(self._names))

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, object]]) -> Gazetteer:
        """Build from rows with `code`, `name`, `level` (city, county, township) and `parent`.

        A row may add `province`, `aliases`, `ambiguous` (the name is also an ordinary word), `not_before` and
        `not_after` (words that make it something else) and `distinct` (a township that nobody else has).
        Raises ValueError on a bad row.
        """
        return cls([_division(row) for row in rows])

    def find(self, text: str) -> tuple[str, ...]:
        """Six-digit county codes by first mention; the city's code alone if only that is named."""
        if self._pattern is None:
            return ()
        clean = text if type(text) is Reading else normalise(text)
        candidates = self._candidates(clean)
        if not candidates:
            return ()
        accepted = judge(clean, candidates, self._reader)
        counties = list(dict.fromkeys(self._county(one.name) for one in accepted if one.name.level != "city"))
        if counties:
            return tuple(counties)
        return tuple(dict.fromkeys(one.name.code for one in accepted))

    @property
    def wordings(self) -> tuple[Wording, ...]:
        """The pattern of all names, for a `Scanner` to look for."""
        return (self._pattern,) if self._pattern else ()

    def name(self, code: str) -> str:
        """The full name of a division. Raises KeyError for a code of somewhere else."""
        return self._by_code[code].name

    def counties(self) -> tuple[tuple[str, str], ...]:
        """(code, name) of every county, in code order."""
        return self._listing("county", None)

    def townships(self, code: str) -> tuple[tuple[str, str], ...]:
        """(code, name) of every township of the county `code`, in code order."""
        return self._listing("township", code)

    def _listing(self, level: str, parent: str | None) -> tuple[tuple[str, str], ...]:
        chosen = [d for d in self._by_code.values() if d.level == level and parent in (None, d.parent)]
        return tuple(sorted((d.code, d.name) for d in chosen))

    def _county(self, name: Name) -> str:
        return name.code if name.level == "county" else name.parent

    def _candidates(self, text: str) -> list[Candidate]:
        assert self._pattern is not None
        found: list[Candidate] = []
        end_of_last = 0
        for match in self._pattern.finditer(text):
            start, end = match.start(1), match.end(1)
            if end <= end_of_last:
                continue  # inside the longer name just taken: 高安 in 高安市
            found.extend(Candidate(start, end, name) for name in self._names[match.group(1)])
            end_of_last = end
        return found


def _division(row: Mapping[str, object]) -> Division:
    code, full, level = str(row.get("code") or ""), str(row.get("name") or ""), str(row.get("level") or "")
    if not code.isdigit() or not full or level not in _LEVELS:
        raise ValueError(f"not a division: code {code!r}, name {full!r}, level {level!r}")
    parent = str(row.get("parent") or "")
    return Division(
        code, full, level, parent, str(row.get("province") or ""), _names(row, code, full, level, parent)
    )


def _names(row: Mapping[str, object], code: str, full: str, level: str, parent: str) -> tuple[Name, ...]:
    """The spellings of one division: the full one, the short one of a county or city, and its aliases."""
    not_before, not_after = _strings(row, "not_before"), _strings(row, "not_after")
    ambiguous, distinct = bool(row.get("ambiguous")), bool(row.get("distinct"))

    def spelling(text: str, *, whole: bool) -> Name:
        return Name(text, code, level, parent, whole, ambiguous, distinct, not_before, not_after)

    names = [spelling(full, whole=True)]
    short = _SUFFIX.sub("", full)
    if level != "township" and short != full and len(short) >= _MIN_SHORT:
        names.append(spelling(short, whole=False))
    names.extend(spelling(alias, whole=False) for alias in _strings(row, "aliases"))
    return tuple(names)


def _strings(row: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = row.get(key) or ()
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise ValueError(f"{key} of {row.get('code')!r} must be a list of words")
    return tuple(str(word) for word in value)
