"""Links that open one assignment on a phone, without a login: signed, short-lived, revocable, for nothing else.

    make → token (only its SHA-256 is kept) → page · accept · decline · ask · hand over · answer → gone when the assignment ends

The token never becomes a login: these functions are all that it opens. Sending it is for whoever has the expert's consent to messages.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from content import permissions
from content.errors import IllegalTransition
from content.permissions import SERVICE, Actor, Role
from expert_db.ask_backs import AskBack
from expert_db.assignments import Answer, Assignment
from expert_db.hand_overs import HandOver
from expert_db.opinions import Report
from service.context import Context
from service.errors import NotFound
from service.store import assignments as store
from service.store import audit
from service.usecases import asking_back, assignments, handing_over
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
    return await _issue(ctx, s, assignment, by, valid)


async def standing(ctx: Context, s: AsyncSession, assignment: Assignment) -> str:
    """The token of a link for a letter: the one that is good now, so that no letter makes an earlier one's link void; else a new one."""
    if assignment.link_until is not None and assignment.link_until > ctx.now():
        token = _token(ctx, assignment.id, assignment.link_until)
        if _sha256(token) == assignment.link_sha256:
            return token
    return await _issue(ctx, s, assignment, SERVICE, LONGEST)


async def _issue(ctx: Context, s: AsyncSession, assignment: Assignment, by: Actor, valid: timedelta) -> str:
    until = ctx.now() + min(valid, LONGEST)
    token = _token(ctx, assignment.id, until)
    if _sha256(token) == assignment.link_sha256:  # asked for twice within the same moment
        until += timedelta(microseconds=1)
        token = _token(ctx, assignment.id, until)
    await store.note(s, assignment, ctx.now(), link_sha256=_sha256(token), link_until=until)
    after = {"until": until.isoformat(timespec="seconds")}
    await audit.record(ctx, s, by, "assignment.link", "assignment", assignment.id, after=after)
    return token


def _token(ctx: Context, assignment_id: UUID, until: datetime) -> str:
    """Signed with a key that is not in the database, so whoever has a copy of the database can make none."""
    signed = hmac.new(ctx.keys.session, f"assignment:{assignment_id}:{until.isoformat()}".encode(), "sha256")
    return base64.urlsafe_b64encode(signed.digest()).decode().rstrip("=")


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
    report: Report | None = None,
) -> Answer:
    """`assignments.answer` by the holder of the link."""
    assignment, holder = await _open(ctx, s, token)
    return await assignments.answer(ctx, s, assignment.id, text, verdict, sources, holder, report=report)


async def ask(ctx: Context, s: AsyncSession, token: str, text: str) -> AskBack:
    """`asking_back.ask` by the holder of the link."""
    assignment, holder = await _open(ctx, s, token)
    return await asking_back.ask(ctx, s, assignment.id, text, holder)


async def hand_over(ctx: Context, s: AsyncSession, token: str, name: str, unit: str, reason: str) -> HandOver:
    """`handing_over.propose` by the holder of the link."""
    assignment, holder = await _open(ctx, s, token)
    return await handing_over.propose(ctx, s, assignment.id, name, unit, reason, holder)


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
