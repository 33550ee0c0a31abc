"""One labelled text for training and measuring.

A task that a line says nothing of is None, and that task ignores the line. Reads parsed lines, no files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, cast

from classifiers.taxonomy import CATEGORIES, HAZARDS, TOPICS
from classifiers.text import Text

YES_NO: Final = ("rumor", "debunk", "emergency")


class LabelError(ValueError):
    """This labelled line cannot be used; correct it in the file."""


@dataclass(frozen=True)
class Example:
    """A text with what is known about it.

    `group` keeps variants of one sentence on one side of a split; `weak` marks labels that the written rules gave;
    `weight` says how much it counts in calibration.
    """

    id: str
    text: Text
    date: str = ""
    rumor: int | None = None
    debunk: int | None = None
    emergency: int | None = None
    category: str | None = None
    hazard: str | None = None
    topics: tuple[str, ...] | None = None
    group: str = ""
    weak: bool = False
    weight: float = 1.0

    @cached_property
    def joined(self) -> str:
        """The normalised text."""
        return self.text.joined


def from_line(line: Mapping[str, object], number: int) -> Example:
    """A line of the contract's labelled form; LabelError names the line and the field."""
    name = str(line.get("id") or number)
    body = line.get("text")
    if not isinstance(body, str):
        raise LabelError(f"line {number} ({name}): no text")
    title = line.get("title")
    if title is not None and not isinstance(title, str):
        raise LabelError(f"line {number} ({name}): title is not a string")
    topics = line.get("topics")
    if topics is not None and not isinstance(topics, list):
        raise LabelError(f"line {number} ({name}): topics is not a list")
    rumor, debunk, emergency = (_bit(line.get(task), task, number) for task in YES_NO)
    return Example(
        id=name,
        text=Text(title or "", body),
        date=_day(line.get("date")),
        rumor=rumor,
        debunk=debunk,
        emergency=emergency,
        category=_code(line.get("category"), CATEGORIES, "category", number),
        hazard=_code(line.get("hazard"), HAZARDS, "hazard", number),
        topics=None if topics is None else tuple(_topic(topic, number) for topic in topics),
        group=str(line.get("group") or ""),
    )


def _bit(value: object, task: str, number: int) -> int | None:
    if value is None or value == "":
        return None
    if value in (0, 1, "0", "1", True, False):
        return int(cast("int", value))
    raise LabelError(f"line {number}: {task} is {value!r}, not 0 or 1")


def _code(value: object, known: Mapping[str, object], task: str, number: int) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, str) and value in known:
        return value
    raise LabelError(f"line {number}: unknown {task} {value!r}")


def _topic(value: object, number: int) -> str:
    if isinstance(value, str) and value in TOPICS:
        return value
    raise LabelError(f"line {number}: unknown topic {value!r}")


def _day(value: object) -> str:
    """The ISO day of a date or time, or nothing: an odd date is no reason to lose a label."""
    try:
        return date.fromisoformat(str(value)[:10]).isoformat()
    except ValueError:
        return ""
