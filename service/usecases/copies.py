"""Keep copies of a text's sources (来源留存): look at each address, keep hash, time and words, and look again later.

    saved, going out   the addresses are noted in that very transaction
    look_due           a job fetches what is due, outside any transaction, and writes down what it found
    look_now           an editor asks: all sources of one text, within a few seconds

Nothing here stops a text from going out. Killed in the middle, an address is looked at again, which changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Final, Protocol
from uuid import UUID

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from content import copies
from content.body import PieceBody
from content.copies import Look, Standing
from content.permissions import Actor, require
from content.publications import Publication
from service.context import Context
from service.errors import NotFound
from service.store import audit, pieces
from service.store import copies as store
from service.store.engine import Database
from service.store.tables import SourceCopy
from service.usecases import shelf_life

AWAY: Final = frozenset({"dns", "connect", "timeout"})
AWAY_IN_A_ROW: Final = (
    3  # then it is rather our own network; a hanging name server takes a thread for each question
)
REST: Final = timedelta(minutes=10)
AT_ONCE_ASKED: Final = 6
PATIENCE: Final = 6.0  # seconds for one source while an editor waits
log = structlog.get_logger()


class Door(Protocol):
    """The way to a source."""

    async def look(self, url: str, seconds: float = ...) -> Look:
        """What is there now; a failure is a value."""
        ...


async def want(ctx: Context, session: AsyncSession, piece_id: UUID, body: PieceBody) -> None:
    """A text was saved: look at the sources that are new in it."""
    await store.want(ctx, session, piece_id, copies.addresses(body))


async def go_out(ctx: Context, session: AsyncSession, publication: Publication) -> None:
    """A text goes out: a copy of each source as of now belongs to it."""
    body = PieceBody.model_validate(publication.snapshot["body"])
    await store.want(ctx, session, publication.piece_id, copies.addresses(body), again=True)
    await session.flush()
    await store.go_out(session, publication.piece_id, publication.public_id)


async def look_due(ctx: Context, db: Database, door: Door, limit: int = 20) -> int:
    """Look at what is due, one after the other, at most `limit` addresses; how many. Rests while the network is down."""
    async with db.read() as session:
        due = await store.due(session, ctx.now(), limit)
    away = made = 0
    for copy in due:
        look = await door.look(copy.url)
        async with db.write() as session:
            await _note(ctx, session, copy, look)
        made += 1
        away = away + 1 if look.fault in AWAY else 0
        if away == AWAY_IN_A_ROW:
            async with db.write() as session:
                await store.put_off(session, ctx.now(), ctx.now() + REST)
            break
    return made


async def look_now(ctx: Context, db: Database, door: Door, piece_id: UUID, by: Actor) -> Sequence[SourceCopy]:
    """Look at all sources of the newest text at once; what is slow is left to the job."""
    require(by, "piece.write")
    async with db.write() as session:
        piece = await pieces.load(session, piece_id)
        current = await pieces.revision(session, piece_id, piece.revision)
        body = PieceBody.model_validate(current.body)
        urls = copies.addresses(body)
        await store.want(ctx, session, piece_id, urls, again=True)
        await audit.record(ctx, session, by, "piece.look", "piece", piece_id, after={"sources": len(urls)})
    async with db.read() as session:
        asked = [copy for copy in await store.of_piece(session, piece_id) if copy.url in urls]
    await _look_at(ctx, db, door, asked)
    async with db.read() as session:
        return await store.of_piece(session, piece_id)


async def kept(session: AsyncSession, copy_id: UUID) -> SourceCopy:
    """One copy with its words, or NotFound."""
    copy = await store.kept(session, copy_id)
    if copy is None:
        raise NotFound
    return copy


async def _look_at(ctx: Context, db: Database, door: Door, due: Sequence[SourceCopy]) -> None:
    """Several at once, each within a few seconds: somebody waits for it."""
    places = asyncio.Semaphore(AT_ONCE_ASKED)

    async def one(copy: SourceCopy) -> None:
        async with places:
            look = await door.look(copy.url, PATIENCE)
        async with db.write() as session:
            await _note(ctx, session, copy, look)

    await asyncio.gather(*(one(copy) for copy in due))


async def _note(ctx: Context, session: AsyncSession, seen: SourceCopy, look: Look) -> None:
    """Write down what was found, unless somebody has looked meanwhile."""
    copy, now = await store.load(session, seen.id), ctx.now()
    if copy is None or copy.next_at != seen.next_at:
        return
    was_lost = _is_lost(copy)
    words = copy.text if copy.sha256 else None
    step = copies.after(Standing(copy.public_id is not None, copy.settled, words, copy.tries), look, now)
    copy.fault, copy.checked_at, copy.next_at, copy.tries = look.fault, now, step.next_at, step.tries
    copy.settled = step.settled
    if not look.fault:
        copy.changed = step.changed
    if step.keep:
        copy.taken_at, copy.sha256, copy.text = now, look.sha256, look.text
        copy.landed, copy.media = look.landed, look.media
    session.add(copy)
    if copy.public_id and copy.settled and _is_lost(copy) and not was_lost:
        await session.flush()
        await shelf_life.source_lost(ctx, session, copy.piece_id)
    if look.fault:
        log.info("source_not_seen", url=copy.url[:200], fault=look.fault, tries=copy.tries)


def _is_lost(copy: SourceCopy) -> bool:
    """Whether readers who follow the source don't find there what the text stands on."""
    return copy.changed or copy.fault in copies.GONE
