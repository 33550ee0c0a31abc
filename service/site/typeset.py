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
    made: list[str] = []
    line = ""
    for atom in _atoms(text, width, measure):
        if not line and atom.isspace():
            continue
        if not line and made and atom in NOT_FIRST:
            made[-1] += atom  # the space before it was where the line broke
        elif not line or measure(line + atom) <= width or atom in NOT_FIRST:
            line += atom  # a closing mark hangs over the edge rather than begin a line
        else:
            kept, carried = _parted(line)
            made.append(kept)
            line = carried + atom.strip()
    return [*made, line.rstrip()] if line.strip() else made


def _parted(line: str) -> tuple[str, str]:
    """What stays of a full line, and the opening marks at its end, which go on; a line of nothing else stays whole."""
    kept = line
    while kept and (kept[-1] in NOT_LAST or kept[-1].isspace()):
        kept = kept[:-1]
    return (kept, line[len(kept) :].strip()) if kept else (line.strip(), "")


def _atoms(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Single characters and whole Latin words; a word wider than the line is broken anywhere."""
    found: list[str] = []
    for atom in _ATOM.findall(text):
        found += [atom] if len(atom) == 1 or measure(atom) <= width else list(atom)
    return found
