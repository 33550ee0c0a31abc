"""The expert asks back, the desk replies (追问). The time stands still as `expert_db.ask_backs` says."""

from __future__ import annotations

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from content import permissions
from content.permissions import Actor
from expert_db import ask_backs as rules
from expert_db.ask_backs import AskBack
from expert_db.notices import NoticeKind
from service.context import Context
from service.store import assignment_talk as talk
from service.store import assignments as store
from service.store import audit, notices
from service.store.notify import announce
from service.usecases.assignment_terms import terms


async def ask(ctx: Context, s: AsyncSession, assignment_id: UUID, text: str, by: Actor) -> AskBack:
    """Put a question to the desk. What it says stands in no log; only that it was asked."""
    permissions.require(by, "assignment.answer")
    assignment = await store.load(s, assignment_id)
    before = await talk.ask_backs(s, [assignment_id])
    row, ends = rules.ask(ctx.new_id(), assignment, before, text, by, ctx.now(), await terms(s))
    s.add(row)
    # Two clicks at once: the second one finds the assignment changed.
    await store.note(s, assignment, ctx.now(), **ends)
    after = {"paused_until": row.paused_until.isoformat() if row.paused_until else None}
    await audit.record(ctx, s, by, "assignment.ask_back", "assignment", assignment_id, after=after)
    await announce(s, "assignments", str(assignment_id))
    await announce(s, "queue", str(assignment.case_id))
    return row


async def reply(ctx: Context, s: AsyncSession, ask_back_id: UUID, text: str, by: Actor) -> AskBack:
    """The desk's reply; the expert is told, and their time goes on."""
    permissions.require(by, "assignment.offer")
    row = await talk.load_ask_back(s, ask_back_id)
    assignment = await store.load(s, row.assignment_id)
    moved = rules.reply(row, assignment, text, by, ctx.now())
    replied = await talk.save_ask_back(s, row, moved)
    await store.note(s, assignment, ctx.now(), **moved.ends)
    await notices.add(ctx, s, assignment.id, NoticeKind.REPLY, row.id)
    await audit.record(ctx, s, by, "assignment.reply", "assignment", assignment.id)
    await announce(s, "assignments", str(assignment.id))
    return replied
