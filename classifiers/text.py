"""What a story says, brought to one spelling.

    Text(title, body)
    | normalise  each part: NFKC, invisible characters, homoglyphs, Traditional → Simplified, split characters
    | joined     "title。body", at most 8,000 characters

Does not segment, does not look at markup (feeds are plain text before they come here) and does not judge.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property, lru_cache
from typing import Final

import opencc

from classifiers import combs, glyphs, halves

LIMIT: Final = 8_000
"""Characters of a text that are looked at: jieba is quadratic on unknown Han."""

# A story is normalised for every question that is asked about it, one question right after the other.
_RECENT: Final = 64

RAW_LIMIT: Final = 4 * LIMIT
"""Raw characters looked at before normalising: an attacker may pad with invisible ones."""

_LAYERS: Final = 6

_HAN: Final = "一-龥"
_SPLIT: Final = re.compile(rf"(?<=[{_HAN}])({glyphs.SPLITTERS})(?=[{_HAN}])")
_MAYBE_SPLIT: Final = re.compile(rf"[{_HAN}]{glyphs.SPLITTERS}[{_HAN}]")
_LINES: Final = re.compile(
    r"(?<![ \t\u3000\u0085\u2028\u2029])[ \t\u3000\u0085\u2028\u2029]*[\r\n\u0085\u2028\u2029]\s*"
)
_SPACES: Final = re.compile(r"[^\S\n]+")
_TRAILING_HAN: Final = re.compile(rf"[{_HAN}]+\Z")
_LEADING_HAN: Final = re.compile(rf"[{_HAN}]+")

# Words worth hiding: a separator inside one of these is closed even between longer runs (今天暴 雨预警).
WATCHED: Final = frozenset(
    re.findall(
        r"..",
        "暴雨地震洪水洪涝山洪内涝台风冰雹滑坡塌方爆炸火灾起火着火失火泄漏泄露坍塌倒塌中毒疫情谣言辟谣致癌转发扩散"
        "紧急预警停课停水停电溃坝决堤诈骗矿难车祸追尾失联遇难死亡身亡封城传染感染病毒疫苗抢购砸人踩踏绑架拐卖",
    )
)


@dataclass(frozen=True)
class Text:
    """One story as it came: plain text, no markup. `authority` marks an official source."""

    title: str
    body: str
    authority: bool = False
    published: datetime | None = None

    @cached_property
    def joined(self) -> str:
        """Title and body in one normalised string; a body that repeats its title is taken alone."""
        return together(normalise(self.title), normalise(self.body))


def together(title: str, body: str) -> str:
    """A normalised title and body as one text, cut at `LIMIT`; a body that repeats its title is taken alone."""
    if not title or body.startswith(title):
        return body[:LIMIT]
    return f"{title}。{body}"[:LIMIT] if body else title[:LIMIT]


@lru_cache(maxsize=_RECENT)
def normalise(raw: str) -> str:
    """Bring `raw` to one spelling. `normalise(normalise(x)) == normalise(x)`; never raises; linear time."""
    text = combs.forwards(raw[:RAW_LIMIT])
    if not glyphs.PLAIN.fullmatch(text):
        text = _repair(text)
    return finish(text)


def finish(text: str) -> str:
    """The last steps of `normalise`, for a text without characters that only pretend."""
    if _traditional().search(text):
        text = _simplify(text)
    text = _SPACES.sub(" ", text).strip()
    if len(text) >= combs.SHORTEST or halves.SIGNS.search(text):
        return _revealed(text)
    return _join_split(text) if _MAYBE_SPLIT.search(text) else text


def close_lines(text: str) -> str:
    """One line break for each run of them and the white space around it."""
    return _LINES.sub("\n", text) if "\n" in text else text


def _repair(text: str) -> str:
    # Dropping a mark can let its neighbours compose, so until nothing moves, or nothing is left that could.
    for _ in range(6):
        before = text
        text = glyphs.INVISIBLE.sub("", text)
        text = unicodedata.normalize("NFKC", _LINES.sub("\n", text))
        text = glyphs.MARKS.sub("", glyphs.EMOJI.sub("", text.translate(glyphs.HOMOGLYPHS)))
        if text == before or glyphs.PLAIN.fullmatch(text):
            break
    return text


def _revealed(text: str) -> str:
    # One disguise may hide another; few texts wear any.
    for _ in range(_LAYERS):
        before = text
        text = combs.straight(text)
        if halves.SIGNS.search(text):
            text = halves.together(text)
        if _MAYBE_SPLIT.search(text):
            text = _join_split(text)
        if text == before:
            break
    return text


def _simplify(text: str) -> str:
    # A phrase conversion may uncover one more (Taiwan's words come first, then single characters).
    for _ in range(4):
        before = text
        text = _converter().convert(text)
        if text == before:
            break
    return text


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("tw2sp")


@cache
def traditional() -> str:
    """Characters that OpenCC changes: a text without any of them needs no conversion."""
    every = [chr(code) for code in range(0x4E00, 0xA000)]
    simple = opencc.OpenCC("t2s").convert("\n".join(every)).split("\n")
    return "".join(old for old, new in zip(every, simple, strict=True) if old != new)


@cache
def _traditional() -> re.Pattern[str]:
    return re.compile(f"[{traditional()}]")


def _join_split(text: str) -> str:
    """Close separators inside words: 暴-雨 and 暴 雨 become 暴雨, 北京-上海 stays.

    A separator goes when one side of it is a single character, or when the two characters beside it make a
    word of `WATCHED`.
    """
    pieces = _SPLIT.split(text)
    out = [pieces[0]]
    tail = _run(_TRAILING_HAN, pieces[0])
    for separator, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        lead = _run(_LEADING_HAN, piece)
        joins = tail == 1 or lead == 1 or out[-1][-1] + piece[0] in WATCHED
        if not joins:
            out.append(separator)
        out.append(piece)
        whole = lead == len(piece)
        tail = (lead + (tail if joins else 0)) if whole else _run(_TRAILING_HAN, piece)
    return "".join(out)


def _run(pattern: re.Pattern[str], piece: str) -> int:
    found = pattern.search(piece)
    return len(found.group()) if found else 0
