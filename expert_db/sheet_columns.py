"""The columns of the experts' spreadsheet: heading, how a cell is read, how a value is written.

`read(write(x)) == x` for every column; codes and Chinese names are both understood, names are written. Whether a whole row makes
sense is for `drafts`; whether it is new, for `importing`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from classifiers.taxonomy import AUDIENCES, HAZARDS, TOPICS
from expert_db import disciplines
from expert_db.cells import (
    CellError,
    read_date,
    read_hours,
    read_leaves,
    read_list,
    write_hours,
    write_leaves,
)
from expert_db.experts import ExpertKind

KINDS: Final = {
    "专家": ExpertKind.PERSON,
    "个人": ExpertKind.PERSON,
    "部门": ExpertKind.DEPARTMENT,
    "团队": ExpertKind.TEAM,
}
TIERS: Final = {"市级": "city", "县级": "county", "乡级": "township"}
AGREEMENTS: Final = {
    "接受任务": "assignments", "保存联系方式": "contact", "消息通知": "messages",
    "公开姓名": "public_name", "公开职称": "public_title", "公开单位": "public_unit",
}  # fmt: skip

_REFUSED: Final = "不"


@dataclass(frozen=True)
class Regions:
    """The city's divisions: code by name and name by code. Made by the shell from the city's data."""

    codes: Mapping[str, str]
    names: Mapping[str, str]

    def code(self, text: str) -> str:
        """The code that a name or a code means. Raises CellError for one of elsewhere."""
        if text in self.names:
            return text
        if text not in self.codes:
            raise CellError("unknown_value", text)
        return self.codes[text]


@dataclass(frozen=True)
class Column:
    """One column. `read` raises CellError; `read` and `write` know nothing of other columns."""

    key: str
    heading: str
    read: Callable[[str, Regions], Any]
    write: Callable[[Any, Regions], str]


def _text(cell: str, _: Regions) -> str:
    return "" if cell in ("-", "—", "/") else cell


def _same(value: Any, _: Regions) -> str:
    return str(value)


def _joined(value: Sequence[str], _: Regions) -> str:
    return "、".join(value)


def _words(cell: str, _: Regions) -> tuple[str, ...]:
    return read_list(cell)


def _coded(
    names: Mapping[str, str],
) -> tuple[Callable[[str, Regions], tuple[str, ...]], Callable[[Any, Regions], str]]:
    """Reader and writer of a list of codes; `names` is name by code."""
    codes = {name: code for code, name in names.items()}

    def read(cell: str, _: Regions) -> tuple[str, ...]:
        return tuple(_pick(part, names, codes) for part in read_list(cell))

    def write(value: Sequence[str], _: Regions) -> str:
        return "、".join(names.get(code, code) for code in value)

    return read, write


def _pick(part: str, names: Mapping[str, str], codes: Mapping[str, str]) -> str:
    if part in names:
        return part
    if part not in codes:
        raise CellError("unknown_value", part)
    return codes[part]


def _disciplines(cell: str, _: Regions) -> tuple[str, ...]:
    found = []
    for part in read_list(cell, keep_inner="、"):
        code = disciplines.code_of(part)
        if code is None:
            raise CellError("unknown_value", part)
        found.append(code)
    return tuple(dict.fromkeys(found))


def _write_disciplines(value: Sequence[str], _: Regions) -> str:
    return "；".join(f"{code}{disciplines.name(code)}" for code in value)


def _kind(cell: str, _: Regions) -> ExpertKind:
    if not cell:
        return ExpertKind.PERSON
    if cell in set(ExpertKind):
        return ExpertKind(cell)
    if cell not in KINDS:
        raise CellError("unknown_value", cell)
    return KINDS[cell]


def _tier(cell: str, _: Regions) -> str:
    tier = TIERS.get(cell, cell) or "city"
    if tier not in TIERS.values():
        raise CellError("unknown_value", cell)
    return tier


def _name_of(table: Mapping[str, Any]) -> Callable[[Any, Regions], str]:
    names = {str(code): name for name, code in reversed(list(table.items()))}
    return lambda value, _: names[str(value)]


def _regions(cell: str, regions: Regions) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(regions.code(part) for part in read_list(cell) if part not in ("全市", "全县区"))
    )


def _write_regions(value: Sequence[str], regions: Regions) -> str:
    return "、".join(regions.names.get(code, code) for code in value)


def _limit(cell: str, _: Regions) -> int:
    if not cell:
        return 3
    if not cell.isdecimal() or not 0 <= int(cell) <= 50:
        raise CellError("bad_number", cell)
    return int(cell)


def _date(cell: str, _: Regions) -> date | None:
    return read_date(cell) if cell else None


def _write_date(value: date | None, _: Regions) -> str:
    return value.isoformat() if value else ""


def _consent(cell: str, _: Regions) -> dict[str, Any]:
    """`接受任务@2026-01-05、公开姓名@2026-01-05~2027-01-04、不公开单位`: what is agreed to or refused, since and until when."""
    found: dict[str, Any] = {}
    for part in read_list(cell):
        name, _at, dates = part.partition("@")
        given = not name.startswith(_REFUSED)
        field = AGREEMENTS.get(name if given else name[1:], name)
        if field not in AGREEMENTS.values():
            raise CellError("unknown_value", name)
        since, _to, until = dates.partition("~")
        record: dict[str, Any] = {"given": given}
        record |= {"on": read_date(since).isoformat()} if since else {}
        record |= {"until": read_date(until).isoformat()} if until else {}
        found[field] = record
    return found


def _write_consent(value: Mapping[str, Any], _: Regions) -> str:
    names = {field: name for name, field in AGREEMENTS.items()}
    parts = []
    for field, record in value.items():
        known = record if isinstance(record, Mapping) else {"given": record}
        until = f"~{known['until']}" if known.get("until") else ""
        dates = f"@{known.get('on', '')}{until}" if known.get("on") or until else ""
        parts.append(f"{'' if known.get('given') is True else _REFUSED}{names[field]}{dates}")
    return "、".join(parts)


_HAZARDS = _coded({code: one.zh for code, one in HAZARDS.items()})
_TOPICS = _coded({code: one.zh for code, one in TOPICS.items()})
_AUDIENCES = _coded({code: one.zh for code, one in AUDIENCES.items()})

COLUMNS: Final[tuple[Column, ...]] = (
    Column("id", "编号", _text, _same),
    Column("name", "姓名", _text, _same),
    Column("kind", "类别", _kind, _name_of(KINDS)),
    Column("title", "职称", _text, _same),
    Column("unit", "单位", _text, _same),
    Column("disciplines", "学科", _disciplines, _write_disciplines),
    Column("hazards", "灾种", *_HAZARDS),
    Column("topics", "主题", *_TOPICS),
    Column("regions", "地区", _regions, _write_regions),
    Column("tier", "层级", _tier, _name_of(TIERS)),
    Column("audiences", "受众", *_AUDIENCES),
    Column("skills", "技能", _words, _joined),
    Column("languages", "语言", _words, _joined),
    Column("profile", "专长", _text, _same),
    Column("publications", "成果", _text, _same),
    Column("on_call", "值班", lambda cell, _: read_hours(cell), lambda value, _: write_hours(value)),
    Column("away", "请假", lambda cell, _: read_leaves(cell), lambda value, _: write_leaves(value)),
    Column("load_limit", "任务上限", _limit, _same),
    Column("conflicts", "回避", _words, _joined),
    Column("term_start", "聘期起", _date, _write_date),
    Column("term_end", "聘期止", _date, _write_date),
    Column("consent", "同意", _consent, _write_consent),
    Column("phone", "电话", _text, _same),
    Column("email", "邮箱", _text, _same),
)  # fmt: skip

BY_HEADING: Final[Mapping[str, Column]] = {
    **{column.heading: column for column in COLUMNS},
    **{column.key: column for column in COLUMNS},
}
HEADING: Final[Mapping[str, str]] = {column.key: column.heading for column in COLUMNS}
