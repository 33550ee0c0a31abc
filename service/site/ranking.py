"""Search terms and their ranking. Pure: the same texts and the same question give the same order on every database.

    text → words → terms      a word, and the pairs of characters inside a longer one (诈骗电话 also says 诈骗 and 电话)
    BM25F over four fields    what goes round and the title count most; the newest of equals first

Words are cut as everywhere (`classifiers.tokens`). No synonyms, no spelling correction.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from classifiers.text import normalise
from classifiers.tokens import words
from content.render.told import Told

FIELDS = {"title": 3.0, "claim": 3.0, "fact": 1.5, "rest": 1.0}
LONGEST = 8_000  # characters of a field: cutting words is quadratic on unknown Han
MOST_TERMS = 40  # of a question
SATURATION = 1.2
FLOOR = 0.35  # of the best score: what is below answers another question
_TERM = re.compile(r"[^\W_]+")
# Words that every question has and that no answer is found by.
_IDLE_WORDS = (
    "的 了 是 吗 呢 吧 啊 在 有 和 与 及 或 也 都 就 还 会 能 要 可以 不 没 没有 这 那 这个 那个 什么 怎么 怎么办 怎样 如何 为什么 "
    "哪些 哪里 多少 几 一 个 我 你 您 他 我们 大家 请问 听说 说 网传 据说 真的 假的 真 假 到底 是不是 能不能 会不会 有没有 要不要 "
    "吃 用 到 被 把 让 给 对 从 上 下 中 后 前 时 里 年 月 日"
)
_IDLE = frozenset(_IDLE_WORDS.split())


@dataclass(frozen=True)
class Document:
    """One publication as the index knows it: how often each term stands in each field."""

    id: str
    published: float  # seconds since 1970
    fields: Mapping[str, Mapping[str, int]]


def document(told: Told) -> Document:
    """The searchable text of a page."""
    body = told.body
    warning = " ".join((body.warning or {}).values())
    texts = {
        "title": body.title,
        "claim": " ".join((body.claim, body.question)),
        "fact": " ".join((body.summary, body.fact, warning)),
        "rest": " ".join((body.why, body.todo, body.answer, body.scope)),
    }
    fields = {name: dict(Counter(terms(text))) for name, text in texts.items()}
    return Document(told.public_id, told.published_at.timestamp(), fields)


def terms(text: str, idle: frozenset[str] = frozenset()) -> list[str]:
    """Every term of a text, in order, repeated as often as it stands there; nothing of the words in `idle`."""
    found: list[str] = []
    before = ""
    for word in words(normalise(text[:LONGEST])):
        for part in _TERM.findall(word.lower()) or [""]:
            alone = len(part) == 1 and not part.isascii()
            if part and part not in idle:
                found.append(part)
                if len(part) > 2 and not part.isascii():
                    found += [part[i : i + 2] for i in range(len(part) - 1)]
                if alone and before:
                    found.append(before + part)  # 囤 水 → 囤水: a word that the dictionary does not have
            before = part if alone and part not in idle else ""
    return found


def asked(question: str) -> list[str]:
    """The terms of a question that can find something; all of them when it has only idle ones."""
    telling = [term for term in terms(question, _IDLE) if len(term) > 1 or not term.isascii()]
    return list(dict.fromkeys(telling or terms(question)))[:MOST_TERMS]


def rank(question: Sequence[str], documents: Iterable[Document], total: int) -> list[str]:
    """The ids of what answers best, best first. `documents` hold at least one term each; `total` is all there are."""
    candidates = list(documents)
    spread = {term: sum(any(term in f for f in d.fields.values()) for d in candidates) for term in question}
    weight = {term: _rarity(spread[term], total) * _worth(term) for term in question}
    scored = sorted(((_score(one, weight), one.published, one.id) for one in candidates), reverse=True)
    best = scored[0][0] if scored else 0.0
    return [found for score, _, found in scored if score > 0 and score >= FLOOR * best]


def _rarity(holding: int, total: int) -> float:
    return math.log(1 + (max(total, holding) - holding + 0.5) / (holding + 0.5))


def _worth(term: str) -> float:
    """A single character says less than a word."""
    return 0.4 if len(term) == 1 else 1.0


def _score(one: Document, weight: Mapping[str, float]) -> float:
    score = matched = 0.0
    for term, value in weight.items():
        often = sum(boost * one.fields.get(name, {}).get(term, 0) for name, boost in FIELDS.items())
        if often:
            matched += value
            score += value * often * (SATURATION + 1) / (often + SATURATION)
    whole = sum(weight.values()) or 1.0
    return score * (0.5 + matched / whole)
