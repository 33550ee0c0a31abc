"""Begin a piece from a prepared text (备用文稿): what fits a case, what fits a few words, and the one that was chosen.

Reads the packaged stock only. The comparing runs in a thread: the first time it loads the dictionary of words.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from content import prepared
from content.cases import Case, Evidence
from content.incident_rules import kin
from content.pieces import PieceKind
from content.prepared import Prepared
from service.errors import Invalid

WORDS = 100


async def fitting(case: Case, evidence: Sequence[Evidence] = ()) -> Sequence[Prepared]:
    """Up to three texts that may fit a case, by what it says and what it was sorted under."""
    said = "。".join([case.title, *(one.text for one in evidence[:1])])
    return await asyncio.to_thread(prepared.suggest, said, case.hazard, tuple(case.topics))


async def stock(words: str = "") -> Sequence[Prepared]:
    """The texts that a search finds, best first; without words the whole stock."""
    if not words.strip():
        return await asyncio.to_thread(prepared.all_texts)
    return await asyncio.to_thread(prepared.search, words[:WORDS])


async def explaining(hazard: str) -> Sequence[Prepared]:
    """The explainers for an event of this hazard: its own first, then those of the hazards that come with it."""
    stock = await asyncio.to_thread(prepared.all_texts)
    fitting = [one for one in stock if one.kind == PieceKind.EXPLAINER and one.body.hazard in kin(hazard)]
    return sorted(fitting, key=lambda one: (one.body.hazard != hazard, one.id))


def chosen(name: str) -> Prepared:
    """The text that somebody picked. Invalid when there is none of this name."""
    found = prepared.get(name)
    if found is None:
        raise Invalid("there is no prepared text of this name")
    return found
