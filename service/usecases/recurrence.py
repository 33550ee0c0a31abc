"""The same rumor again (旧谣新传): what was published about it before, so that the new text says so by itself.

By the case: what answered it or was published about it, and about the closed cases that it goes on from; last what was
found to be alike, which is a machine's guess and is for the editor to untick. Retracted texts and holding statements are
no answer. Decides nothing and changes nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from content.cases import Case
from content.pieces import PieceKind
from content.publications import Publication, PublicationType
from service.store import publications

ANSWERS: Final = frozenset({PieceKind.REBUTTAL, PieceKind.EXPLAINER})
BACK: Final = 5  # closed cases that are followed back
MOST: Final = 10


async def earlier(
    session: AsyncSession, case_id: UUID | None, instead_of: str | None = None
) -> list[Publication]:
    """What stands about this rumor, nearest first; without `instead_of`, the id that the text itself goes out under."""
    case = await session.get(Case, case_id) if case_id else None
    if case is None:
        return []
    found: dict[str, Publication] = {}
    async for public_id in _named(session, case):
        if public_id in found or public_id == instead_of:
            continue
        latest = await publications.latest(session, public_id)
        if latest is not None and _answers(latest) and latest.exercise == case.exercise:
            found[public_id] = latest
        if len(found) == MOST:
            break
    return list(found.values())


async def _named(session: AsyncSession, case: Case) -> AsyncIterator[str]:
    guess, at, seen = case.known_publication, case, {case.id}
    for _ in range(BACK):
        if at.answered_with:
            yield at.answered_with
        for published in reversed(await publications.of_case(session, at.id)):
            yield published.public_id
        before = await session.get(Case, at.follows) if at.follows else None
        if before is None or before.id in seen:
            break
        at = before
        seen.add(at.id)
    if guess:
        yield guess


def _answers(publication: Publication) -> bool:
    return publication.type != PublicationType.RETRACT and publication.snapshot["kind"] in ANSWERS
