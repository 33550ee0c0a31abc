"""Written Chinese into words that can be read aloud without stopping: numbers, percents, dates, times, degrees.

    8:30 → 八点三十分     12.5% → 百分之十二点五     2026年 → 二零二六年     12345 (a hot line) → 幺二三四五

Does not translate Latin words and does not shorten. Web addresses are left out: nobody can hear them.
"""

from __future__ import annotations

import re
from collections.abc import Callable

DIGITS = "零一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
_GROUPS = ("", "万", "亿", "万亿")
# Numbers that people know digit by digit; 1 is said 幺 so that nobody hears 7.
_LINES = "110|119|120|122|12119|12122|12315|12320|12333|12345|12348|12350|12369|12379|12388|12398|95119|95598|96110"

_RULES: list[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = [
    (re.compile(r"https?://\S+"), lambda m: ""),
    (re.compile(r"(\d{4})(?=年)"), lambda m: digits(m[1])),
    (re.compile(r"(?<![\d:：])(\d{1,2})[:：](\d{2})(?![\d:：])"), lambda m: f"{whole(m[1])}点" + ("整" if m[2] == "00" else f"{_minutes(m[2])}分")),
    (re.compile(rf"(?<!\d)({_LINES})(?!\d)"), lambda m: digits(m[1]).replace("一", "幺")),
    (re.compile(r"(?<!\d)(1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?!\d)"), lambda m: digits(m[1].replace("-", "")).replace("一", "幺")),
    (re.compile(r"(\d+(?:\.\d+)?)\s*[%％]"), lambda m: f"百分之{number(m[1])}"),
    (re.compile(r"-(\d+(?:\.\d+)?)\s*(?:℃|°C)"), lambda m: f"零下{number(m[1])}摄氏度"),
    (re.compile(r"(\d+(?:\.\d+)?)\s*(?:℃|°C)"), lambda m: f"{number(m[1])}摄氏度"),
    (re.compile(r"(?<=\d)\s*[-–—~～至]\s*(?=\d)"), lambda m: "到"),
    (re.compile(r"(?<=\d),(?=\d{3})"), lambda m: ""),
    (re.compile(r"\d+(?:\.\d+)?"), lambda m: number(m[0])),
]  # fmt: skip


def aloud(text: str) -> str:
    """`text` with its numbers in words."""
    for pattern, words in _RULES:
        text = pattern.sub(words, text)
    return text


def digits(number_text: str) -> str:
    """One by one: 2026 → 二零二六."""
    return "".join(DIGITS[int(sign)] for sign in number_text)


def number(text: str) -> str:
    """12.5 → 十二点五."""
    integer, _, fraction = text.partition(".")
    return whole(integer) + (f"点{digits(fraction)}" if fraction else "")


def whole(text: str) -> str:
    """A whole number as it is counted: 120 → 一百二十, 10050 → 一万零五十. Beyond sixteen digits, digit by digit."""
    value = int(text)
    if value == 0:
        return "零"
    if len(str(value)) > 4 * len(_GROUPS):
        return digits(text)
    groups: list[int] = []
    while value:
        value, rest = divmod(value, 10_000)
        groups.append(rest)
    words = ""
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if group == 0:
            continue
        gap = words and (group < 1_000 or groups[place + 1] == 0)
        words += ("零" if gap else "") + _thousands(group) + _GROUPS[place]
    return words.removeprefix("一") if words.startswith("一十") else words


def _thousands(value: int) -> str:
    words, zero = "", False
    for place in (3, 2, 1, 0):
        digit = value // 10**place % 10
        if digit == 0:
            zero = bool(words)
            continue
        words += ("零" if zero else "") + DIGITS[digit] + _UNITS[place]
        zero = False
    return words


def _minutes(text: str) -> str:
    return f"零{DIGITS[int(text)]}" if text.startswith("0") else whole(text)
