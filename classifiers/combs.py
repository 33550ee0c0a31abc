"""Texts taken apart whole: a mark behind every character, every character twice, the whole text backwards or downwards.

    "铜。鼓。县。突。降。暴。雨"   → uncombed    one mark stands in most of the gaps, and what is between is single characters
    "紧紧急急通通知知转转发发"     → undoubled   every character of a long run comes as often
    U+202E "震地生发县丰宜"        → forwards    as a screen shows it, or as it is written: whichever has longer words
    lines of one length            → upright     by columns, where those have longer words than the lines

Each looks at the whole text: 金、木、水、火、土 within a sentence stays what it is, and so does a poem. Linear in the length of
a text. Does not look for single words (`text.WATCHED`) and knows no markup.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from classifiers import tokens

FEWEST: Final = 7
"""Gaps of a text from which it may be a comb."""
SHORTEST: Final = 2 * FEWEST + 1
"""Characters of a text that may be one."""

_GAPS: Final = re.compile("[^一-龥]+")
_RUNS: Final = re.compile("[一-龥]+")
_LONGEST_GAP: Final = 8
_SINGLE: Final = 1.35
"""Characters between two gaps, on the average, of a text taken apart one by one; numbers and stops leave a few together."""
BY_TWO: Final = 2.2
"""The same of a text taken apart by two."""
_LISTED: Final = frozenset(",。、;:!?，；：！？/")
"""What lists are made with: words of two characters with these between them are a list."""
_MOST: Final = 0.5
"""Share of the gaps that the mark of a comb fills."""
_ALL: Final = 0.8
"""Share of single characters in a text whose marks differ, and of repeated ones in a text that is doubled."""

DOUBLED: Final = 8
"""Characters one after the other, each repeated, from which a text may be doubled."""
_DOUBLED: Final = re.compile(rf"(?:([一-龥])\1+[^一-龥]{{0,3}}){{{DOUBLED},}}")
_SAME: Final = re.compile(r"([一-龥])\1*")
_DIFFERENT: Final = 0.65
"""The most different characters that a doubled text has, as a share of all."""
_TURNED: Final = re.compile("\u202e([^\u202c\n]*)")
_SHARE: Final = 0.9
"""Of the words of a reading: another one with fewer is the better."""
_LINES_OF_A_GRID: Final = range(3, 31)
_CELLS_OF_A_LINE: Final = range(2, 41)
_BARS: Final = re.compile("[ |丨]")


def straight(text: str) -> str:
    """The text as one reads it whose characters are doubled, stand in a grid, or have marks between them."""
    text = upright(text) if "\n" in text else text
    text = uncombed(text)
    return undoubled(text) if len(set(text)) <= _DIFFERENT * len(text) else text


def uncombed(text: str) -> str:
    """The text without the mark that stands between its characters, where one does."""
    while len(gaps := _GAPS.findall(text)) >= FEWEST:
        runs = _RUNS.findall(text)
        mark, times = _mark(gaps)
        apart = sum(map(len, runs)) / max(len(runs), 1)
        combed = times >= max(FEWEST - 1, _MOST * len(gaps)) and len(mark) <= _LONGEST_GAP
        if combed and apart <= (_SINGLE if _LISTED & set(mark) else BY_TWO):
            text = text.replace(mark, "").strip(mark)  # at least half of the gaps: this ends soon
        elif apart <= _SINGLE and sum(len(run) == 1 for run in runs) >= _ALL * len(runs):
            return _GAPS.sub(_what_counts, text)
        else:
            break
    return text


def _mark(gaps: list[str]) -> tuple[str, int]:
    """What fills most gaps, and how many; white space counts beside a stop or a number as well."""
    mark, times = Counter(gaps).most_common(1)[0]
    white = mark if mark.isspace() else "\n"
    return max((mark, times), (white, sum(white in gap for gap in gaps)), key=lambda one: one[1])


def _what_counts(gap: re.Match[str]) -> str:
    return "".join(character for character in gap.group() if character.isalnum())


def undoubled(text: str) -> str:
    """The text with every run of one character shortened, where nearly all characters are repeated."""
    if not _DOUBLED.search(text):
        return text
    runs = [len(found.group()) for found in _SAME.finditer(text)]
    repeated = [length for length in runs if length > 1]
    if len(repeated) < max(DOUBLED, _ALL * len(runs)):
        return text
    times = min(repeated)
    return _SAME.sub(lambda run: run.group(1) * max(1, len(run.group()) // times), text)


def forwards(text: str) -> str:
    """The raw text with what is written backwards (between U+202E and U+202C, or the end of a line) turned."""
    return _TURNED.sub(_turned, text) if "\u202e" in text else text


def _turned(found: re.Match[str]) -> str:
    written = found.group(1)
    shown = written[::-1]
    return shown if len(tokens.words(shown)) < len(tokens.words(written)) else written


def upright(text: str) -> str:
    """The text by columns where it is a grid of characters that makes more sense so, from the right or from the left."""
    rows = [_BARS.sub("", line) for line in text.split("\n")]
    widths = [len(row) for row in rows]
    if (
        len(rows) not in _LINES_OF_A_GRID
        or max(widths) not in _CELLS_OF_A_LINE
        or max(widths) - min(widths) > 1
    ):
        return text
    columns = ["".join(row[-at] for row in rows if len(row) >= at) for at in range(1, max(widths) + 1)]
    readings = ["".join(columns), "".join(reversed(columns))]
    best = min(readings, key=lambda reading: len(tokens.words(reading)))
    return best if len(tokens.words(best)) < _SHARE * len(tokens.words("".join(rows))) else text
