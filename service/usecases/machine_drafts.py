"""Have a language model draft beside a text (机器草稿), and take paragraphs over one by one. Off unless one is configured.

    ask      an editor, within limits; recorded             → asked
    work_due a job sends what is needed, redacted            → done | failed
    take     an editor takes one paragraph: a revision of that editor's, marked as a machine's words for the approver

Nothing is approved, submitted or sent by this. What was asked and what came back is kept with the piece.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final, Protocol
from uuid import UUID

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from content import machine, review
from content.body import PieceBody
from content.machine import BadDraft, Material, Request
from content.permissions import SERVICE, Actor, require
from content.pieces import Piece, Revision
from service.context import Context
from service.drafter import NoDraft
from service.errors import Conflict, Invalid, NotFound
from service.store import assignments, audit, evidence, publications
from service.store import machine_drafts as store
from service.store import pieces as texts
from service.store.engine import Database
from service.store.tables import MachineDraft
from service.usecases import pieces

MOST: Final = 10  # drafts of one piece
LOST: Final = timedelta(minutes=5)
TOOK: Final = "took_draft"
log = structlog.get_logger()


class Switched(Invalid):
    """No language model is configured."""

    type = "no_model"


class Unsaved(Conflict):
    """There is text that was typed and not saved; save or drop it first."""

    type = "unsaved"


class Model(Protocol):
    """Somebody who drafts."""

    @property
    def model(self) -> str: ...

    async def ask(self, messages: list[dict[str, str]]) -> str:
        """What it says; NoDraft when it says nothing."""
        ...


async def ask(ctx: Context, session: AsyncSession, piece_id: UUID, by: Actor) -> MachineDraft:
    """Ask for a draft beside the newest text; the one under way, if there is one."""
    require(by, "piece.write")
    if not ctx.settings.llm_url:
        raise Switched
    if by.id is None:
        raise NotFound
    piece = await texts.load(session, piece_id)
    review.edit(piece.state)
    await store.give_up(session, ctx.now() - LOST, ctx.now())
    drafts = await store.of_piece(session, piece_id)
    if under_way := next((d for d in drafts if d.state in (store.ASKED, store.WORKING)), None):
        return under_way
    if len(drafts) >= MOST or not machine.fields_of(piece.kind, await _original(session, piece)):
        raise Invalid("no more drafts for this piece")
    draft = MachineDraft(
        id=ctx.new_id(),
        piece_id=piece_id,
        revision=piece.revision,
        asked_by=by.id,
        asked_name=by.name,
        asked_at=ctx.now(),
        model=ctx.settings.llm_model,
    )
    session.add(draft)
    after = {"draft": str(draft.id), "model": draft.model}
    await audit.record(ctx, session, by, "draft.ask", "piece", piece_id, after=after)
    return draft


async def work_due(ctx: Context, db: Database, model: Model) -> int:
    """Get the drafts that were asked for, one after the other; how many."""
    async with db.write() as session:
        await store.give_up(session, ctx.now() - LOST, ctx.now())
    async with db.read() as session:
        waiting = await store.waiting(session)
    for draft_id in waiting:
        await _work(ctx, db, model, draft_id)
    return len(waiting)


async def _work(ctx: Context, db: Database, model: Model, draft_id: UUID) -> None:
    async with db.write() as session:
        if not await store.claim(session, draft_id, ctx.now()):
            return
        draft = await store.load(session, draft_id)
        names, request = await _request(session, draft)
    fault, drafted = "", {}
    try:
        drafted = machine.read(await model.ask(request.messages()), names)
    except NoDraft as error:
        fault = error.code
    except BadDraft:
        fault = "bad_answer"
    state = store.FAILED if fault else store.DONE
    log.info("machine_drafted", draft=str(draft_id), state=state, fault=fault)
    async with db.write() as session:
        digest = request.sha256()
        await store.finish(
            session,
            draft_id,
            state,
            fault=fault,
            paragraphs=drafted,
            prompt_sha256=digest,
            finished_at=ctx.now(),
        )
        after = {
            "draft": str(draft_id),
            "state": state,
            "fault": fault,
            "model": model.model,
            "prompt": digest,
        }
        await audit.record(ctx, session, SERVICE, "draft.made", "piece", draft.piece_id, after=after)


async def _request(session: AsyncSession, draft: MachineDraft) -> tuple[tuple[str, ...], Request]:
    piece = await texts.load(session, draft.piece_id)
    current = await texts.revision(session, piece.id, piece.revision)
    names = machine.fields_of(piece.kind, await _original(session, piece))
    materials: list[Material] = []
    opinions: list[str] = []
    if piece.case_id:
        seen = await evidence.of_case(session, piece.case_id, 40)
        materials = [Material(e.source_name, f"{e.title}。{e.text}", bool(e.authority)) for e in seen]
        opinions = [answer.text for answer in await assignments.answers(session, piece.case_id)]
    return names, machine.request(names, PieceBody.model_validate(current.body), materials, opinions)


async def take(
    ctx: Context, session: AsyncSession, draft_id: UUID, field: str, number: int, by: Actor
) -> Revision:
    """Take one paragraph over into the text, as a revision of whoever takes it."""
    require(by, "piece.write")
    draft = await store.load(session, draft_id)
    parts = draft.paragraphs.get(field, []) if draft.state == store.DONE else []
    if not 0 <= number < len(parts):
        raise NotFound
    piece = await texts.load(session, draft.piece_id)
    if piece.autosave is not None:
        raise Unsaved
    current = await texts.revision(session, piece.id, piece.revision)
    body = machine.with_paragraph(PieceBody.model_validate(current.body), field, str(parts[number]))
    revision = await pieces.save(ctx, session, piece.id, body, by, piece.revision)
    used = {"field": field, "number": number, "revision": revision.number, "by": str(by.id)}
    draft.taken = [*draft.taken, used]
    session.add(draft)
    note = f"{field} {number + 1}"
    await texts.add_act(ctx, session, await texts.load(session, piece.id), TOOK, by, revision.sha256, note)
    after = {"draft": str(draft.id), **used}
    await audit.record(ctx, session, by, "draft.take", "piece", piece.id, after=after)
    return revision


async def of_piece(session: AsyncSession, piece_id: UUID) -> Sequence[MachineDraft]:
    """All drafts for a piece, newest first."""
    return await store.of_piece(session, piece_id)


async def _original(session: AsyncSession, piece: Piece) -> str | None:
    published = await publications.latest(session, piece.corrects) if piece.corrects else None
    return pieces.kind_of(piece, published)
