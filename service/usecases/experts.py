"""Experts (专家库): keep the directory, reveal contact data, suggest candidates, show the gaps.

Spreadsheets are `expert_sheets`; asking somebody is `assignments`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from classifiers.taxonomy import HAZARDS
from content import permissions
from content.body import Credit
from content.permissions import Actor
from expert_db import consent, coverage, drafts
from expert_db.assignments import AssignmentKind
from expert_db.availability import local
from expert_db.errors import MissingReason
from expert_db.experts import Expert, ExpertKind
from expert_db.match import Candidate
from expert_db.privacy import Contact, without_contact
from service.context import Context
from service.errors import Conflict, NotFound
from service.store import audit
from service.store import experts as store
from service.store.notify import announce
from service.usecases import city_facts, expert_rows, matching
from service.usecases.expert_sheets import (
    ImportReport,
    Waiting,
    ask_export,
    export,
    import_apply,
    import_preview,
    release_export,
    waiting_exports,
)

__all__ = [
    "ImportReport",
    "Waiting",
    "activate",
    "ask_export",
    "candidates",
    "create",
    "credit",
    "deactivate",
    "edit",
    "export",
    "gaps",
    "import_apply",
    "import_preview",
    "listing",
    "load",
    "release_export",
    "reveal",
    "waiting_exports",
]


async def create(ctx: Context, s: AsyncSession, fields: Mapping[str, Any], by: Actor) -> Expert:
    """Add somebody to the directory. BadExpert names the fields that are wrong."""
    permissions.require(by, "expert.edit")
    row = await expert_rows.insert(ctx, s, drafts.read(fields), by)
    await announce(s, "assignments", str(row.id))
    return row


async def edit(
    ctx: Context,
    s: AsyncSession,
    expert_id: UUID,
    fields: Mapping[str, Any],
    by: Actor,
    version: int | None = None,
) -> Expert:
    """Change some fields; those not given stay. `contact` is replaced whole, and left alone when it is not given."""
    permissions.require(by, "expert.edit")
    row = await store.load(s, expert_id)
    if version is not None and version != row.version:
        raise Conflict(subject="expert")
    saved = await expert_rows.update(ctx, s, row, drafts.read(fields, drafts.draft_of(row)), by, version)
    await announce(s, "assignments", str(expert_id))
    return saved


async def deactivate(
    ctx: Context, s: AsyncSession, expert_id: UUID, reason: str, by: Actor, version: int | None = None
) -> Expert:
    """Take somebody out of the directory; what they answered stays. Open questions are not touched."""
    return await _switch(ctx, s, expert_id, False, reason, by, version)


async def activate(
    ctx: Context, s: AsyncSession, expert_id: UUID, reason: str, by: Actor, version: int | None = None
) -> Expert:
    """Bring somebody back."""
    return await _switch(ctx, s, expert_id, True, reason, by, version)


async def _switch(
    ctx: Context, s: AsyncSession, expert_id: UUID, active: bool, reason: str, by: Actor, version: int | None
) -> Expert:
    permissions.require(by, "expert.edit")
    if not reason.strip():
        raise MissingReason
    row = await store.load(s, expert_id)
    before = row.active
    saved = await store.save(s, row, ctx.now(), version, active=active)
    act = "expert.activate" if active else "expert.deactivate"
    await audit.record(
        ctx,
        s,
        by,
        act,
        "expert",
        expert_id,
        {"active": before},
        {"active": active},
        without_contact(reason.strip()),
    )
    await announce(s, "assignments", str(expert_id))
    return saved


async def reveal(ctx: Context, s: AsyncSession, expert_id: UUID, reason: str, by: Actor) -> Contact:
    """The contact data of one expert, for a reason that the audit log keeps. Show it only after the transaction has committed."""
    permissions.require(by, "expert.reveal")
    if not reason.strip():
        raise MissingReason
    row = await store.load(s, expert_id)
    contact = expert_rows.opened(ctx, row)
    if contact is None:
        raise NotFound(subject="contact")
    await audit.record(
        ctx, s, by, "expert.reveal", "expert", expert_id, reason=without_contact(reason.strip())[:500]
    )
    return contact


async def load(s: AsyncSession, expert_id: UUID, by: Actor) -> Expert:
    """One expert, contact data masked. An expert sees their own entry."""
    if by.expert_id != expert_id:
        permissions.require(by, "expert.read")
    return await store.load(s, expert_id)


async def listing(
    s: AsyncSession,
    by: Actor,
    text: str = "",
    kind: str = "",
    active: bool | None = True,
    cursor: str = "",
    limit: int = 50,
) -> tuple[Sequence[Expert], str]:
    """A page of the directory by name, and the cursor of the next one ('' at the end)."""
    permissions.require(by, "expert.read")
    found = await store.page(s, text, kind, active, cursor, limit + 1)
    more = len(found) > limit
    return found[:limit], store.cursor(found[limit - 1]) if more else ""


async def candidates(
    ctx: Context,
    s: AsyncSession,
    case_id: UUID,
    by: Actor,
    limit: int = 8,
    kind: str = AssignmentKind.OPINION,
) -> list[Candidate]:
    """Who could answer this case, best first, with reasons that add up to the score."""
    permissions.require(by, "expert.read")
    found = (await matching.ranking(ctx, s, case_id, kind)).ranking.best(limit)
    return [replace(one, contact_masked=(await store.load(s, one.expert_id)).contact_masked) for one in found]


async def gaps(
    ctx: Context, s: AsyncSession, by: Actor, kind: str = ExpertKind.PERSON
) -> list[coverage.Cell]:
    """Hazards × counties with how many of a kind there are and how many are on duty now: who explains, confirms, or carries it out."""
    permissions.require(by, "expert.read")
    people = [one for one in (await matching.directory(s)).profiles if one.kind == kind]
    hazards, counties = tuple(HAZARDS), city_facts.counties(ctx)
    return coverage.coverage(people, hazards, counties, ctx.now(), city_facts.zone(ctx))


async def credit(ctx: Context, s: AsyncSession, expert_id: UUID, by: Actor) -> Credit | None:
    """How the public may see this expert: only what they agreed to, or None."""
    permissions.require(by, "desk.read")
    row = await store.load(s, expert_id)
    today = local(ctx.now(), city_facts.zone(ctx)).date()
    return consent.credit(row.name, row.title, row.unit, str(row.id), row.consent, today)
