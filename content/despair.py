"""Whether somebody writes of not wanting to live, of oneself or another: who reads on is told whom to call.

Errs towards telling: a headline that is asked about may be meant as well. Judges nobody, and nothing is kept of it.
"""

from __future__ import annotations

import re
from typing import Final

from classifiers.text import normalise

READ: Final = 2000
"""Characters of a text that are looked at."""

_DESPAIR: Final = re.compile(
    r"不想活|活不下去|活着没意思|活够了|想死|不如死|自杀|轻生|自残|自伤|了结自己|结束生命|跳楼|跳河|割腕|撑不下去"
)


def despairs(text: str) -> bool:
    """Whether the words of somebody who wants to die, or fears it of another, stand in a text."""
    return _DESPAIR.search(normalise(text[:READ])) is not None
