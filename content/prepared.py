"""Prepared texts (备用文稿): typical rumors and hazards, written and sourced before they are needed.

    prepared_texts/*.toml → PieceBody, validated when first read → `suggest` for a case, by hazard, topics and words

A prepared text is where a draft begins, never where one ends: it goes through the same checks and the same second
person as any other. Its sources name a publisher and that publisher's home address; the editor opens the page of the day.
Reads packaged files only; knows no place, no date and no case by itself.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from classifiers.taxonomy import AUDIENCES, HAZARDS, TOPICS
from classifiers.text import normalise
from classifiers.tokens import words
from content.body import PieceBody, SourceRef
from content.pieces import PieceKind

FOLDER: Final = Path(__file__).parent / "prepared_texts"
PUBLISHERS: Final = "publishers.toml"
HOLDING: Final = "holding.toml"  # see `content.holding`
KINDS: Final = (PieceKind.REBUTTAL, PieceKind.EXPLAINER)
LOOKED_AT: Final = 500
"""Characters of a case's text that are compared; a rumor has said what it says by then."""

SAME_HAZARD, SAME_TOPIC = 0.30, 0.05
ENOUGH: Final = 0.12
"""Below this a text is not worth an editor's look: a shared topic alone is not enough, a shared hazard is."""

SAY_LITTLE: Final = frozenset(
    re.findall(
        r"\S+",
        "怎么 怎么办 什么 可以 不能 能不能 是不是 一个 没有 不会 就是 还是 就会 马上 处理 现在 大家 我们 这里 听说 转发",
    )
)
"""Words that every rumor has: sharing them says nothing."""


@dataclass(frozen=True)
class Prepared:
    """One prepared text: a name that stays, the kind of piece it becomes, and what it says."""

    id: str
    kind: str
    body: PieceBody


@cache
def all_texts() -> tuple[Prepared, ...]:
    """The whole stock, in the order of the files. ValueError names the file and the text that is wrong."""
    publishers = _read(FOLDER / PUBLISHERS)
    found: dict[str, Prepared] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        if path.name in (PUBLISHERS, HOLDING):
            continue
        for row in _read(path)["text"]:
            text = parse(row, publishers, path.name)
            if text.id in found:
                raise ValueError(f"{path.name}: {text.id} is there twice")
            found[text.id] = text
    return tuple(found.values())


def by_hazard(code: str) -> tuple[Prepared, ...]:
    """The texts about one hazard; a code that nobody knows has none."""
    return tuple(text for text in all_texts() if text.body.hazard == code)


def get(name: str) -> Prepared | None:
    """The text of this name."""
    return next((text for text in all_texts() if text.id == name), None)


def parse(row: Mapping[str, Any], publishers: Mapping[str, Mapping[str, str]], where: str = "") -> Prepared:
    """One `[[text]]` of a file. ValueError when it does not say what a PieceBody can hold, or names unknown codes."""
    fields = dict(row)
    name, kind = str(fields.pop("id", "")), str(fields.pop("kind", ""))
    try:
        fields["sources"] = [_source(source, publishers) for source in fields.get("sources", ())]
        text = Prepared(name, kind, PieceBody.model_validate(fields))
        if not name or kind not in KINDS:
            raise ValueError("a text has an id and is a rebuttal or an explainer")
        _known(text.body)
    except (ValueError, KeyError) as error:
        raise ValueError(f"{where}: {name or '(no id)'}: {error}") from error
    return text


def suggest(
    text: str, hazard: str | None = None, topics: Sequence[str] = (), limit: int = 3
) -> tuple[Prepared, ...]:
    """What may fit a case, best first: shared words weighted by how rare they are in the stock, hazard, topics."""
    asked = frozenset(_content_words(normalise(text[:LOOKED_AT])))
    scored = [(_score(one, asked, hazard, topics), one) for one in all_texts()]
    fitting = [pair for pair in scored if pair[0] >= ENOUGH]
    return tuple(one for _, one in sorted(fitting, key=lambda pair: (-pair[0], pair[1].id))[:limit])


def search(asked: str, limit: int = 8) -> tuple[Prepared, ...]:
    """What an editor looks for: texts that contain every part of the query as typed, then those that are alike."""
    parts = normalise(asked[:LOOKED_AT]).split()
    if not parts:
        return ()
    literal = (one for one in all_texts() if all(part in _whole(one) for part in parts))
    return tuple(dict.fromkeys((*literal, *suggest(asked))))[:limit]


def _whole(one: Prepared) -> str:
    body = one.body
    hazard = HAZARDS[body.hazard].zh if body.hazard else ""
    return normalise(
        f"{hazard}。{body.title}。{body.claim}{body.question}。{body.fact}{body.answer}。{body.todo}"
    )


def _score(one: Prepared, asked: frozenset[str], hazard: str | None, topics: Sequence[str]) -> float:
    rarity = _rarity()
    mine = _words_of_all()[one.id]
    unknown = math.log(1 + len(all_texts()))
    shared = math.fsum(rarity[word] ** 2 for word in mine & asked)
    lengths = (
        math.sqrt(math.fsum(rarity.get(word, unknown) ** 2 for word in group)) for group in (mine, asked)
    )
    product = math.prod(lengths)
    alike = shared / product if product else 0.0
    same = SAME_HAZARD if hazard and one.body.hazard == hazard else 0.0
    return alike + same + SAME_TOPIC * len(set(topics) & set(one.body.topics))


@cache
def _words_of_all() -> dict[str, frozenset[str]]:
    return {
        one.id: frozenset(_content_words(normalise(f"{one.body.claim}{one.body.question}。{one.body.title}")))
        for one in all_texts()
    }


@cache
def _rarity() -> dict[str, float]:
    counts = Counter(word for group in _words_of_all().values() for word in group)
    return {word: math.log(1 + len(all_texts()) / count) for word, count in counts.items()}


def _content_words(text: str) -> list[str]:
    """Words of two characters and more, a longer one also by its pairs: 毒蘑菇 and 野蘑菇 share 蘑菇."""
    found = [word for word in words(text) if len(word) > 1 and not word.isspace() and word not in SAY_LITTLE]
    return found + [word[at : at + 2] for word in found for at in range(len(word) - 1) if len(word) > 2]


def _source(row: Mapping[str, str], publishers: Mapping[str, Mapping[str, str]]) -> SourceRef:
    publisher = publishers[row["by"]]
    return SourceRef(title=row["title"], publisher=publisher["name"], url=publisher["url"])


def _known(body: PieceBody) -> None:
    strange = (set(body.topics) - set(TOPICS)) | (set(body.audiences) - set(AUDIENCES))
    if body.hazard is not None:
        strange |= {body.hazard} - set(HAZARDS)
    if strange:
        raise ValueError(f"unknown codes: {', '.join(sorted(strange))}")


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))
