"""What a claim says, taken apart for comparing: words, character pairs, numbers, dates, places, negation.

    raw text
    | normalise      one spelling                                   (text.py)
    | strip_wrapper  网传…, 是真的吗？, 辟谣：, 请转发 and links go
    | same words     different words for one thing become one       (data/synonyms.tsv)
    | View

The wrapper says who spreads or denies a claim; two claims are the same without it. Does not compare and does not
weigh: that is `pairs.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib import resources
from typing import Final

from classifiers.places import mentioned, names_a_facility
from classifiers.text import normalise
from classifiers.tokens import words

CLAIM_LIMIT: Final = 600
"""Characters of a claim that are compared; a longer forward repeats itself."""

_RECENT: Final = 512
"""Texts whose words are kept: a story is asked about several times while it is placed, never later."""

_WRAPPER: Final = re.compile(
    r"https?://\S+|www\.\S+|@[\w\-]{1,30}|#|\[[^\[\]]{1,8}\]"
    r"|[|｜](?:百度)?辟谣|(?:今日|权威|最新|官方|紧急|谣言|中国互联网联合)?(?:辟谣|求真|捉谣记|查证|核查|较真)(?:平台|丨|\||：|:|!|！)*"
    r"|网传消息|网传|网曝|疯传|网络流传|流传内容|朋友圈(?:热传|流传|转发)?|热传|有消息称|据说|听说|传言|传闻|谣传"
    r"|(?:这)?(?:是真的吗|是真是假|真的假的|真的吗|是真的|是假的|假的|可信吗|靠谱吗|是谣言|系谣言|为谣言|不实|属实吗|怎么回事|你信吗|真相(?:是|来了|在此)?)"
    r"|(?:请|快|赶紧|速|紧急|麻烦)?(?:大家)?(?:转发|扩散|转告|通知)(?:给|出去|扩散|周知|一下)?|转给(?:家人|身边人|更多人)|紧急通知|重要通知"
    r"|是不是真的|是不是假的|是否属实|真有(?:此事|这回事)吗|有没有这回事|有这回事吗|真有其事吗|求证|求辟谣|请问(?:一下)?|想问(?:一下|问)?|听人(?:家)?说(?:的)?|(?:群里|大家|都)+在传|有人(?:说|称)"
    r"|回应(?:称|来了)?[:：]?|谣言[:：]?|[?？!！]+"
)
# What follows a quoted claim and answers it: 「……？专家：没有依据」. The claim stands before the question mark.
_ANSWER: Final = re.compile(r"^(?P<claim>.{6,80}?)[?？!！]+\s*(?P<answer>[^?？]{0,40})$")
_ANSWERS: Final = re.compile(
    r"辟谣|谣|回应|专家|医生|医师|学者|官方|真相|假|解读|核实|误读|误传|依据|不可能|没有|无关|别|不实|提醒|查证|检测|实验|解释|说法|通报|[局委厅部院会][:：]|靠谱|没那么|夸张|想多|并非|其实|不会|不是|未必|错"
)
_QUOTES: Final = re.compile("[“”\"'‘’「」『』《》【】()（）]")
_STOP: Final = frozenset(
    re.findall(
        r"\S+",
        "的 了 是 在 和 与 及 等 也 都 就 还 又 被 把 将 会 能够 要 让 使 对 "
        "从 到 于 由 为 向 用 以 其 该 这 那 这个 那个 此 之 一 一个 一种 一些 "
        "个 种 有 没 没有 不 不会 不能 不是 并 并非 非 无 很 更 最 太 真 真的 吗 "
        "呢 吧 啊 呀 哦 么 什么 怎么 如何 为什么 我 我们 你 你们 他 他们 她 它 "
        "大家 自己 人 说 称 表示 消息 进行 通过 可能 因为 所以 但 但是 而 或 或者 "
        "如果 只 只要 就是 这种 这样 时 后 前 中 上 下 里 内 来 去 年 月 日 号 "
        "近日 日前 目前 已 已经 其实 千万 一定 必须 注意 起 称 着 过 地 得 可 多 "
        "所 ",
    )
)
_DATE: Final = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(?:(\d{1,2})[日号])?|(\d{4})年")
_NUMBER: Final = re.compile(
    r"\d+(?:\.\d+)?(?:%|％|万|亿|千)?|[一二两三四五六七八九十百千万亿]{1,6}(?=[万亿人名个天次岁元只死例度分小倍级成年月])"
)
_DENIAL: Final = re.compile(r"不|没|无|非|勿|别|未|否认|辟谣|谣言|误读|莫|假")
_HAN_DIGITS: Final = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2}
_HAN_UNITS: Final = {"十": 10, "百": 100, "千": 1000}
_SPACE: Final = re.compile(r"\s+")
_WORDLIKE: Final = re.compile(r"[一-鿿A-Za-z0-9]")


@dataclass(frozen=True)
class View:
    """One claim taken apart. `words` keep their order and repeats; the rest are sets."""

    text: str
    words: tuple[str, ...]
    numbers: frozenset[str]
    dates: frozenset[str]
    places: frozenset[str]

    @cached_property
    def pairs(self) -> frozenset[str]:
        """The character pairs of the words, one after the other."""
        joined = "".join(self.words)
        return frozenset(joined[i : i + 2] for i in range(len(joined) - 1))

    @cached_property
    def denials(self) -> int:
        """How often something is denied."""
        return len(_DENIAL.findall(self.text))


def view(raw: str) -> View:
    """Take one text apart. An empty text gives an empty view; never raises."""
    return view_of(normalise(raw))


def view_of(normal: str) -> View:
    """The same of a text that is normalised already."""
    text, cut, content = _taken(normal)
    plain, dates = _take_dates(text)
    return View(
        text=text,
        words=content,
        numbers=frozenset(_value(m.group()) for m in _NUMBER.finditer(plain)),
        dates=dates,
        places=mentioned(text, (cut or words(text)) if names_a_facility(text) else ()),
    )


def strip_wrapper(text: str) -> str:
    """The claim without the phrases that only say that somebody spreads or denies it. Cut at `CLAIM_LIMIT`."""
    bare = _QUOTES.sub(" ", _WRAPPER.sub(" ", _before_answer(text[: 2 * CLAIM_LIMIT])))
    bare = _SPACE.sub(" ", bare).strip(" ,，。;；:：、|-")
    return (bare or text)[:CLAIM_LIMIT]


def _before_answer(text: str) -> str:
    found = _ANSWER.match(text)
    if found and _ANSWERS.search(found["answer"]):
        return found["claim"]
    return text


def claim_words(raw: str) -> tuple[str, ...]:
    """The content words of one text as it came, without its wrapper."""
    return _taken(normalise(raw))[2]


@lru_cache(maxsize=_RECENT)
def _taken(normal: str) -> tuple[str, list[str] | None, tuple[str, ...]]:
    """A text without its wrapper, all its words where nothing forbade to cut it as a whole, and its content words."""
    text = strip_wrapper(normal)
    pieces = _synonyms()[0].split(text)
    cut = words(text) if len(pieces) == 1 else None
    return text, cut, tuple(_content(cut if cut is not None else _cut(pieces)))


def content_words(text: str) -> list[str]:
    """Words that carry the claim, synonyms made one, function words and punctuation left out."""
    return _content(_cut(_synonyms()[0].split(text)))


def _cut(pieces: Sequence[str]) -> list[str]:
    """The words of a text split at phrases of the list, of which each is one word, whatever the segmenter would make."""
    return [word for at, piece in enumerate(pieces) for word in ([piece] if at % 2 else words(piece))]


def _content(cut: Sequence[str]) -> list[str]:
    by_token = _synonyms()[1]
    kept = map(by_token.get, cut, cut)
    # Most words begin with a Han character; only the others need looking through.
    return [word for word in kept if word not in _STOP and ("一" <= word < "ꀀ" or _WORDLIKE.search(word))]


@cache
def _synonyms() -> tuple[re.Pattern[str], dict[str, str]]:
    """A pattern for what the segmenter would cut in two, and each word's one spelling."""
    text = (resources.files("classifiers") / "data" / "synonyms.tsv").read_text("utf-8")
    table: dict[str, str] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            first, *others = line.split("\t")
            table.update(dict.fromkeys((first, *others), first))
    unsplit = {spelling for spelling in table if words(spelling) != [spelling] and len(spelling) > 1}
    ordered = sorted(unsplit, key=lambda phrase: (-len(phrase), phrase))
    return re.compile("(" + "|".join(map(re.escape, ordered)) + ")"), table


def _take_dates(text: str) -> tuple[str, frozenset[str]]:
    """The text without its dates, and the dates as `year`, `month` and `month-day`."""
    found: set[str] = set()
    if "年" not in text and "月" not in text:
        return text, frozenset()
    for match in _DATE.finditer(text):
        year, month, day, alone = match.groups()
        found.update(f"{y}年" for y in (year, alone) if y)
        if month:
            found.add(f"{int(month)}-{int(day)}" if day else f"{int(month)}月")
    return _DATE.sub(" ", text), frozenset(found)


def _value(number: str) -> str:
    """One spelling for a number: 三百 and 300 are equal, 5万 stays with its unit."""
    if number[0].isdigit():
        return number.replace("％", "%")
    total, digit = 0, 0
    for char in number:
        if char in _HAN_DIGITS:
            digit = _HAN_DIGITS[char]
        elif char in _HAN_UNITS:
            total, digit = total + (digit or 1) * _HAN_UNITS[char], 0
        else:
            return f"{total + digit or ''}{char}"
    return str(total + digit)
