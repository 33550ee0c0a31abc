"""Names of provinces, prefectures and countries: is this text about somewhere else?

Facts come from the packaged `data/places.txt`. Nothing here knows one city's counties: that is `regions.py`,
which is told them. Does not resolve a name to a code and does not look at addresses below the county.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

_SHORTEST = 2  # 京, 赣 and the like stand inside too many words to be read as places
_COUNTY = re.compile(r"([一-鿿]{2,3})(?:县|区|镇|乡|街道|村)(?![长委级域际花])")
_NOT_COUNTY = re.compile(
    r"[的了在和与是有这那某各个本全该此小社市郊山地灾景校园片林牧库禁疫老大新多几每两一二三四五六七八九十]"
    r"|开发|工业|风险|服务|公共|核心|中心|高速|自治|居民|住宅|行政|农|到|从|将|被|对|把|让|为"
)

_FACILITIES = frozenset(
    [
        "水库",
        "大桥",
        "中学",
        "小学",
        "大学",
        "医院",
        "煤矿",
        "公园",
        "小区",
        "社区",
        "市场",
        "农贸市场",
        "菜市场",
        "车站",
        "机场",
        "村",
        "镇",
        "乡",
        "街道",
    ]
)
_FACILITY = re.compile("|".join(sorted(_FACILITIES)))
_NOT_A_NAME = re.compile(
    r"[在到将被把的了和与各全本某该这那一个每有是从对去来让使]|发现|封闭|封锁|关闭|取消|所有|部分|附近|全市|新型|大型|多个|出现"
)


@dataclass(frozen=True)
class Province:
    """One province-level unit with the names it goes by and the prefectures in it."""

    name: str
    short: str
    prefectures: tuple[str, ...]


@cache
def provinces() -> tuple[Province, ...]:
    """Every line of the packaged list, in its order."""
    text = (resources.files("classifiers") / "data" / "places.txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return tuple(_province(line) for line in lines)


def _province(line: str) -> Province:
    names, _, below = line.partition(":")
    full, short = names.split()[:2]
    return Province(full, short, tuple(below.split()))


@cache
def _table() -> dict[str, str]:
    """Every known name to the province it lies in (a country to itself)."""
    table: dict[str, str] = {}
    for one in provinces():
        abroad = one.name == "国外"
        if not abroad:
            table[one.name] = table[one.short] = one.short
        for name in one.prefectures:
            table.setdefault(name, name if abroad else one.short)
    return table


@cache
def _pattern() -> re.Pattern[str]:
    """Grouped by first character: hundreds of names side by side were all tried at every place."""
    rests: dict[str, list[str]] = defaultdict(list)
    for name in sorted((n for n in _table() if len(n) >= _SHORTEST), key=lambda n: (-len(n), n)):
        rests[name[0]].append(re.escape(name[1:]))
    return re.compile("|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in rests.items()))


def province_of(name: str) -> str | None:
    """The short name of the province that `name` lies in, or None when it is not on the list."""
    return _table().get(name)


def named(text: str) -> list[tuple[int, str, str]]:
    """(offset, name, province) of every listed place in `text`, in order, never overlapping."""
    table = _table()
    return [(m.start(), m.group(), table[m.group()]) for m in _pattern().finditer(text)]


def mentioned(text: str, tokens: Sequence[str] = ()) -> frozenset[str]:
    """Places a text names: listed ones by their short name, counties (云和县) and, from its words, 青山水库."""
    found = {_short(name) for _, name, _ in named(text)}
    found.update(match.group() for match in _COUNTY.finditer(text) if not _NOT_COUNTY.search(match.group(1)))
    for before, kind in pairwise(tokens):
        if kind in _FACILITIES and len(before) > 1 and not _NOT_A_NAME.search(before):
            found.add(before + kind)
    return frozenset(found)


def names_a_facility(text: str) -> bool:
    """Whether `mentioned` can find anything in the words of this text, so that cutting it may be spared."""
    return _FACILITY.search(text) is not None


def apart(ours: Set[str], theirs: Set[str]) -> bool:
    """Do two texts speak of different places?

    信阳 and 河南 may be one, and so may 信阳 and 平桥县; 信阳 and 洛阳 are not, nor are 青山水库 and 红旗水库.
    """
    table = _table()
    known = [{name for name in side if name in table} for side in (ours, theirs)]
    if all(known) and not any(_may_be_one(a, b) for a in known[0] for b in known[1]):
        return True
    local = [{name for name in side if name not in table} for side in (ours, theirs)]
    kinds = {name[-1] for name in local[0]} & {name[-1] for name in local[1]}
    return any(
        not any(_may_be_one(a, b) for a in local[0] if a[-1] == kind for b in local[1] if b[-1] == kind)
        for kind in sorted(kinds)
    )


def _may_be_one(one: str, other: str) -> bool:
    if one in other or other in one:
        return True
    table = _table()
    home = table.get(one)
    return home is not None and home == table.get(other) and home in (one, other)


def _short(name: str) -> str:
    for one in provinces():
        if name == one.name:
            return one.short
    return name
