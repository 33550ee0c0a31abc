"""Take back one's own last act on a case, several times if wanted, until something is published.

What the act was is read from the audit log; the undoing is an act of its own in it.
"""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from content import permissions
from content.audit import AuditEntry
from content.case_states import CASE, CaseEvent, CaseState
from content.case_undo import UNDO, last_act, route
from content.cases import Case
from content.errors import AlreadyPublished, IllegalTransition
from content.permissions import Actor
from service.context import Context
from service.errors import Conflict
from service.store import cases as store
from service.store import evidence, publications, tips
from service.usecases import labelling
from service.usecases.case_acts import record, shown, unlink_answer
from service.usecases.case_painting import repaint


async def undo(ctx: Context, s: AsyncSession, case_id: UUID, by: Actor, version: int | None = None) -> Case:
    """Take back the newest act on this case that was not taken back yet.

    IllegalTransition when there is none, Conflict when it was somebody else's, AlreadyPublished when it is too late.
    """
    permissions.require(by, "case.triage")
    await store.lock(s)
    case = await store.load(s, case_id)
    entry = last_act(await store.history(s, [case.id]))
    if entry is None:
        raise IllegalTransition("there is nothing to take back", subject="case", state=case.state)
    if entry.actor_id != by.id:
        raise Conflict("somebody else has done something with this case since", case=str(case.id))
    if await publications.of_case(s, case.id):
        raise AlreadyPublished
    before = shown(case)
    await labelling.take_back(ctx, s, case)
    await _take_back(ctx, s, case, entry, version)
    back = await store.load(s, case.id)
    await record(ctx, s, back, by, UNDO, before, more={"undone": entry.seq, "act": entry.act})
    return back


async def _take_back(
    ctx: Context, s: AsyncSession, case: Case, entry: AuditEntry, version: int | None
) -> None:
    old, new = entry.before or {}, entry.after or {}
    if case.state != new.get("state"):
        raise IllegalTransition("the case has moved on since", subject="case", state=case.state)
    match entry.act:
        case "case.merge":
            await _apart(ctx, s, case, version)
        case "case.unmerge":
            await _together(ctx, s, case, UUID(str(old["merged_into"])), version)
        case "case.split":
            await _rejoin(ctx, s, case, new)
        case _:
            await _return(ctx, s, case, old, version)


async def _return(
    ctx: Context, s: AsyncSession, case: Case, old: dict[str, Any], version: int | None
) -> None:
    """Back to the state and the owner before."""
    after = reduce(CASE.next, route(case.state, old["state"]), CaseState(case.state))
    now = ctx.now()
    if case.answered_with is not None:
        await unlink_answer(s, case)
    values = {
        "claimed_by": old["claimed_by"] and UUID(old["claimed_by"]),
        "claimed_at": old["claimed_at"] and datetime.fromisoformat(old["claimed_at"]),
        "dismissed_reason": old["dismissed_reason"],
        "answered_with": old["answered_with"],
    }
    await store.save(s, case, now, version, state=after, **values)
    if old["answered_with"] is not None:
        await tips.answer(s, case.id, old["answered_with"], now)


async def _apart(ctx: Context, s: AsyncSession, case: Case, version: int | None) -> None:
    own = {case.id, *(child.id for child in await store.merged_into(s, case.id))}
    holder = await store.standing(s, case.id)
    mine = [link.evidence_id for link in await evidence.links(s, holder.id) if link.origin_case_id in own]
    await store.move(s, case, CaseEvent.UNMERGE, ctx.now(), version, merged_into=None)
    await evidence.relink(s, mine, holder.id, case.id, ctx.now())
    await repaint(s, {case.id, holder.id}, ctx.now())


async def _together(ctx: Context, s: AsyncSession, case: Case, into_id: UUID, version: int | None) -> None:
    into = await store.standing(s, into_id)
    mine = [link.evidence_id for link in await evidence.links(s, case.id)]
    await store.move(s, case, CaseEvent.MERGE, ctx.now(), version, merged_into=into.id)
    await evidence.relink(s, mine, case.id, into.id, ctx.now())
    await repaint(s, {case.id, into.id}, ctx.now())


async def _rejoin(ctx: Context, s: AsyncSession, case: Case, new: dict[str, Any]) -> None:
    """The evidence that was split off comes home; the case it made ends merged."""
    other = await store.load(s, UUID(new["into"]))
    if other.state != CaseState.QUEUED:
        raise IllegalTransition(
            "somebody has begun to work on the new case", subject="case", state=other.state
        )
    for origin in set(new["origins"].values()):
        mine = [UUID(x) for x, home in new["origins"].items() if home == origin]
        await evidence.relink(s, mine, other.id, case.id, ctx.now(), origin=UUID(origin))
    later = [link.evidence_id for link in await evidence.links(s, other.id)]
    await evidence.relink(s, later, other.id, case.id, ctx.now())
    await store.move(s, other, CaseEvent.MERGE, ctx.now(), merged_into=case.id)
    await repaint(s, {case.id, other.id}, ctx.now())
