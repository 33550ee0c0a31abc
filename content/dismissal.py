"""Closing cases without an answer: the usual reasons as codes, and which cases are never closed unread among others.

    code, note → reason as it is kept: "elsewhere", or "elsewhere: 外省的天气"
    Case       → what keeps it from being closed with others unless it is named

Does not move a case: one that is closed among others goes the way of one that is closed alone. The desk has words for
the codes.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from content.cases import Case, CaseKind

MARK: Final = ": "  # between a code and what an editor adds
MOST: Final = 200  # cases closed at once
LONGEST_NOTE: Final = 300


class Dismissal(StrEnum):
    NOTHING = "nothing"  # everyday news, nothing to check
    ELSEWHERE = "elsewhere"  # not our city's
    STALE = "stale"  # old, nothing new in it
    REPEATED = "repeated"  # another case has it
    UNCLEAR = "unclear"  # too vague to be checked
    ADVERT = "advert"  # advertisement, spam
    OTHER_DESK = "other_desk"  # handed to the department in charge


class Named(StrEnum):
    """Why a case is closed among others only when somebody named it."""

    LEVEL = "level"  # an emergency with a warning level
    OFFICIAL = "official"  # an official warning is among its evidence
    INCIDENT = "incident"  # it belongs to an active incident


def kept_as(code: Dismissal, note: str = "") -> str:
    """The reason as a case and the audit log keep it."""
    return f"{code}{MARK}{note}" if note else str(code)


def parted(reason: str) -> tuple[str, str]:
    """A kept reason as code and note; ("", all of it) when it was written freely."""
    code, _, note = reason.partition(MARK)
    return (code, note) if code in set(Dismissal) else ("", reason)


def to_be_named(case: Case, official: bool) -> Named | None:
    """What keeps this case from being closed unread, the gravest first. `official`: a warning is among its evidence."""
    if case.incident_id is not None:
        return Named.INCIDENT
    if official:
        return Named.OFFICIAL
    return Named.LEVEL if case.level is not None and case.kind == CaseKind.EMERGENCY else None
