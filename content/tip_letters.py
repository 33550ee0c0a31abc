"""The letter to somebody who asked "is this true?" (求证答复): whether one is owed, to which address, and its words.

It never repeats what was asked: who types a stranger's address into the form must not make the house send that stranger
words of their own choosing. Does not send or store. Chinese, like everything that the city is told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from content.render.article import day
from content.render.plain import clean, one_line
from content.render.told import House, Told
from content.verdicts import verdict_zh

ADDRESS: Final = re.compile(
    r"(?<![\w.%+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![\w-])"
)
GRACE: Final = timedelta(minutes=5)  # an answer that was a slip can be taken back in this time
CLOSED_GRACE: Final = timedelta(hours=1)
TRIES: Final = 8
FIRST_WAIT: Final = timedelta(minutes=5)
LOST: Final = timedelta(minutes=10)  # far longer than handing over a letter takes


@dataclass(frozen=True)
class Letter:
    """What is written to the asker."""

    subject: str
    text: str


def address_of(contact: str) -> str:
    """The mail address in what somebody left, or nothing: then it is perhaps a phone number, and nobody is written to."""
    found = ADDRESS.search(contact)
    return found[0] if found else ""


def next_try(made: int, now: datetime) -> datetime | None:
    """When to try again after `made` tries that were surely not taken; None: give up (about a day and a half)."""
    return now + FIRST_WAIT * int(2 ** (made - 1)) if made < TRIES else None


def answered(told: Told, house: House, asked_at: datetime) -> Letter:
    """The question has an answer that stands on the site."""
    verdict = verdict_zh(told.body.verdict)
    lines = [
        f"您好！您{day(asked_at, house)}向我们求证的问题，已经有了结果：",
        "\n".join(filter(None, (told.headline, f"结论：{verdict}" if verdict else "", told.body.fact))),
        f"全文和来源：{house.base_url}{told.path}",
    ]
    return _letter(f"求证有结果了：{told.headline}", lines, house)


def closed(house: House, asked_at: datetime) -> Letter:
    """The desk has looked and does not answer this one by itself."""
    lines = [
        f"您好！您{day(asked_at, house)}向我们求证的问题，编辑已经看过，这次没有单独回应。"
        "可能是因为它不涉及科学事实，或者应由其他部门受理。没有回应不等于它是真的。",
        f"可以在这里查已经核实过的说法：{house.base_url}/check",
    ]
    return _letter("您的求证已经办结", lines, house)


def _letter(subject: str, lines: list[str], house: House) -> Letter:
    end = f"{house.desk}\n这封信由系统发出，只发这一次。您留下的邮箱发信后即从系统中删除。没有提交过求证的，请忽略本信。"
    return Letter(one_line(subject)[:120], clean("\n\n".join((*lines, end))) + "\n")
