"""Seventy-five sentences in every disguise: what a person still reads, the classifiers still see."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import opencc
import pytest

from classifiers import model_file
from classifiers.assess import Assessor
from classifiers.text import Text

ROWS = [row.split("\t") for row in Path(__file__).with_name("evasion.tsv").read_text("utf-8").splitlines()]
EMERGENCIES = [text for kind, text in ROWS if kind == "emergency"]
RUMORS = [text for kind, text in ROWS if kind == "rumor"]
MOST = 0.05
"""What recall may fall by."""


def between(mark: str) -> Callable[[str], str]:
    return mark.join


def by_two(mark: str) -> Callable[[str], str]:
    return lambda text: text[0] + mark + mark.join(text[at : at + 2] for at in range(1, len(text), 2))


def around(one: str, other: str) -> Callable[[str], str]:
    return lambda text: "".join(one + character + other for character in text)


def swapped(table: Mapping[str, str]) -> Callable[[str], str]:
    return lambda text: "".join(table.get(character, character) for character in text)


def written(rows: str) -> Callable[[str], str]:
    """Words swapped for what stands behind them in `rows`, longer ones first."""
    pairs = [row.split("=") for row in sorted(rows.split(), key=len, reverse=True)]

    def swap(text: str) -> str:
        for word, other in pairs:
            text = text.replace(word, other)
        return text

    return swap


def times(number: int) -> Callable[[str], str]:
    return lambda text: "".join(character * number for character in text)


def shifted(text: str, start: int, first: str, last: str) -> str:
    return "".join(chr(ord(one) - ord(first) + start) if first <= one <= last else one for one in text)


def in_columns(text: str) -> str:
    columns = [text[at : at + 4].ljust(4, "\u3000") for at in range(0, len(text), 4)]
    return "\n".join("".join(column[row] for column in reversed(columns)) for row in range(4))


HALVES = """爆炸=火暴火乍 地震=土也雨辰 大坝=大土贝 扩散=扩昔攵 洪=氵共 滑=氵骨 泄=氵世 漏=氵屚 河=氵可 淹=氵奄 没=氵殳 消=氵肖
治=氵台 谣=讠䍃 请=讠青 说=讠兑 转=车专 抢=扌仓 打=扌丁 死=歹匕 病=疒丙 癌=疒嵒 疫=疒殳 伤=亻力 停=亻亭 救=求攵 级=纟及
红=纟工 快=忄夬 险=阝佥 防=阝方 被=衤皮 冲=冫中 冰=冫水 到=至刂"""
PINYIN = """地震=dizhen 暴雨=baoyu 爆炸=baozha 停水=tingshui 转发=zhuanfa 致癌=zhiai 起火=qihuo 中毒=zhongdu 扩散=kuosan 紧急=jinji
被困=beikun 失联=shilian 泄漏=xielou 预警=yujing"""
HALF_PINYIN = """地震=地zhen 暴雨=bao雨 爆炸=爆zha 停水=停shui 转发=转fa 致癌=zhi癌 起火=起huo 中毒=中du 扩散=扩san 紧急=jin急
被困=被kun 失联=失lian 泄漏=xie漏 预警=yu警"""
CIRCLED = dict(
    zip(
        "一二三四五六七八九十火水木土日中上下医男女学123456789",
        "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉㊋㊌㊍㊏㊐㊥㊤㊦㊩㊚㊛㊫❶❷❸❹❺❻❼❽❾",
        strict=True,
    )
)
RADICALS = dict(
    zip(
        "水火雨风山人大小车土口马日石食血一二力女子手田白里见鱼",
        "⽔⽕⾬⻛⼭⼈⼤⼩⻋⼟囗⻢⽇⽯⻝⾎⼀⼆⼒⼥⼦⼿⽥⽩⾥⻅⻥",
        strict=True,
    )
)
CYRILLIC = dict(zip("ABEKMHOPCTaeopcyx", "АВЕКМНОРСТаеорсух", strict=True))

DISGUISES: dict[str, Callable[[str], str]] = {
    "full width": lambda text: shifted(text, 0xFF01, "!", "~"),
    "mathematical digits": lambda text: shifted(text, 0x1D7CE, "0", "9"),
    "mathematical letters": lambda text: shifted(text, 0x1D41A, "a", "z"),
    "zero width": between("\u200b"),
    "variation selectors": between("\ufe0f"),
    "blank of braille": between("\u2800"),
    "cyrillic": swapped(CYRILLIC),
    "radicals": swapped(RADICALS),
    "circled": swapped(CIRCLED),
    "traditional": lambda text: opencc.OpenCC("s2t").convert(text),
    "as in Taiwan": lambda text: opencc.OpenCC("s2twp").convert(text),
    **{f"between them {mark!r}": between(mark) for mark in " \u3000.·-_/|*~+…#@!=□•&$^—1x。，、\n"},
    **{f"by two with {mark!r}": by_two(mark) for mark in (" ", ".", "*", "\n")},
    **{f"in {one}{other}": around(one, other) for one, other in ("【】", "()", "“”")},
    "emoji": between("😱"),
    "two emoji": between("🔥🔥"),
    "flags": between("🇨🇳"),
    "keycaps": between("1\ufe0f\u20e3"),
    "faces": between("(^_^)"),
    "strike-through": between("\u0336"),
    "enclosed": between("\u20dd"),
    "marks of direction": around("\u2067", "\u2069"),
    "in an override": lambda text: f"\u202e{text}\u202c",
    "backwards in an override": lambda text: f"\u202e{text[::-1]}\u202c",
    "halves": written(HALVES),
    "pinyin": written(PINYIN),
    "half pinyin": written(HALF_PINYIN),
    "a line a character": between("\r\n"),
    "in columns": in_columns,
    "doubled": times(2),
    "tripled": times(3),
}


@cache
def shipped() -> Assessor:
    return Assessor(model_file.load(model_file.SHIPPED), None)


def recall(disguise: Callable[[str], str]) -> float:
    seen = shipped().assess([Text("", disguise(seed)) for seed in EMERGENCIES])
    read = shipped().assess([Text("", disguise(seed)) for seed in RUMORS])
    found = sum(one.emergency.flag for one in seen) + sum(one.rumor.flag for one in read)
    return found / (len(EMERGENCIES) + len(RUMORS))


@cache
def plain() -> float:
    return recall(str)


def test_the_sentences_are_seen_as_they_are() -> None:
    assert (len(EMERGENCIES), len(RUMORS)) == (40, 35)
    assert plain() >= 0.85


@pytest.mark.parametrize("name", DISGUISES)
def test_a_disguise_costs_no_recall(name: str) -> None:
    assert recall(DISGUISES[name]) >= plain() - MOST


@pytest.mark.parametrize("name", DISGUISES)
def test_one_text_and_many_are_read_alike(name: str) -> None:
    texts = [Text("", DISGUISES[name](seed)) for seed in (*EMERGENCIES[:12], *RUMORS[:12])]
    assert shipped().assess(texts) == [shipped().assess([text])[0] for text in texts]
