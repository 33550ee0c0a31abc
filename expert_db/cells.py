"""Reading and writing single cells: lists, dates, duty hours, leave. The pieces that `sheet_columns` puts together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from expert_db.availability import read_shifts

_SEPARATORS: Final = "、；;|，,\n"
_DATE: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_RANGE: Final = re.compile(r"\s*(?:~|至|到|—)\s*")
_HOURS: Final = re.compile(
    r"(?:周|星期)?([一二三四五六日天](?:(?:至|到|-|~)(?:周|星期)?[一二三四五六日天])?|每天|每日)\s*(\d{1,2}:\d{2})\s*(?:-|~|至|到)\s*(\d{1,2}:\d{2})"
)
_DAYS: Final = "一二三四五六日"
_ALWAYS: Final = ("全天", "24小时", "7×24", "7x24", "每天全天")


class CellError(ValueError):
    """This cell cannot be read."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail[:80]


def read_list(cell: str, keep_inner: str = "") -> tuple[str, ...]:
    """The parts of a list cell, without repeats. `keep_inner` are separators that belong to the words here."""
    separators = "".join(one for one in _SEPARATORS if one not in keep_inner)
    parts = (part.strip() for part in re.split(f"[{re.escape(separators)}]", cell))
    return tuple(dict.fromkeys(part for part in parts if part and part not in ("-", "—", "/")))


def read_date(cell: str) -> date:
    """2026-01-05, 2026/1/5, 2026.1.5 or 2026年1月5日. Raises CellError."""
    found = _DATE.fullmatch(cell.strip())
    if not found:
        raise CellError("bad_date", cell)
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        raise CellError("bad_date", cell) from None


def read_leaves(cell: str) -> list[dict[str, str]]:
    """`2026-11-24~2026-11-30；2026-12-05` as leave dates, ends included."""
    leaves = []
    for part in read_list(cell):
        first, *rest = _RANGE.split(part, maxsplit=1)
        start = read_date(first)
        end = read_date(rest[0]) if rest else start
        if end < start:
            raise CellError("bad_range", part)
        leaves.append({"from": start.isoformat(), "to": end.isoformat()})
    return leaves


def write_leaves(leaves: Sequence[Mapping[str, str]]) -> str:
    """The cell that `read_leaves` reads back."""
    return "；".join(
        one["from"] if one["from"] == one["to"] else f"{one['from']}~{one['to']}" for one in leaves
    )


def read_hours(cell: str) -> list[dict[str, Any]]:
    """`周一至周五 08:00-18:00；周六 09:00-12:00`, `每天 …` or `全天` as duty hours."""
    shifts = [_read_shift(part) for part in read_list(cell)]
    try:
        read_shifts(shifts)
    except ValueError:
        raise CellError("bad_hours", cell) from None
    return shifts


def _read_shift(part: str) -> dict[str, Any]:
    if part.replace(" ", "") in _ALWAYS:
        return {"days": list(range(7)), "from": "00:00", "to": "24:00"}
    found = _HOURS.fullmatch(part.strip())
    if not found:
        raise CellError("bad_hours", part)
    return {"days": _read_days(found[1]), "from": found[2].zfill(5), "to": found[3].zfill(5)}


def _read_days(text: str) -> list[int]:
    if text in ("每天", "每日"):
        return list(range(7))
    days = [_DAYS.index("日" if one == "天" else one) for one in text if one in "一二三四五六日天"]
    if len(days) == 1:
        return days
    first, last = days
    # 周六至周一 runs over the weekend.
    return sorted((first + step) % 7 for step in range((last - first) % 7 + 1))


def write_hours(shifts: Sequence[Mapping[str, Any]]) -> str:
    """The cell that `read_hours` reads back; days that are no run are written one by one."""
    return "；".join(text for one in shifts for text in _write_shift(one))


def _write_shift(shift: Mapping[str, Any]) -> list[str]:
    days, hours = sorted(shift["days"]), f"{shift['from']}-{shift['to']}"
    if days == list(range(7)):
        return [f"每天 {hours}"]
    if len(days) > 1 and days == list(range(days[0], days[-1] + 1)):
        return [f"周{_DAYS[days[0]]}至周{_DAYS[days[-1]]} {hours}"]
    return [f"周{_DAYS[day]} {hours}" for day in days]
