"""The claims that published pages answer, in memory, to be asked about any text. Follows the database by itself.

Only suggests. A text that resembles nothing is unknown, which never means that it is true.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from classifiers.claims import Claim, ClaimIndex
from content.render.told import Told
from service.site import current, search
from service.store.engine import Database

LONGEST = 4_000  # characters of a question
RELATED = 5
NEAR = 0.25  # probability of being the same claim from which a page is worth showing


@dataclass(frozen=True)
class Found:
    """`same`: the page that answers this very claim, or None. `related`: pages that may help."""

    same: Told | None
    related: tuple[Told, ...]


class Known:
    """The index of one process."""

    def __init__(self) -> None:
        self._index = ClaimIndex()
        self._versions: dict[str, int] = {}
        self._sequence = -1
        self._turn = asyncio.Lock()

    async def ask(self, db: Database, question: str, now: datetime) -> Found:
        """What is known about a text that somebody heard."""
        words = question.strip()[:LONGEST]
        async with self._turn:
            await self._follow(db, now)
            sure = await asyncio.to_thread(self._index.known, words) if words else None
            close = await asyncio.to_thread(self._index.match, words, RELATED) if words else []
        near = [match.id for match in close if match.score >= NEAR]
        near += await search.find(db, words, RELATED)
        wanted = list(dict.fromkeys(([sure.id] if sure else []) + near))
        async with db.read() as session:
            pages = await current.some(session, wanted, now)
        same = next((one for one in pages if sure and one.public_id == sure.id), None)
        return Found(same, tuple(one for one in pages if one is not same)[:RELATED])

    async def _follow(self, db: Database, now: datetime) -> None:
        async with db.read() as session:
            if await current.newest_sequence(session) == self._sequence:
                return
            public = await current.load(session, now)
        await asyncio.to_thread(self._take, public)

    def _take(self, public: current.Public) -> None:
        standing = {one.public_id: one for one in public.standing}
        for gone in self._versions.keys() - standing.keys():
            self._index.remove(gone)
            del self._versions[gone]
        for id_, one in standing.items():
            if self._versions.get(id_) != one.version:
                self._index.add(_claim(one))
                self._versions[id_] = one.version
        self._sequence = public.sequence


def _claim(one: Told) -> Claim:
    body = one.body
    return Claim(
        one.public_id,
        body.claim or body.question or body.title,
        f"{body.title}。{body.fact}{body.answer}",
        one.published_at.date(),
        body.regions[0] if body.regions else None,
    )
