"""Read an official warning (气象、水利、地质、地震预警) out of a text.

    "宜春市气象台2026年6月3日08时发布暴雨橙色预警信号"
    | issuer  宜春市气象台      | kind 暴雨      | level orange      | action issue

Reads only what the sentence says; does not author a warning, does not know which areas it is for. A text that only
mentions a warning without naming what kind it is gives None.
"""

from __future__ import annotations

import re
from typing import Final

from classifiers.reading import Wording
from classifiers.signals import Warning
from classifiers.taxonomy import LEVELS

KINDS: Final[dict[str, str]] = {
    "暴雨": "rainstorm",
    "强降雨": "rainstorm",
    "暴雪": "cold_wave",
    "寒潮": "cold_wave",
    "低温": "cold_wave",
    "霜冻": "cold_wave",
    "冰冻": "cold_wave",
    "道路结冰": "cold_wave",
    "道路冰雪": "cold_wave",
    "低温雨雪冰冻": "cold_wave",
    "电线积冰": "cold_wave",
    "持续低温": "cold_wave",
    "大雪": "cold_wave",
    "高温": "heat",
    "高温中暑": "heat",
    "高温热浪": "heat",
    "干旱": "drought",
    "气象干旱": "drought",
    "枯水": "drought",
    "台风": "typhoon",
    "雷电": "thunderstorm_hail",
    "雷暴": "thunderstorm_hail",
    "雷暴大风": "thunderstorm_hail",
    "雷雨大风": "thunderstorm_hail",
    "大风": "thunderstorm_hail",
    "海上大风": "thunderstorm_hail",
    "冰雹": "thunderstorm_hail",
    "强对流": "thunderstorm_hail",
    "强对流天气": "thunderstorm_hail",
    "沙尘": "thunderstorm_hail",
    "沙尘暴": "thunderstorm_hail",
    "龙卷风": "thunderstorm_hail",
    # A meteorological disaster by the ordinance on them (气象灾害防御条例, art. 2), so no accident: with wind and dust.
    "大雾": "thunderstorm_hail",
    "浓雾": "thunderstorm_hail",
    "霾": "environmental_pollution",
    "重污染天气": "environmental_pollution",
    "空气重污染": "environmental_pollution",
    "洪水": "flood",
    "山洪": "flood",
    "山洪灾害": "flood",
    "山洪灾害气象": "flood",
    "洪涝": "flood",
    "内涝": "flood",
    "风暴潮": "flood",
    "海浪": "flood",
    "海啸": "flood",
    "中小河流洪水": "flood",
    "地质灾害": "geological",
    "地质灾害气象": "geological",
    "地质灾害气象风险": "geological",
    "滑坡": "geological",
    "森林火险": "forest_fire",
    "森林草原火险": "forest_fire",
    "地震": "earthquake",
}
"""What a warning is about → hazard code."""

_LEVELS: Final = {
    **dict.fromkeys(("红", "Ⅰ", "I", "一"), "red"),
    **dict.fromkeys(("橙", "Ⅱ", "II", "二"), "orange"),
    **dict.fromkeys(("黄", "Ⅲ", "III", "三"), "yellow"),
    **dict.fromkeys(("蓝", "Ⅳ", "IV", "四"), "blue"),
}
_KIND: Final = "|".join(sorted(KINDS, key=len, reverse=True))
# The kind, up to six characters of decoration (气象风险), the level by colour or number, then 预警.
_WARNING: Final = Wording(
    rf"(?P<kind>{_KIND})(?:灾害|气象|风险|天气|等级|预警|\(|\)|、){{0,4}}"
    r"(?:(?P<colour>[红橙黄蓝])色?|(?P<number>III|II|IV|I|[一二三四])级)"
    r"(?:\(?[红橙黄蓝]色?\)?)?\)?(?:预警|警报)"
)
_LEVELLESS: Final = Wording(rf"(?P<kind>{_KIND})(?:灾害|气象|风险|天气){{0,3}}预警(?:信号|响应)?")
# What it was changed to: 暴雨黄色预警信号升级为橙色, 将地质灾害气象风险预警变更为红色(Ⅰ级).
_CHANGED: Final = Wording(
    r"^[^,。;:]{0,6}(?:为|至|到)[^,。;:]{0,8}?(?:(?P<colour>[红橙黄蓝])色|(?P<number>III|II|IV|I|[一二三四])级)"
)
# A map of levels: 宜春北部为橙色预警区, 萍乡为黄色预警区.
_AREA: Final = Wording(r"(?P<colour>[红橙黄蓝])色(?:预警)?区")
_BEFORE: Final = Wording(r"(?P<colour>[红橙黄蓝])色$")
_ACT: Final = Wording(r"发布|继续发布|变更|升级|升格|降级|更新|解除|取消|撤销|拉响|维持|生效")
_ISSUER: Final = Wording(
    r"(?P<issuer>[一-龥]{0,12}?(?:气象台|气象局|应急管理[局厅部]|水利[局厅部]|水务局|水文局|水文(?:水资源)?(?:监测|测报)?中心"
    r"|自然资源[局厅部]|地震局|地震台网|防汛抗旱指挥部|防指|生态环境[局厅]|海洋预报台|海洋环境预报中心|气候中心|疾控中心|疾病预防控制中心"
    r"|(?:森林|森林草原)防灭?火指挥部(?:办公室)?|重污染天气应急指挥部(?:办公室)?|国家预警信息发布中心|林业局|林草局))"
)
_LESSON: Final = Wording(
    r"演练|演习|模拟|含义|什么意思|意味着什么|一图|读懂|看懂|区别|怎么办|如何应对|知识|科普|指南|标准|等级划分|防御指引|讲解|进校园|灾难片|年前"
)
_HEAD: Final = 60
"""A lesson or a drill says so at its beginning; a real warning may end with advice."""
_MAP: Final = 80
"""Characters behind a warning in which it may say which areas have which level."""
_CANCEL: Final = Wording(r"解除|取消|撤销")
_UPDATE: Final = Wording(r"继续发布|变更|升级|升格|降级|降为|升为|更新|维持")
# Words in front of an issuer that are not part of its name.
_NOT_NAME: Final = Wording(r"^.*?(?:从|据|和|与|由|及|请|昨|今|在|被|获悉|联合|通知)(?=[一-龥]{2})")


def read(text: str) -> Warning | None:
    """The first official warning in the normalised `text`, or None; a drill or a lesson about warnings is none."""
    found = _WARNING.search(text)
    level: str | None = None
    if found:
        level = _level(found)
    else:
        found = _LEVELLESS.search(text)
        if not found or not _ACT.search(text):
            return None
    if _LESSON.search(text[:_HEAD]):
        return None
    changed = _CHANGED.search(text[found.end() : found.end() + 30])
    before = _BEFORE.search(text[max(0, found.start() - 2) : found.start()])
    level = _level(changed) if changed else level or (_LEVELS[before.group("colour")] if before else None)
    level = level or _highest(text[found.end() : found.end() + _MAP])
    around = text[max(0, found.start() - 60) : found.end() + 30]
    return Warning(issuer=_issuer(around), level=level, kind=found.group("kind"), action=_action(around))


def hazard(warning: Warning) -> str:
    """The hazard code a warning is about."""
    return KINDS[warning.kind]


def _level(found: re.Match[str]) -> str:
    parts = found.groupdict()
    return _LEVELS[parts["colour"] or parts["number"]]


def _highest(text: str) -> str | None:
    """The highest level that a warning without one gives to an area."""
    found = {_LEVELS[area.group("colour")] for area in _AREA.finditer(text)}
    return next((level for level in LEVELS if level in found), None)


def _issuer(around: str) -> str | None:
    found = _ISSUER.search(around)
    if not found:
        return None
    return _NOT_NAME.sub("", found.group("issuer")) or None


def _action(around: str) -> str:
    if _CANCEL.search(around):
        return "cancel"
    return "update" if _UPDATE.search(around) else "issue"
