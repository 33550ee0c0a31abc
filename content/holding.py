"""Texts to begin a holding statement (正在核实) or the note of a correction (更正说明) from, where minutes count.

    prepared_texts/holding.toml → the first text for the hazard of the case, else the one for everything
    correction_note              → a sentence with blanks, which the checks do not let through unfilled

Reads packaged files only. Claims nothing that is not known yet: who uses a text reads and changes it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Final

from classifiers.taxonomy import HAZARDS
from content.body import PieceBody
from content.pieces import PieceKind
from content.prepared import FOLDER, HOLDING

WRONG: Final = "原文称〔原来的说法〕，有误；正确的是〔正确的说法〕。错在〔怎么出的错〕。我们已经改正，向受影响的读者致歉。"
ADDED: Final = "补充了〔补充的内容〕，结论没有变。"
NOTES: Final = {PieceKind.REBUTTAL: WRONG, PieceKind.EXPLAINER: WRONG, PieceKind.HOLDING: ADDED}


@dataclass(frozen=True)
class Start:
    """A holding statement to begin with; without hazards it is for everything."""

    hazards: frozenset[str]
    body: PieceBody


@cache
def all_texts() -> tuple[Start, ...]:
    """In the order of the file. ValueError when it names a hazard that nobody knows."""
    rows = tomllib.loads((FOLDER / HOLDING).read_text("utf-8"))["text"]
    found = []
    for row in rows:
        hazards = frozenset(row.pop("hazards"))
        if strange := hazards - set(HAZARDS):
            raise ValueError(f"{HOLDING}: unknown hazards: {', '.join(sorted(strange))}")
        found.append(Start(hazards, PieceBody.model_validate(row)))
    return tuple(found)


def text_for(hazard: str | None) -> PieceBody:
    """What to begin a holding statement about this hazard with."""
    fitting = (one.body for one in all_texts() if not one.hazards or (hazard or "") in one.hazards)
    return next(fitting)


def correction_note(kind: str) -> str:
    """What to begin the public note of a correction with, by the kind of what is corrected."""
    return next((note for name, note in NOTES.items() if name == kind), WRONG)
