"""Can those whom a text is for read it (阅读难度)? By the length of its sentences and by words that offices use and people don't.

Advice only, and simple on purpose: an editor must be able to see why. The strictest of the chosen audiences counts; a text
for nobody in particular is for everybody. Does not judge what a text says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from content.body import PieceBody
from content.findings import Problem

SENTENCE_END = re.compile(r"[。！？!?；;\n]+")
FIELDS: Final = ("fact", "why", "todo", "answer")
ENOUGH: Final = 4  # sentences: an average of fewer says little


@dataclass(frozen=True)
class Level:
    """`longest`: characters of one sentence, read in one breath. `mean`: of all sentences together."""

    longest: int
    mean: int
    plain: bool = False


PLAIN: Final = Level(45, 28, plain=True)
LEVELS: Final = {
    "elderly": PLAIN,
    "teens": PLAIN,
    "farmers": PLAIN,
    "workers": Level(70, 40),
    "general": Level(70, 40),
    "officials": Level(100, 60),
}

PLAINER: Final = dict(
    pair.split("→")
    for pair in re.findall(
        r"\S+",
        "切勿→不要 严禁→不许 亟需→急需 务必→一定要 予以→给 及时就医→赶快去医院 谨慎驾驶→小心开车 罹患→得了 "
        "致病菌→会让人生病的细菌 临床→医院里 禁忌症→什么人不能用 副作用机制→为什么会有副作用 流行病学→对很多病人的调查 "
        "氰苷→一种有毒的东西 心搏骤停→心跳突然停止 低温症→冻得太厉害 次生灾害→接着来的灾害 孕灾→容易出灾害的 "
        "致灾→造成灾害的 承灾体→会受灾的人和东西 叠加影响→加在一起的影响 强对流天气→雷暴大风冰雹 短时强降水→一阵很大的雨 "
        "径流→流下来的雨水 坡体→山坡 失稳→要塌 避险转移→躲到安全的地方 研判→判断 舆情→大家的议论 "
        "辖区→这里 知悉→知道 敬请→请 给予→给 系因→是因为 上述→上面说的 逾期→过了时间 缴纳→交 购置→买",
    )
)
"""An office's word and how people say it."""


def level(audiences: Sequence[str]) -> Level:
    """What is asked of a text for these readers."""
    chosen = [LEVELS[code] for code in audiences if code in LEVELS] or [LEVELS["general"]]
    return min(chosen, key=lambda one: one.longest)


def problems(body: PieceBody) -> list[Problem]:
    """Where this text is harder to read than it need be."""
    asked = level(body.audiences)
    found = [*_long(body, asked), *_dense(body, asked)]
    return [*found, *_hard(body)] if asked.plain else found


def sentences(text: str) -> Sequence[str]:
    """The sentences of a text, without their ends."""
    return [part.strip() for part in SENTENCE_END.split(text) if part.strip()]


def _long(body: PieceBody, asked: Level) -> list[Problem]:
    found = []
    for name in FIELDS:
        longest = max(sentences(getattr(body, name)), key=len, default="")
        if len(longest) > asked.longest:
            data = {"limit": asked.longest, "length": len(longest), "words": longest[:16]}
            found.append(Problem("long_sentence", name, "should", data))
    return found


def _dense(body: PieceBody, asked: Level) -> list[Problem]:
    all_of_it = [one for name in FIELDS for one in sentences(getattr(body, name))]
    if len(all_of_it) < ENOUGH:
        return []
    mean = round(sum(map(len, all_of_it)) / len(all_of_it))
    data = {"limit": asked.mean, "length": mean}
    return [Problem("dense_text", "", "should", data)] if mean > asked.mean else []


def _hard(body: PieceBody) -> list[Problem]:
    found = []
    for name in ("title", *FIELDS):
        words = [f"{word}→{plain}" for word, plain in PLAINER.items() if word in getattr(body, name)]
        if words:
            found.append(Problem("hard_word", name, "should", {"words": "，".join(words[:5])}))
    return found
