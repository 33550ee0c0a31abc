"""A publication for the ear (听这篇): sentence by sentence, each as it is written and as it is said.

    Told → passages of sentences      the fact first; long ones parted where a reader takes breath

Numbers, dates and hot lines are said in words (`spoken`). The rumor itself is never read out, and web addresses are shown
but not said. Does not shorten: that is the loudspeaker's script.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from content.pieces import PieceKind
from content.render.plain import clean
from content.render.script import signature
from content.render.spoken import aloud
from content.render.told import House, Told
from content.warnings import ELEMENTS

BREATH = 60
"""Characters of one utterance, about fifteen seconds: some browsers fall silent in the middle of longer ones."""
_SENTENCE = re.compile(r"[^。！？!?\n]*[^\s。！？!?\n][^。！？!?\n]*[。！？!?]*[”’」』）)】]*")
_PAUSE = re.compile(r"[^，、；：,;:]*[，、；：,;:]|[^，、；：,;:]+$")
_SAYS_SOMETHING = re.compile(r"[^\W_]")


@dataclass(frozen=True)
class Sentence:
    """`shown` is the text as written; `said` the words for a voice, empty where there is nothing to say."""

    shown: str
    said: str


def passages(told: Told, house: House) -> list[tuple[Sentence, ...]]:
    """What the page says, paragraph by paragraph, in the order of reading. Nothing for what was withdrawn."""
    if told.retracted:
        return []
    lines = (line.strip() for part in _parts(told, house) for line in clean(part).splitlines())
    return [found for line in lines if (found := tuple(_sentences(line)))]


def _parts(told: Told, house: House) -> Iterator[str]:
    body = told.body
    if told.lapsed:
        yield "这条预警的有效期已经结束，不要再当作现在的预警。"
    if told.kind == PieceKind.HOLDING:
        yield "有一条消息正在核实，请先不要转发。"
    yield _ended(body.title)
    if told.corrections and told.reason:
        yield f"{told.changed}说明：{_ended(told.reason)}"
    yield body.fact
    if told.kind == PieceKind.WARNING:
        yield _warning(told)
    yield _ended(body.question) if body.question else ""
    yield from (body.answer, body.why, body.todo)
    yield f"适用范围：{_ended(body.scope)}" if body.scope else ""
    yield signature(told, house)


def _warning(told: Told) -> str:
    """The issuer's words in the order of the law."""
    said = dict.fromkeys(ELEMENTS, "") | (told.body.warning or {})
    head = f"{said['issuer']}{said['issued_at']}发布{said['type']}{said['level']}预警。"
    start = f"起始时间：{said['start']}。" if said["start"] else ""
    area = f"影响范围：{said['area']}。" if said["area"] else ""
    return "\n".join((head + start + area, said["cautions"], said["measures"]))


def _ended(text: str) -> str:
    return text if text.endswith(("。", "！", "？", "!", "?")) else f"{text}。"


def _sentences(line: str) -> Iterator[Sentence]:
    for sentence in _SENTENCE.findall(line):
        for piece in _breaths(sentence.strip()):
            said = aloud(piece).strip()
            yield Sentence(piece, said if _SAYS_SOMETHING.search(said) else "")


def _breaths(sentence: str) -> Iterator[str]:
    """The sentence in pieces of at most BREATH characters, parted at commas; one without commas is parted hard."""
    held = ""
    for part in _PAUSE.findall(sentence) if len(sentence) > BREATH else [sentence]:
        if held and len(held) + len(part) > BREATH:
            yield held
            held = ""
        held += part
        while len(held) > BREATH:
            yield held[:BREATH]
            held = held[BREATH:]
    if held:
        yield held
