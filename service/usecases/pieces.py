"""Write pieces (稿件): begin, save, look at, talk about. Approving is in `review`, letting out in `publish`.

Every change of the text is a new revision; nothing that was written is lost. Autosave is a scratch pad beside the text:
it makes no revision and costs no approval.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from content import drafting, review, warnings
from content import holding as holding_texts
from content.body import PieceBody, canonical_json
from content.errors import StaleRevision
from content.permissions import Actor, require
from content.piece_states import PieceState
from content.pieces import Piece, PieceAct, PieceKind, Revision
from content.publications import Publication, PublicationType
from service.context import Context
from service.errors import Conflict, Invalid
from service.store import audit, cases, evidence, incidents, publications
from service.store import pieces as store
from service.store.notify import announce
from service.usecases import copies, recurrence
from service.usecases.beginning import begin, new_piece, new_revision
from service.usecases.piece_reading import PiecePage, diff, kind_of, listing, page

__all__ = [
    "PiecePage",
    "autosave",
    "comment",
    "create",
    "diff",
    "kind_of",
    "listing",
    "lock",
    "page",
    "save",
    "start_correction",
    "unlock",
]

AUTOSAVE_BYTES = 200_000
NOTE = 2000


async def create(
    ctx: Context,
    session: AsyncSession,
    case_id: UUID | None,
    kind: str,
    by: Actor,
    template: PieceBody | None = None,
    *,
    exercise: bool = False,
    incident_id: UUID | None = None,
) -> Piece:
    """Begin a rebuttal, explainer or holding statement, prefilled from its case and a prepared text.

    A case that has a holding statement (正在核实) out gets its verdict in the same place: same public id, next version.
    """
    require(by, "piece.write")
    if kind not in (PieceKind.REBUTTAL, PieceKind.EXPLAINER, PieceKind.HOLDING):
        raise Invalid("a piece is begun as a rebuttal, an explainer or a holding statement")
    case = await cases.load(session, case_id) if case_id else None
    seen = await evidence.of_case(session, case.id) if case else []
    if kind == PieceKind.HOLDING and template is None:
        template = holding_texts.text_for(case.hazard if case else None)
    body = drafting.first_body(kind, case, seen, template or PieceBody())
    sources = (*drafting.official_sources(seen), *body.sources)[: drafting.SOURCES]
    holding = await _holding(session, case_id) if case_id and kind != PieceKind.HOLDING else None
    before = await recurrence.earlier(session, case_id, holding.public_id if holding else None)
    again = tuple(dict.fromkeys((*body.earlier, *(one.public_id for one in before))))
    body = body.model_copy(update={"sources": sources, "earlier": again})
    incident_id = incident_id or (case.incident_id if case else None)
    # What belongs to an exercise is one, whatever the caller says: by its case for ever, or by its incident.
    incident = await incidents.load(session, incident_id) if incident_id else None
    exercise = (
        exercise or (case is not None and case.exercise) or (incident is not None and incident.exercise)
    )
    piece = new_piece(ctx, kind, by, case_id, incident_id, exercise)
    piece.corrects, piece.corrects_version = (holding.public_id, holding.version) if holding else (None, None)
    return await begin(ctx, session, piece, body, by, start=holding.revision if holding else 0)


async def start_correction(ctx: Context, session: AsyncSession, public_id: str, by: Actor) -> Piece:
    """Begin a correction of what stands there now; the one already begun, if somebody has."""
    require(by, "piece.correct")
    published = await publications.current(session, public_id)
    if published.type == PublicationType.RETRACT:
        raise Invalid("this has been retracted; write a new piece")
    if published.snapshot["kind"] == PieceKind.WARNING:
        raise warnings.NotVerbatim("a warning is updated by its issuer: relay the update, or retract")
    if begun := await store.open_correction(session, public_id):
        return begun
    piece = new_piece(
        ctx, PieceKind.CORRECTION, by, published.case_id, published.incident_id, published.exercise
    )
    piece.corrects, piece.corrects_version = public_id, published.version
    return await begin(ctx, session, piece, drafting.correction_of(published), by, start=published.revision)


async def _holding(session: AsyncSession, case_id: UUID) -> Publication | None:
    """The holding statement about a case that stands now and that nobody is replacing yet."""
    for published in reversed(await publications.of_case(session, case_id)):
        latest = await publications.current(session, published.public_id)
        stands = latest.id == published.id and latest.type != PublicationType.RETRACT
        if stands and published.snapshot["kind"] == PieceKind.HOLDING:
            return None if await store.open_correction(session, published.public_id) else published
    return None


async def save(
    ctx: Context, session: AsyncSession, piece_id: UUID, body: PieceBody, by: Actor, base_revision: int
) -> Revision:
    """Keep a changed text as the next revision. StaleRevision when another revision came in between.

    A text under review or approved goes back to draft by it. An unchanged text changes nothing.
    """
    require(by, "piece.write")
    piece = await store.load(session, piece_id)
    if base_revision != piece.revision:
        raise StaleRevision(current=piece.revision, seen=base_revision)
    to = review.edit(piece.state)
    current = await store.revision(session, piece.id, piece.revision)
    body = drafting.with_times(body.tidied(), PieceBody.model_validate(current.body), ctx.now())
    if piece.kind == PieceKind.WARNING:
        first = await store.first_revision(session, piece.id)
        warnings.unchanged(PieceBody.model_validate(first.body), body)
    if body.sha256() == current.sha256 and piece.state != PieceState.RETURNED:
        return current
    before, number = piece.state, piece.revision + 1
    revision = new_revision(ctx, piece, number, body, by)
    session.add(revision)
    await copies.want(ctx, session, piece.id, body)
    await store.move(
        session, piece, ctx, to, revision=number, title=body.title, autosave=None, autosave_at=None
    )
    await announce(session, "queue", str(piece.case_id or ""))
    after = {"state": to, "revision": number, "sha256": revision.sha256}
    was = {"state": before, "revision": current.number, "sha256": current.sha256}
    await audit.record(ctx, session, by, "piece.save", "piece", piece.id, was, after)
    return revision


async def autosave(
    ctx: Context, session: AsyncSession, piece_id: UUID, body: Mapping[str, Any], by: Actor
) -> Piece:
    """Keep what is being typed, as it is and unchecked, and show that somebody is editing."""
    require(by, "piece.write")
    scratch = dict(body)
    if len(canonical_json(scratch)) > AUTOSAVE_BYTES:
        raise Invalid("this text is too long")
    piece = await _editable(ctx, session, piece_id, by)
    now = ctx.now()
    return await store.touch(
        session, piece, autosave=scratch, autosave_at=now, locked_by=by.id, locked_at=now
    )


async def lock(ctx: Context, session: AsyncSession, piece_id: UUID, by: Actor, take: bool = False) -> Piece:
    """Show that somebody is editing. Conflict while another is; `take` takes over, which the other one then sees."""
    require(by, "piece.write")
    piece = await _editable(ctx, session, piece_id, by, take)
    return await store.touch(session, piece, locked_by=by.id, locked_at=ctx.now())


async def unlock(ctx: Context, session: AsyncSession, piece_id: UUID, by: Actor) -> Piece:
    """Stop showing it. Somebody else's lock stays."""
    require(by, "piece.write")
    piece = await store.load(session, piece_id)
    if piece.locked_by != by.id:
        return piece
    return await store.touch(session, piece, locked_by=None, locked_at=None)


async def _editable(
    ctx: Context, session: AsyncSession, piece_id: UUID, by: Actor, take: bool = False
) -> Piece:
    piece = await store.load(session, piece_id)
    review.edit(piece.state)
    holder = drafting.lock_holder(piece.locked_by, piece.locked_at, ctx.now())
    if holder not in (None, by.id) and not take:
        raise Conflict("somebody else is editing this", holder=str(holder))
    return piece


async def comment(ctx: Context, session: AsyncSession, piece_id: UUID, note: str, by: Actor) -> PieceAct:
    """Say something about the newest revision, for colleagues only."""
    require(by, "piece.comment")
    if not note.strip() or len(note) > NOTE:
        raise Invalid("a comment has between 1 and 2,000 characters")
    piece = await store.load(session, piece_id)
    revision = await store.revision(session, piece.id, piece.revision)
    act = await store.add_act(ctx, session, piece, "comment", by, revision.sha256, note.strip())
    await audit.record(ctx, session, by, "piece.comment", "piece", piece.id)
    return act
