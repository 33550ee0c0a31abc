"""The expert names a colleague, the desk confirms or refuses (转交)."""

from __future__ import annotations

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from content import permissions
from content.permissions import Actor
from expert_db import hand_overs as rules
from expert_db import offering
from expert_db.assignments import Assignment
from expert_db.errors import NotACandidate, NotInDirectory, NotYours
from expert_db.hand_overs import HandOver
from expert_db.notices import NoticeKind
from expert_db.privacy import without_contact
from service.context import Context
from service.store import assignment_talk as talk
from service.store import assignments as store
from service.store import audit, experts, notices
from service.store.notify import announce
from service.usecases import matching
from service.usecases.assignment_steps import step
from service.usecases.assignment_terms import terms


async def propose(
    ctx: Context, s: AsyncSession, assignment_id: UUID, name: str, unit: str, reason: str, by: Actor
) -> HandOver:
    """Name a colleague by the whole name, and the unit where two share one. NotInDirectory when that is nobody or several.

    The expert does not search the directory and is not told whether the colleague could be asked: that is between them and the desk.
    """
    permissions.require(by, "assignment.answer")
    assignment = await store.load(s, assignment_id)
    if by.expert_id != assignment.expert_id:
        raise NotYours
    found = await experts.named(s, name.strip(), unit.strip())
    others = [one for one in found if one.id != assignment.expert_id]
    if len(others) != 1:
        raise NotInDirectory(field="colleague")
    before = await talk.hand_overs(s, [assignment_id])
    row = rules.propose(ctx.new_id(), assignment, before, others[0].id, reason, by, ctx.now())
    s.add(row)
    await store.note(s, assignment, ctx.now())
    after = {"to": str(row.to_expert_id)}
    why = without_contact(row.reason)
    await audit.record(
        ctx, s, by, "assignment.propose_hand_over", "assignment", assignment_id, None, after, why
    )
    await announce(s, "assignments", str(assignment_id))
    await announce(s, "queue", str(assignment.case_id))
    return row


async def confirm(ctx: Context, s: AsyncSession, hand_over_id: UUID, by: Actor) -> Assignment:
    """End the first assignment and offer its question to the colleague. NotACandidate names the walls; then nothing changes."""
    permissions.require(by, "assignment.offer")
    await store.lock(s)
    proposal = await talk.load_hand_over(s, hand_over_id)
    assignment = await store.load(s, proposal.assignment_id)
    await talk.save_hand_over(s, proposal, rules.confirm(proposal, by, ctx.now()))
    ended = await step(
        ctx,
        s,
        assignment,
        offering.handed_over(assignment, proposal.reason, ctx.now()),
        by,
        None,
        proposal.reason,
    )
    # Looked at now, after the first one has ended: a colleague of the same unit takes their place, not a second one.
    found = (await matching.ranking(ctx, s, ended.case_id, ended.kind)).ranking
    if proposal.to_expert_id not in found.directory.position:
        raise NotInDirectory(field="colleague")
    if walls := found.walls_of(proposal.to_expert_id):
        raise NotACandidate(walls=list(walls))
    reasons = found.of(proposal.to_expert_id).reasons
    made = offering.hand_on(ended, ctx.new_id(), proposal.to_expert_id, reasons, ctx.now(), await terms(s))
    await store.add(s, made)
    await notices.add(ctx, s, made.id, NoticeKind.OFFER)
    after = {
        "case": str(made.case_id),
        "expert": str(made.expert_id),
        "kind": made.kind,
        "follows": str(ended.id),
    }
    await audit.record(ctx, s, by, "assignment.offer", "assignment", made.id, after=after)
    await announce(s, "assignments", str(made.id))
    return made


async def refuse(ctx: Context, s: AsyncSession, hand_over_id: UUID, note: str, by: Actor) -> HandOver:
    """The desk wants the first expert's answer; the expert reads why."""
    permissions.require(by, "assignment.offer")
    proposal = await talk.load_hand_over(s, hand_over_id)
    refused = await talk.save_hand_over(s, proposal, rules.refuse(proposal, note, by, ctx.now()))
    act, subject = "assignment.refuse_hand_over", proposal.assignment_id
    await audit.record(ctx, s, by, act, "assignment", subject, reason=without_contact(refused.note))
    await announce(s, "assignments", str(subject))
    return refused
