"""What an editor does with a case (事项): take it, give it back, close it, open it again, answer it with what is known.

Merging, splitting and opening by hand are in `case_shapes`, taking back in `case_undo`, reading in `case_reading`; all
can be called from here. Everything can be undone until something is published.
"""

from __future__ import annotations

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from content import permissions
from content.case_states import CaseEvent, CaseState
from content.cases import Case
from content.desk_labels import Basis
from content.permissions import Actor
from content.publications import Publication, PublicationType, verdict_of
from service.context import Context
from service.errors import Invalid
from service.store import cases as store
from service.store import publications, tips
from service.store.queue import QueuePage, QueueRow
from service.store.queue_view import QueueView
from service.usecases import assignments, labelling
from service.usecases.case_acts import (
    PieceInWork,
    Taken,
    act,
    no_piece_in_work,
    not_taken,
    record,
    shown,
    unlink_answer,
)
from service.usecases.case_painting import repaint
from service.usecases.case_reading import CasePage, case_page, queue
from service.usecases.case_shapes import merge, open_by_hand, split, unmerge
from service.usecases.case_undo import undo
from service.usecases.labelling import state as label

__all__ = [
    "CasePage",
    "PieceInWork",
    "QueuePage",
    "QueueRow",
    "QueueView",
    "Taken",
    "acknowledge_change",
    "answer_with",
    "case_page",
    "claim",
    "dismiss",
    "label",
    "merge",
    "open_by_hand",
    "queue",
    "refuse_suggestion",
    "release",
    "reopen",
    "split",
    "undo",
    "unmerge",
]

LONGEST_REASON = 500


async def claim(ctx: Context, s: AsyncSession, case_id: UUID, by: Actor, version: int | None = None) -> Case:
    """Take the case: everybody sees that somebody is on it. Taken when another person is; again is no error."""
    permissions.require(by, "case.triage")
    case = await store.load(s, case_id)
    await not_taken(s, case, by)
    if case.state == CaseState.ACCEPTED:
        return case
    now = ctx.now()
    return await act(
        ctx, s, case, CaseEvent.ACCEPT, by, "case.claim", version, claimed_by=by.id, claimed_at=now
    )


async def release(
    ctx: Context, s: AsyncSession, case_id: UUID, by: Actor, version: int | None = None
) -> Case:
    """Put the case back into the queue, also for a colleague who has gone home."""
    permissions.require(by, "case.triage")
    case = await store.load(s, case_id)
    return await act(
        ctx, s, case, CaseEvent.RELEASE, by, "case.release", version, claimed_by=None, claimed_at=None
    )


async def dismiss(
    ctx: Context,
    s: AsyncSession,
    case_id: UUID,
    reason: str,
    by: Actor,
    version: int | None = None,
    said: str = "",
    batch: UUID | None = None,
) -> Case:
    """Close the case without an answer, saying why; nobody is asked about it any more.

    `said` may add what its texts are (see `label`): the reason alone teaches nothing, for much is closed that was
    flagged rightly. `batch` is kept where many are closed at once.
    """
    permissions.require(by, "case.triage")
    why = _reason(reason)
    case = await store.load(s, case_id)
    await not_taken(s, case, by)
    await no_piece_in_work(s, case)
    more = {"batch": str(batch)} if batch else None
    dismissed = await act(
        ctx, s, case, CaseEvent.DISMISS, by, "case.dismiss", version, why, more, dismissed_reason=why
    )
    await assignments.withdraw_all(ctx, s, case_id, why, by)
    if said:
        await label(ctx, s, case_id, said, by, basis=Basis.DISMISSED)
    return dismissed


async def reopen(
    ctx: Context, s: AsyncSession, case_id: UUID, reason: str, by: Actor, version: int | None = None
) -> Case:
    """Back into the queue, saying why. What was published stays; a mere link to an earlier publication is taken off."""
    permissions.require(by, "case.triage")
    why = _reason(reason)
    case = await store.load(s, case_id)
    if case.answered_with is not None:
        await unlink_answer(s, case)
    await labelling.take_back(ctx, s, case)
    return await act(
        ctx,
        s,
        case,
        CaseEvent.REOPEN,
        by,
        "case.reopen",
        version,
        reason=why,
        claimed_by=None,
        claimed_at=None,
        dismissed_reason=None,
        answered_with=None,
    )


async def answer_with(
    ctx: Context, s: AsyncSession, case_id: UUID, public_id: str, by: Actor, version: int | None = None
) -> Case:
    """Answer with what was published before (已辟谣): an editor's decision, also where it was suggested."""
    permissions.require(by, "case.triage")
    case = await store.load(s, case_id)
    await not_taken(s, case, by)
    publication = await _standing(s, public_id)
    answered = await act(
        ctx,
        s,
        case,
        CaseEvent.ANSWER,
        by,
        "case.answer",
        version,
        more={"suggested": case.known_publication == public_id, "publication": public_id},
        answered_with=publication.public_id,
    )
    await tips.answer(s, case.id, publication.public_id, ctx.now())
    await labelling.conclude(ctx, s, answered, verdict_of(publication), by)
    await assignments.withdraw_all(ctx, s, case.id, assignments.CASE_ANSWERED, by)
    return answered


async def refuse_suggestion(ctx: Context, s: AsyncSession, case_id: UUID, by: Actor) -> Case:
    """The suggested publication is about something else."""
    permissions.require(by, "case.triage")
    case = await store.load(s, case_id)
    refused, before = case.known_publication, shown(case)
    if refused is None:
        return case
    saved = await store.save(s, case, ctx.now(), known_publication=None, known_score=None)
    await repaint(s, {case.id}, ctx.now())
    await record(ctx, s, saved, by, "case.refuse_suggestion", before, more={"publication": refused})
    return await store.load(s, case_id)


async def acknowledge_change(ctx: Context, s: AsyncSession, case_id: UUID, by: Actor) -> Case:
    """Somebody has looked at the story that changed after a text about it was handed in."""
    permissions.require(by, "case.triage")
    case = await store.load(s, case_id)
    before = shown(case)
    saved = await store.save(s, case, ctx.now(), changed_after_approval=False)
    await record(ctx, s, saved, by, "case.acknowledge_change", before)
    return saved


async def _standing(s: AsyncSession, public_id: str) -> Publication:
    """The publication as it stands now; Invalid when it was retracted or is an exercise."""
    publication = await publications.current(s, public_id)
    if publication.type == PublicationType.RETRACT or publication.exercise:
        raise Invalid("this publication does not stand any more", field="public_id")
    return publication


def _reason(raw: str) -> str:
    reason = raw.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid(f"a reason has 1 to {LONGEST_REASON} characters", field="reason")
    return reason
