"""Links that open one assignment on a phone, without a login: random, short-lived, revocable, for nothing else.

    make → token (only its SHA-256 is kept) → page · accept · decline · answer, each by the token → gone when the assignment ends

The token never becomes a login: these functions are all that it opens. Sending it is for whoever has the expert's consent to messages.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from content import permissions
from content.errors import IllegalTransition
from content.permissions import Actor, Role
from expert_db.assignments import Answer, Assignment
from service.context import Context
from service.errors import NotFound
from service.store import assignments as store
from service.store import audit
from service.usecases import assignments
from service.usecases.assignment_page import AssignmentPage, page_for

LONGEST: Final = timedelta(hours=72)


async def make(
    ctx: Context, s: AsyncSession, assignment_id: UUID, by: Actor, valid: timedelta = LONGEST
) -> str:
    """A new token for an open assignment, good for at most three days and never past its end. An older one is void."""
    permissions.require(by, "assignment.offer")
    assignment = await store.load(s, assignment_id)
    if assignment.state not in store.OPEN:
        raise IllegalTransition(subject="assignment", state=assignment.state, event="link")
    token = secrets.token_urlsafe(32)
    until = ctx.now() + min(valid, LONGEST)
    await store.note(s, assignment, ctx.now(), link_sha256=_sha256(token), link_until=until)
    after = {"until": until.isoformat(timespec="seconds")}
    await audit.record(ctx, s, by, "assignment.link", "assignment", assignment_id, after=after)
    return token


async def revoke(ctx: Context, s: AsyncSession, assignment_id: UUID, by: Actor) -> None:
    """Make the link of an assignment useless."""
    permissions.require(by, "assignment.offer")
    assignment = await store.load(s, assignment_id)
    await store.note(s, assignment, ctx.now(), link_sha256=None, link_until=None)
    await audit.record(ctx, s, by, "assignment.unlink", "assignment", assignment_id)


async def page(ctx: Context, s: AsyncSession, token: str) -> AssignmentPage:
    """What the link opens. NotFound when it is wrong, old, revoked, or its assignment has ended."""
    assignment, holder = await _open(ctx, s, token)
    return await page_for(s, assignment.id, holder)


async def accept(ctx: Context, s: AsyncSession, token: str) -> Assignment:
    """`assignments.accept` by the holder of the link."""
    assignment, holder = await _open(ctx, s, token)
    return await assignments.accept(ctx, s, assignment.id, holder)


async def decline(ctx: Context, s: AsyncSession, token: str, reason: str, suggestion: str) -> Assignment:
    """`assignments.decline` by the holder of the link."""
    assignment, holder = await _open(ctx, s, token)
    return await assignments.decline(ctx, s, assignment.id, reason, suggestion, holder)


async def answer(
    ctx: Context,
    s: AsyncSession,
    token: str,
    text: str,
    verdict: str | None,
    sources: Sequence[dict[str, Any]],
) -> Answer:
    """`assignments.answer` by the holder of the link."""
    assignment, holder = await _open(ctx, s, token)
    return await assignments.answer(ctx, s, assignment.id, text, verdict, sources, holder)


async def _open(ctx: Context, s: AsyncSession, token: str) -> tuple[Assignment, Actor]:
    found = await store.by_link(s, _sha256(token))
    if (
        found is None
        or found.state not in store.OPEN
        or found.link_until is None
        or ctx.now() >= found.link_until
    ):
        raise NotFound(subject="assignment")
    name = f"link:{found.id}"  # the log names the link, not the person
    return found, Actor(id=None, name=name, roles=frozenset({Role.EXPERT}), expert_id=found.expert_id)


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
