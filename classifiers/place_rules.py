"""Does a place's name, found in a text, mean the place?

上高 stands in 上高速, 樟树 is a tree, 铜鼓 a drum, and there is a 高安路 in other cities. A name is taken
when it is whole (上高县), when its city or province stands right before it, or when it is cut as a word of its
own and is nobody else's word; a name that is also an ordinary word needs company. Names and their traps come
from the gazetteer's rows; the rules are about Chinese, not about one city. Does not know what a code means.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from classifiers.places import named, province_of
from classifiers.tokens import words

# After the name these make it something else: a road, a hall, a town of that name in another county.
_ELSE_AFTER = re.compile(
    r"(?:[东西南北中]?[一二三四五]?路(?!口)|街(?![头道上])|大街|巷|大道|镇|村(?![民委支])|乡(?![镇村亲])"
    r"|岭|寺|庙|山路|桥(?!东)|弄|胡同|里小区|广场|大厦|公寓|大酒店|饭店)"
)
# After the name these say that it is the place, even when its characters could be cut another way.
_PLACE_AFTER = re.compile(
    r"(?:等[地县市区]|[县市区](?!场|价|值)|籍|境内|城区|县城|全[县市区]|当地|本地|各地|一[男女家公企工农村居民小学幼司老业]"
    r"|警方|公安|交警|民警|特警|消防|法院|检察|政府|县委|市委|纪委|人民|[一二三四五六]中|中心医院|医院|中医院|卫健|疾控"
    r"|教育局|教体|气象|水利|应急|融媒|电视台|发布|通报|官方|文旅|工业园|高新区|经开区|产业园|农商行|籍贯|话(?:[，。？！]|$)"
    r"|大桥|车站|火车站|高铁站|收费站|东站|北站|南站|西站|服务区|新增|疫情|封控|解封|[突]?发(?:生|现)|地震|暴雨|洪水|内涝|火灾|爆炸|车祸|坍塌)"
)
_LIST = re.compile(r"(?:、|和|及|与|到|至|—|-|——|/|·| )$")
_NUMERAL_WORD = re.compile(r"^[一-鿿][一二三四五六七八九十]$")


@dataclass(frozen=True)
class Name:
    """One spelling of one division, with what is known against it."""

    text: str
    code: str
    level: str
    parent: str
    whole: bool
    ambiguous: bool
    distinct: bool
    not_before: tuple[str, ...]
    not_after: tuple[str, ...]


@dataclass(frozen=True)
class Candidate:
    """A name at its place in a text: characters start to end."""

    start: int
    end: int
    name: Name


@dataclass(frozen=True)
class Reader:
    """What every text of one city is read with."""

    provinces: frozenset[str]
    spellings: frozenset[str]


@dataclass(frozen=True)
class _Scene:
    text: str
    cuts: frozenset[int]
    home: frozenset[int]
    abroad: frozenset[int]
    anchored: bool
    reader: Reader


def judge(text: str, candidates: Sequence[Candidate], reader: Reader) -> list[Candidate]:
    """The candidates that mean the place, in their order."""
    scene = _look(text, reader)
    sure = [one for one in candidates if one.name.level != "township" and _certain(one, scene)]
    ends = scene.home | {one.end for one in sure}
    known = {one.name.code for one in sure}
    accepted = list(sure)
    for one in candidates:
        if one in sure:
            continue
        if one.name.level == "township":
            taken = _township(one, scene, ends, known)
        else:
            taken = _company(one, scene, ends, anchored=scene.anchored or bool(sure))
        if taken:
            accepted.append(one)
            ends = ends | {one.end}
    return sorted(accepted, key=lambda one: (one.start, one.name.code))


def _look(text: str, reader: Reader) -> _Scene:
    """Cut the text once and note where its own province and other places end."""
    cuts, offset = {0}, 0
    for word in words(text):
        at = text.find(word, offset)
        if at < 0:
            continue
        cuts.update((at, at + len(word)))
        offset = at + len(word)
    home: set[int] = set()
    abroad: set[int] = set()
    for start, name, province in named(text):
        if name in reader.spellings:
            continue
        ours = any(province_of(one) == province for one in reader.provinces)
        end = start + len(name)
        end += text[end : end + 1] in ("省", "市")
        (home if ours and name in (province, *reader.provinces) else abroad).add(end)
    return _Scene(text, frozenset(cuts), frozenset(home), frozenset(abroad), bool(home), reader)


def _certain(one: Candidate, scene: _Scene) -> bool:
    """Right by itself: whole, or its province or place-word beside it, or a word that is nothing else."""
    if _spoilt(one, scene) or one.start in scene.abroad:
        return False
    if _after_home(one.start, scene, scene.home):
        return not _crosses_right(one, scene) or _says_place(one, scene)
    if one.name.whole:
        return one.start in scene.cuts and not _market(one, scene)
    aligned = one.start in scene.cuts and one.end in scene.cuts
    if one.name.ambiguous:
        return one.start in scene.cuts and _says_place(one, scene) and not _crosses_right(one, scene)
    return aligned and not _other_thing(one, scene)


def _company(one: Candidate, scene: _Scene, ends: frozenset[int] | set[int], *, anchored: bool) -> bool:
    """Right because of what stands around it: a list of counties, or its province elsewhere in the text."""
    if _spoilt(one, scene) or one.start in scene.abroad:
        return False
    if _after_home(one.start, scene, ends):
        return not _crosses_right(one, scene) or _says_place(one, scene)
    aligned = one.start in scene.cuts and one.end in scene.cuts
    return anchored and aligned and not _other_thing(one, scene)


def _township(one: Candidate, scene: _Scene, ends: frozenset[int] | set[int], known: set[str]) -> bool:
    """A township's name is shared all over the country: it counts beside its county or city, or if unique."""
    if _spoilt(one, scene) or one.start in scene.abroad:
        return False
    if one.name.parent in known or any(code[:4] == one.name.parent[:4] for code in known):
        return True
    return one.name.distinct and not scene.abroad


def _after_home(start: int, scene: _Scene, ends: frozenset[int] | set[int]) -> bool:
    """Does the name follow its province, its city or an accepted sister, directly or in a list?"""
    if start in ends:
        return True
    before = _LIST.sub("", scene.text[:start])
    return len(before) in ends and len(before) < start


def _spoilt(one: Candidate, scene: _Scene) -> bool:
    before, after = scene.text[: one.start], scene.text[one.end :]
    return before.endswith(one.name.not_before) or after.startswith(one.name.not_after)


def _says_place(one: Candidate, scene: _Scene) -> bool:
    after = scene.text[one.end : one.end + 8]
    return bool(_PLACE_AFTER.match(after)) or _names_township(one, scene)


def _names_township(one: Candidate, scene: _Scene) -> bool:
    return any(
        scene.text.startswith(spelling, one.end) for spelling in scene.reader.spellings if len(spelling) > 2
    )


def _other_thing(one: Candidate, scene: _Scene) -> bool:
    after = scene.text[one.end : one.end + 8]
    return bool(_ELSE_AFTER.match(after)) and not _names_township(one, scene)


def _market(one: Candidate, scene: _Scene) -> bool:
    """樟树市场 is a market, not a city."""
    return one.name.text.endswith("市") and scene.text.startswith("场", one.end)


def _crosses_right(one: Candidate, scene: _Scene) -> bool:
    """Does a word begin inside the name and end behind it, as 高速 in 上高速? (高一 does not count.)"""
    if one.end in scene.cuts:
        return False
    inside = [cut for cut in scene.cuts if one.start < cut < one.end]
    if not inside:
        return False
    crossing_end = min((cut for cut in scene.cuts if cut > one.end), default=len(scene.text))
    return not _NUMERAL_WORD.match(scene.text[max(inside) : crossing_end])
