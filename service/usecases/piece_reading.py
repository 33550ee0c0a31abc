"""Read pieces (稿件): one with everything around it, the list, and what changed between two revisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from content import checks, copies, drafting, machine, review
from content.body import PieceBody
from content.checks import Problem
from content.diffing import FieldDiff
from content.diffing import diff as difference
from content.pieces import Approval, Piece, PieceAct, PieceKind, Revision
from content.publications import Publication
from service.context import Context
from service.store import copies as looks
from service.store import machine_drafts, publications
from service.store import pieces as store
from service.store.tables import MachineDraft, SourceCopy


@dataclass(frozen=True)
class PiecePage:
    """All that the page of one piece shows. `holder`: who is editing now; `hands`: who may not approve."""

    piece: Piece
    revision: Revision
    body: PieceBody
    revisions: Sequence[Revision]
    acts: Sequence[PieceAct]
    approval: Approval | None
    problems: Sequence[Problem]
    hands: frozenset[UUID]
    holder: UUID | None
    published: Publication | None
    copies: Sequence[SourceCopy] = ()
    drafts: Sequence[MachineDraft] = ()


async def diff(session: AsyncSession, piece_id: UUID, a: int, b: int) -> tuple[FieldDiff, ...]:
    """What changed from revision `a` to revision `b`."""
    before, after = await store.revision(session, piece_id, a), await store.revision(session, piece_id, b)
    return difference(PieceBody.model_validate(before.body), PieceBody.model_validate(after.body))


async def listing(
    session: AsyncSession,
    states: Sequence[str] = (),
    case_id: UUID | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> Sequence[Piece]:
    """Pieces, last changed first; `before`: the last piece of the page before."""
    last = await store.load(session, before) if before else None
    return await store.listing(session, states, case_id, last, limit)


async def page(ctx: Context, session: AsyncSession, piece_id: UUID) -> PiecePage:
    """One piece with everything around it."""
    piece = await store.load(session, piece_id)
    revisions = await store.revisions(session, piece_id)
    acts = await store.acts(session, piece_id)
    body = PieceBody.model_validate(revisions[-1].body)
    public_id = piece.public_id or piece.corrects
    published = await publications.latest(session, public_id) if public_id else None
    seen = await looks.of_piece(session, piece_id)
    drafts = await machine_drafts.of_piece(session, piece_id)
    taken = await machine_drafts.taken(session, piece_id)
    found = checks.problems(piece.kind, body, original=kind_of(piece, published), exercise=piece.exercise)
    holder = drafting.lock_holder(piece.locked_by, piece.locked_at, ctx.now())
    return PiecePage(
        piece=piece,
        revision=revisions[-1],
        body=body,
        revisions=revisions,
        acts=acts,
        approval=await store.approval(session, piece),
        problems=[*found, *copies.problems(body, seen), *machine.still_there(body, taken)],
        hands=review.hands(piece, revisions, acts),
        holder=holder if isinstance(holder, UUID) else None,
        published=published,
        copies=seen,
        drafts=drafts,
    )


def kind_of(piece: Piece, published: Publication | None) -> str | None:
    """The kind of what a correction corrects."""
    return str(published.snapshot["kind"]) if piece.kind == PieceKind.CORRECTION and published else None
