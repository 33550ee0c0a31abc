"""Disciplines by their GB/T 13745-2009 codes (学科分类与代码), and which of them answer for a hazard or a topic.

Facts come from the packaged `data/disciplines.tsv`; the relations in `data/related.tsv` are the house's own judgement.
Holds all first-level classes (three digits) and the second-level ones (five digits) that science advice calls for. Does not
know the third level and does not rank anybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final

# How near a discipline is: the very class (or one inside it), or only the broad class around it.
EXACT: Final = 1.0
BROAD: Final = 0.6


def _lines(name: str) -> Iterator[list[str]]:
    text = (resources.files("expert_db") / "data" / name).read_text("utf-8")
    return (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))


@cache
def names() -> Mapping[str, str]:
    """Code to Chinese name, in code order."""
    return MappingProxyType(dict(_lines("disciplines.tsv")))


@cache
def _codes_by_name() -> Mapping[str, str]:
    # 生理学 and the like are unique on both levels kept here; the first one wins if that ever changes.
    table: dict[str, str] = {}
    for code, name in names().items():
        table.setdefault(name, code)
    return table


def name(code: str) -> str:
    """The Chinese name of a code. Raises KeyError for an unknown one."""
    return names()[code]


def code_of(text: str) -> str | None:
    """The code that `text` means: a code (also written 170.15 or 17015大气科学) or a name; None if it is neither."""
    clean = text.strip()
    digits = clean.replace(".", "").replace("·", "")
    if digits in names():
        return digits
    if clean in _codes_by_name():
        return _codes_by_name()[clean]
    for length in (5, 3):
        head, rest = digits[:length], digits[length:].strip(" -—:：")
        if head in names() and rest == names()[head]:
            return head
    return None


def parent(code: str) -> str:
    """The first-level class that a code lies in."""
    return code[:3]


@cache
def related(kind: str, subject: str) -> tuple[str, ...]:
    """Codes that answer for a subject, nearest first; `kind` is 'hazard' or 'topic'. Empty for an unknown one."""
    for row_kind, row_subject, codes in _lines("related.tsv"):
        if (row_kind, row_subject) == (kind, subject):
            return tuple(codes.split())
    return ()


def nearness(disciplines: tuple[str, ...], kind: str, subject: str) -> float:
    """How near somebody with these disciplines is to a subject: 0 (not at all), BROAD or EXACT."""
    wanted = related(kind, subject)
    best = 0.0
    for code in disciplines:
        if any(code.startswith(one) for one in wanted):
            return EXACT
        if any(one.startswith(code) for one in wanted):
            best = BROAD
    return best
