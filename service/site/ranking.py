"""Search terms and their ranking. Pure: the same texts and the same question give the same order on every database.

    text → words → terms      a word, and the pairs of characters inside a longer one (诈骗电话 also says 诈骗 and 电话)
    BM25F over four fields    what goes round and the title count most; the newest of equals first

Words are cut as everywhere (`classifiers.tokens`). A question is asked with its other words too (`everyday`); those count
less. No spelling correction.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from classifiers.text import normalise
from classifiers.tokens import words
from content.render.told import Told
from service.site import everyday

FIELDS = {"title": 3.0, "claim": 3.0, "fact": 1.5, "rest": 1.0}
LONGEST = 8_000  # characters of a field: cutting words is quadratic on unknown Han
MOST_TERMS = 40  # of a question
SATURATION = 1.2
MOST_GROUPS = 12
OTHER = 0.6  # of a word that the question does not say itself
FLOOR = 0.35  # of the best score: what is below answers another question
_TERM = re.compile(r"[^\W_]+")
# Words that every question has and that no answer is found by.
_IDLE_WORDS = (
    "的 了 是 吗 呢 吧 啊 在 有 和 与 及 或 也 都 就 还 会 能 要 可以 不 没 没有 这 那 这个 那个 什么 怎么 怎么办 怎样 如何 为什么 "
    "哪些 哪里 多少 几 一 个 我 你 您 他 我们 大家 请问 听说 说 网传 据说 真的 假的 真 假 到底 是不是 能不能 会不会 有没有 要不要 "
    "吃 用 到 被 把 让 给 对 从 上 下 中 后 前 时 里 年 月 日 "
    "咋 咋办 咋样 咋个 么 啥 为啥 不 吧 行 行不行 得 着 该 弄 搞 好多 起来 有人 有用 真 东西 家 家里 屋里 屋 叫 做 去 来"
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


@dataclass(frozen=True)
class Asked:
    """What a question looks for: its own terms, and for each thing that has other names the terms of those."""

    own: tuple[str, ...] = ()
    other: tuple[frozenset[str], ...] = ()

    @property
    def terms(self) -> tuple[str, ...]:
        """Every term that may find a page."""
        return tuple(dict.fromkeys((*self.own, *sorted(frozenset[str]().union(*self.other)))))


def asked(question: str) -> Asked:
    """The terms of a question that can find something; all of them when it has only idle ones."""
    telling = [term for term in terms(question, _IDLE) if len(term) > 1 or not term.isascii()]
    own = tuple(dict.fromkeys(telling or terms(question)))[:MOST_TERMS]
    groups = everyday.others(normalise(question[:LONGEST]).lower(), own)
    other = (frozenset(t for word in group for t in terms(word, _IDLE)) - set(own) for group in groups)
    return Asked(own, tuple(found for found in other if found)[:MOST_GROUPS])


def rank(question: Asked, documents: Iterable[Document], total: int) -> list[str]:
    """The ids of what answers best, best first. `documents` hold at least one term each; `total` is all there are."""
    wanted = frozenset(question.terms)
    held = [(one, _often(one, wanted)) for one in documents]
    spread = Counter(term for _, often in held for term in often)
    weight = {term: _rarity(spread[term], total) * _worth(term) for term in wanted}
    scored = sorted(
        ((_score(often, question, weight), one.published, one.id) for one, often in held), reverse=True
    )
    best = scored[0][0] if scored else 0.0
    return [found for score, _, found in scored if score > 0 and score >= FLOOR * best]


def _often(one: Document, wanted: frozenset[str]) -> dict[str, float]:
    """How often a page has each wanted term, by the weight of the field where it stands."""
    found: dict[str, float] = {}
    for name, boost in FIELDS.items():
        field = one.fields.get(name, {})
        for term in wanted & field.keys():
            found[term] = found.get(term, 0.0) + boost * field[term]
    return found


def _rarity(holding: int, total: int) -> float:
    return math.log(1 + (max(total, holding) - holding + 0.5) / (holding + 0.5))


def _worth(term: str) -> float:
    """A single character says less than a word."""
    return 0.4 if len(term) == 1 else 1.0


def _score(often: Mapping[str, float], question: Asked, weight: Mapping[str, float]) -> float:
    value = {term: weight[term] * n * (SATURATION + 1) / (n + SATURATION) for term, n in often.items()}
    own = [term for term in question.own if term in value]
    score = sum(value[term] for term in own)
    for group in question.other:  # one thing, however many of its names stand there
        score += OTHER * max((value[term] for term in group if term in value), default=0.0)
    whole = sum(weight[term] for term in question.own) or 1.0
    return score * (0.5 + sum(weight[term] for term in own) / whole)
