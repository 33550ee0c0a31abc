"""Chinese text into lines of a given width: no closing mark begins a line, no opening mark ends one, Latin words stay whole.

Does not hyphenate and does not justify. Works with any measure of width, so that it can be tested without a font.
"""

from __future__ import annotations

import re
from collections.abc import Callable

NOT_FIRST = "，。！？；：、）》〉」』】〕”’…—·,.!?;:)]}%％℃"
NOT_LAST = "（《〈「『【〔“‘([{"
_ATOM = re.compile(r"[A-Za-z0-9][A-Za-z0-9.,:/%@_\-+]*|\s+|.", re.DOTALL)


def lines(text: str, width: float, measure: Callable[[str], float], limit: int) -> list[str]:
    """At most `limit` lines, the last ending in an ellipsis where text was left out."""
    made: list[str] = []
    for paragraph in filter(None, (part.strip() for part in text.splitlines())):
        made += _wrap(paragraph, width, measure)
    if len(made) <= limit:
        return made
    kept = made[:limit]
    last = kept[-1]
    while last and measure(last + "…") > width:
        last = last[:-1]
    kept[-1] = last.rstrip("，。；、") + "…"
    return kept


def _wrap(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    made, line = [], ""
    for atom in _atoms(text, width, measure):
        if not line and atom.isspace():
            continue
        if not line or measure(line + atom) <= width or atom in NOT_FIRST:
            line += atom  # a closing mark hangs over the edge rather than begin a line
            continue
        carried = ""
        while line and line[-1] in NOT_LAST:
            carried, line = line[-1] + carried, line[:-1]
        made.append(line.rstrip())
        line = carried + ("" if atom.isspace() else atom)
    return [*made, line.rstrip()] if line.strip() else made


def _atoms(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Single characters and whole Latin words; a word wider than the line is broken anywhere."""
    found: list[str] = []
    for atom in _ATOM.findall(text):
        found += [atom] if len(atom) == 1 or measure(atom) <= width else list(atom)
    return found
