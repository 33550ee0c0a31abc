"""No text makes a pattern try again and again: eight times as long costs about eight times as much, and not sixty-four."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest

from classifiers import hazards, rules, text
from content import asking, checks, machine
from service.feeds import discover

PATTERNS: list[re.Pattern[str]] = [
    *(re.compile(one.pattern) for one in rules.written()),
    *(
        one
        for module in (text, asking, checks, machine)
        for one in vars(module).values()
        if isinstance(one, re.Pattern)
    ),
    discover.ATTRIBUTE,
]
PIECES = (
    "1",
    "12,",
    "九十百千",
    "多",
    "好几",
    "一二",
    "\t",
    "\n ",
    "--",
    "a1_",
    "[(",
    "a.",
    "人",
    "1人",
    "网传",
    "山",
)
SHORT = 1_000
TIMES = 8
MOST = 3 * TIMES
NOTHING = 0.005
"""Seconds: what takes less than this for the long text is not compared, its share of noise is too large."""


def cost(work: Callable[[str], object], piece: str, length: int) -> float:
    """The least CPU seconds of three."""
    given = (piece * length)[:length]
    taken = []
    for _ in range(3):
        started = time.process_time()
        work(given)
        taken.append(time.process_time() - started)
    return min(taken)


def grows(work: Callable[[str], object], piece: str) -> bool:
    longer = cost(work, piece, SHORT * TIMES)
    return longer > NOTHING and longer > MOST * cost(work, piece, SHORT)


@pytest.mark.parametrize("piece", PIECES)
def test_no_pattern_is_quadratic(piece: str) -> None:
    slow = {one.pattern for one in PATTERNS if grows(one.findall, piece)}
    assert not slow


@pytest.mark.parametrize("piece", PIECES)
def test_nor_are_the_rules_for_emergencies(piece: str) -> None:
    assert not grows(hazards.judge, piece)
