"""What an expert has agreed to, field by field, with dates (同意记录).

A record is `{"given": true, "on": "2026-01-05", "until": "2027-01-04"}`; a bare `true` is the old short form of one without
dates. What is not recorded is not agreed to. Does not store; returns new mappings.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from content.body import Credit

FIELDS: Final = (
    "assignments",  # 接受任务: may be asked at all
    "contact",  # 保存联系方式
    "messages",  # 短信、邮件、机器人通知
    "public_name",  # 公开姓名
    "public_title",  # 公开职称
    "public_unit",  # 公开单位
)


def granted(consent: Mapping[str, Any], field: str, today: date) -> bool:
    """Whether `field` is agreed to on that day. Unknown shapes count as no."""
    record = consent.get(field)
    if record is True:
        return True
    if not isinstance(record, Mapping) or record.get("given") is not True:
        return False
    since, until = _day(record.get("on")), _day(record.get("until"))
    return (since is None or since <= today) and (until is None or today <= until)


def give(
    consent: Mapping[str, Any], field: str, on: date, until: date | None = None, how: str = ""
) -> dict[str, Any]:
    """The consent with `field` agreed to from `on`. `how` says where it stands (聘书, 书面同意 …). ValueError on an unknown field."""
    _known(field)
    record: dict[str, Any] = {"given": True, "on": on.isoformat()}
    if until is not None:
        record["until"] = until.isoformat()
    if how:
        record["how"] = how
    return {**consent, field: record}


def take_back(consent: Mapping[str, Any], field: str, on: date) -> dict[str, Any]:
    """The consent with `field` refused from `on`; that it was once given stays on the record."""
    _known(field)
    earlier = consent.get(field)
    since = earlier.get("on") if isinstance(earlier, Mapping) else None
    return {**consent, field: {"given": False, "on": on.isoformat(), "was_given_on": since}}


def credit(
    name: str, title: str, unit: str, expert_id: str, consent: Mapping[str, Any], today: date
) -> Credit | None:
    """How the public may see this expert: only the agreed fields, or None when not even the name is agreed to."""
    if not granted(consent, "public_name", today):
        return None
    return Credit(
        name=name,
        title=title if granted(consent, "public_title", today) else "",
        unit=unit if granted(consent, "public_unit", today) else "",
        expert_id=expert_id,
    )


def _known(field: str) -> None:
    if field not in FIELDS:
        raise ValueError(f"nobody can agree to '{field}'")


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else None
