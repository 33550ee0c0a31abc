"""The script for village loudspeakers (大喇叭): read in a minute, the fact first, numbers in words, no address.

About four characters a second are read slowly and clearly, so 240 characters. What does not fit is left out by whole
sentences from the end; the fact and what to do always stay in, if need be shortened. The rumor itself is never read out.
"""

from __future__ import annotations

import re

from content.pieces import PieceKind
from content.publications import PublicationType
from content.render.plain import clean
from content.render.spoken import aloud
from content.render.told import House, Told
from content.warnings import ELEMENTS

LIMIT = 240
_OPENING = {
    PieceKind.REBUTTAL: "各位乡亲请注意，下面播报一条辟谣消息。",
    PieceKind.EXPLAINER: "各位乡亲，下面播报一条科普知识。",
    PieceKind.HOLDING: "各位乡亲请注意，有一条消息正在核实，请先不要转发。",
    PieceKind.WARNING: "各位乡亲请注意，下面转播一条预警信息。",
    PieceKind.CORRECTION: "各位乡亲请注意，下面更正一条消息。",
}
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?")


def render(told: Told, house: House) -> str:
    """Plain text, one line a breath, at most LIMIT characters between opening and signature included."""
    mark = "【演练】这是演练。\n" if told.exercise else ""
    end = signature(told, house)
    if told.ended:
        said = [f"以前转播过的“{told.body.title}”已经结束，请转告听到的人。", told.reason]
        return f"{mark}各位乡亲请注意，有一条预警已经结束。\n{_fit(said, LIMIT - 40)}\n{end}\n"
    if told.lapsed:
        said = [f"“{told.body.title}”已经过了有效期，请不要再播。最新情况以发布单位的消息为准。"]
        return f"{mark}{_fit(said, LIMIT)}\n"
    if told.retracted:
        said = [f"以前播报过“{told.body.title}”，现在撤回，请不要再转告。", f"原因是：{told.reason}"]
        return f"{mark}各位乡亲请注意，我们撤回一条消息。\n{_fit(said, LIMIT - 40)}\n{end}\n"
    corrects = told.type == PublicationType.CORRECT and told.kind != PieceKind.WARNING
    opening = _OPENING[PieceKind.CORRECTION if corrects else PieceKind(told.kind)]
    room = LIMIT - len(opening) - len(end) - len(mark)
    first, then = _parts(told)
    todo = _fit([then], room // 2)
    return "\n".join(filter(None, (mark + opening, _fit([first], room - len(todo)), todo, end))) + "\n"


def signature(told: Told, house: House) -> str:
    """Who says all this, as the last sentence."""
    return f"以上内容由{house.desk}{'转播' if told.kind == PieceKind.WARNING else '发布'}。"


def seconds(script: str) -> int:
    """How long reading takes, at four characters a second."""
    return round(len(re.sub(r"\s", "", script)) / 4)


def _parts(told: Told) -> tuple[str, str]:
    body = told.body
    if told.kind == PieceKind.WARNING:
        warning = body.warning or {}
        said = dict.fromkeys(ELEMENTS, "") | warning
        where = f"影响范围：{said['area']}。" if said["area"] else ""
        when = f"{said['issuer']}{said['issued_at']}发布{said['type']}{said['level']}预警。"
        first = f"{when}{where}{said['cautions']}"
        return first, warning.get("measures", "") or body.todo
    changed = f"更正说明：{told.reason}\n" if told.reason else ""
    return f"{changed}{body.title}。{body.fact or body.answer}", body.todo


def _fit(texts: list[str], room: int) -> str:
    """Whole sentences while there is room, in words; the first one is cut if it alone is too long."""
    kept: list[str] = []
    used = 0
    for sentence in _SENTENCE.findall(aloud(clean("\n".join(texts)))):
        said = sentence.strip()
        if not said:
            continue
        said = said if said[-1] in "。！？!?" else f"{said}。"
        if used + len(said) > room:
            return "".join(kept) or said[: max(room - 1, 0)] + "。"
        kept.append(said)
        used += len(said)
    return "".join(kept)
