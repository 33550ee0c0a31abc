"""Look at what is published again (复核): when, why now, and what an editor decides.

    goes out      its date is set                    a source goes or changes   the date is now
    ask_due       a job tells the desk, once a date  still_right                a new date, by somebody, with a note

A text that no longer holds is corrected or taken back like any other. Nothing here changes a text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from content import shelf_life
from content.body import PieceBody
from content.permissions import SERVICE, Actor, require
from content.pieces import Piece
from content.publications import Publication, PublicationType
from service.context import Context
from service.errors import Invalid
from service.store import audit, pieces, publications
from service.store import shelf as store
from service.store.engine import Database
from service.store.notify import announce
from service.store.tables import SourceCopy
from service.usecases.speaking import house

REVIEWED = "reviewed"
AT_A_TIME = 200
NOTE = 500


@dataclass(frozen=True)
class Stale:
    """A text that asks to be looked at, and the sources that are a reason for it."""

    piece: Piece
    publication: Publication
    sources: Sequence[SourceCopy]


def first_due(ctx: Context, publication: Publication) -> datetime | None:
    """When a text that goes out now is looked at again."""
    body = PieceBody.model_validate(publication.snapshot["body"])
    return shelf_life.due(str(publication.snapshot["kind"]), body, publication.issued_at, house(ctx).zone)


async def stale(ctx: Context, session: AsyncSession, limit: int = 50) -> list[Stale]:
    """What is over its date, the longest over first."""
    rows = await store.due(session, ctx.now(), limit)
    sources = await store.troubled(session, [publication.public_id for _, publication in rows])
    return [Stale(piece, told, sources.get(told.public_id, [])) for piece, told in rows]


async def ask_due(ctx: Context, db: Database) -> int:
    """Tell the desk of texts that are over their date, each once; how many. Gives older texts their date first."""
    async with db.write() as session:
        for piece, publication in await store.without_date(session, AT_A_TIME):
            await pieces.touch(session, piece, review_due=first_due(ctx, publication))
        new = await store.not_asked(session, ctx.now(), AT_A_TIME)
        for piece in new:
            await pieces.touch(session, piece, review_asked_at=ctx.now())
            after = {"public_id": piece.public_id or piece.corrects}
            await audit.record(ctx, session, SERVICE, "piece.review_due", "piece", piece.id, after=after)
        if new:
            await announce(session, "queue")
    return len(new)


async def source_lost(ctx: Context, session: AsyncSession, piece_id: UUID) -> None:
    """A source of a published text is gone or says something else: the text is to be looked at now."""
    piece = await store.piece_of(session, piece_id)
    if piece is not None and (piece.review_due is None or piece.review_due > ctx.now()):
        await pieces.touch(session, piece, review_due=ctx.now())


async def still_right(
    ctx: Context, session: AsyncSession, public_id: str, until: date | None, by: Actor, note: str = ""
) -> Piece:
    """An editor has looked: the text still holds, and is looked at again on `until` (None: by the house's rule)."""
    require(by, "piece.correct")
    publication = await publications.current(session, public_id)
    if publication.type == PublicationType.RETRACT:
        raise Invalid("this has been retracted")
    if len(note) > NOTE:
        raise Invalid(f"a note has at most {NOTE} characters", field="note")
    zone = house(ctx).zone
    today = ctx.now().astimezone(zone).date()
    kind = str(publication.snapshot["kind"])
    day = until or shelf_life.suggested(kind, today)
    due = shelf_life.confirmed(PieceBody.model_validate(publication.snapshot["body"]), day, today, zone)
    piece = await pieces.load(session, publication.piece_id)
    was = piece.review_due
    await pieces.touch(session, piece, review_due=due, review_asked_at=None)
    await pieces.add_act(ctx, session, piece, REVIEWED, by, publication.sha256, note.strip())
    before, after = {"review_due": was.isoformat() if was else None}, {"review_due": due.isoformat()}
    await audit.record(
        ctx, session, by, "piece.reviewed", "publication", public_id, before, after, note.strip()
    )
    await announce(session, "queue")
    return piece
