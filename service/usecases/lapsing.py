"""Time and assignments: what nobody took up lapses, the next in line is asked, reminders go out. Run by the clock.

Each assignment is its own transaction, so one that is contended or damaged holds up no other.
"""

from __future__ import annotations

from uuid import UUID

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from content.case_states import CaseState
from content.errors import IllegalTransition
from content.permissions import SERVICE
from expert_db import offering
from expert_db.assignments import Assignment
from expert_db.deadlines import wants_reminder
from expert_db.errors import TooEarly
from expert_db.notices import NoticeKind
from service import crash
from service.context import Context
from service.errors import Conflict
from service.store import assignments as store
from service.store import audit, notices
from service.store.engine import Database
from service.store.notify import announce
from service.usecases import matching
from service.usecases.assignment_steps import step
from service.usecases.assignment_terms import terms

log = structlog.get_logger()


async def expire_due(ctx: Context, db: Database, limit: int = 500) -> int:
    """Let everything lapse whose time has run out, and ask the next in line; how many lapsed."""
    async with db.read() as session:
        waiting = await store.perhaps_lapsed(session, ctx.now(), limit)
    lapsed = 0
    for assignment_id in waiting:
        async with db.write() as session:
            done = await _expire(ctx, session, assignment_id)
        if done:
            crash.point("assign.after_commit")
            lapsed += 1
    return lapsed


async def _expire(ctx: Context, s: AsyncSession, assignment_id: UUID) -> bool:
    await store.lock(s)
    assignment = await store.load(s, assignment_id)
    try:
        change = offering.expire(assignment, ctx.now())
        ended = await step(ctx, s, assignment, change, SERVICE)
    except (TooEarly, IllegalTransition, Conflict):
        return False  # it is in its grace, or somebody was faster; both are good
    await ask_next(ctx, s, ended)
    return True


async def ask_next(ctx: Context, s: AsyncSession, ended: Assignment) -> Assignment | None:
    """Offer the question of an ended assignment to the next in line who can be asked now. None when nobody is left."""
    found = await matching.ranking(ctx, s, ended.case_id, ended.kind)
    if found.case.state not in (CaseState.QUEUED, CaseState.ACCEPTED):
        return None
    asked = [one.expert_id for one in await store.of_case(s, ended.case_id)]
    chosen = offering.next_in_line(ended, found.ranking.fit(), asked)
    if chosen is None:
        log.info("assignment_nobody_left", assignment=str(ended.id))
        return None
    reasons = found.ranking.of(chosen).reasons
    made = offering.hand_on(ended, ctx.new_id(), chosen, reasons, ctx.now(), await terms(s))
    await store.add(s, made)
    await notices.add(ctx, s, made.id, NoticeKind.OFFER)
    after = {"case": str(made.case_id), "expert": str(chosen), "kind": made.kind, "follows": str(ended.id)}
    await audit.record(ctx, s, SERVICE, "assignment.offer", "assignment", made.id, after=after)
    await announce(s, "assignments", str(made.id))
    return made


async def remind_due(ctx: Context, db: Database) -> int:
    """Have the one reminder a stage of everything that runs out soon sent (`notifying`); how many there were."""
    async with db.read() as session:
        table = await terms(session)
        due = [one.id for one in await store.still_open(session) if wants_reminder(one, ctx.now(), table)]
    sent = 0
    for assignment_id in due:
        async with db.write() as session:
            assignment = await store.load(session, assignment_id)
            if not wants_reminder(assignment, ctx.now(), table):
                continue
            stage = NoticeKind.REMIND_OFFER if assignment.accepted_at is None else NoticeKind.REMIND_ANSWER
            await store.note(session, assignment, ctx.now(), reminded_at=ctx.now())
            await notices.add(ctx, session, assignment_id, stage)
            await audit.record(ctx, session, SERVICE, "assignment.remind", "assignment", assignment_id)
            await announce(session, "assignments", str(assignment_id))
        sent += 1
    return sent
