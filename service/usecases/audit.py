"""Reading the audit log: pages of it, all of it as JSON lines, and whether it still tells the truth.

    verify   every entry follows from the one before it        (edited, deleted, reordered)
             the chain holds the entry that the signed head names  (truncated, or rewritten as a whole)

Never changes the log. What no log can tell: an act that was done around the program and recorded nowhere.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.audit import GENESIS, AuditEntry, digest
from content.permissions import Actor, require
from service.context import Context
from service.errors import Unavailable
from service.store import audit as store

AT_ONCE = 1000


@dataclass(frozen=True)
class Report:
    """What `verify` found. `broken_at`: number of the first wrong entry; `head`: what is wrong with the signed head.

    `head` is one of "" (good), "missing", "forged", "truncated" (the log ends before it), "rewritten".
    """

    entries: int
    broken_at: int | None
    head: str

    @property
    def good(self) -> bool:
        """Whether the log can be believed."""
        return self.broken_at is None and not self.head


async def verify(ctx: Context, session: AsyncSession) -> Report:
    """Read the whole log and compare. Takes about two seconds for 50,000 entries."""
    try:
        head = store.read_head(store.head_path(ctx), ctx.keys.audit)
    except Unavailable:
        return Report(await _count(session), None, "forged")
    seen, previous, at_head = 0, GENESIS, ""
    async for entry in entries(session):
        if entry.seq != seen + 1 or entry.previous != previous or entry.hash != digest(entry):
            return Report(seen, seen + 1, "")
        seen, previous = entry.seq, entry.hash
        if head is not None and head.seq == seen:
            at_head = entry.hash
    return Report(seen, None, _judge(head, seen, at_head))


def _judge(head: store.Head | None, seen: int, at_head: str) -> str:
    if head is None:
        return "missing" if seen else ""
    if head.seq > seen:
        return "truncated"
    return "" if at_head == head.hash else "rewritten"


async def entries(session: AsyncSession, after: int = 0) -> AsyncIterator[AuditEntry]:
    """All entries after number `after`, oldest first, without holding them all in memory."""
    while True:
        wanted = (
            select(AuditEntry).where(col(AuditEntry.seq) > after).order_by(col(AuditEntry.seq)).limit(AT_ONCE)
        )
        found = (await session.exec(wanted)).all()
        for entry in found:
            yield entry
        if len(found) < AT_ONCE:
            return
        after = found[-1].seq
        session.expunge_all()


async def export(session: AsyncSession) -> AsyncIterator[str]:
    """Each entry as one JSON line, oldest first."""
    async for entry in entries(session):
        yield json.dumps(entry.model_dump(mode="json"), ensure_ascii=False)


async def page(
    session: AsyncSession,
    by: Actor,
    before: int | None = None,
    limit: int = 50,
    act: str = "",
    subject_id: str = "",
    actor_name: str = "",
) -> Sequence[AuditEntry]:
    """Newest entries first, those with a number under `before`; `act` also matches the start ("case.")."""
    require(by, "audit.read")
    wanted = select(AuditEntry).order_by(col(AuditEntry.seq).desc()).limit(limit)
    if before is not None:
        wanted = wanted.where(col(AuditEntry.seq) < before)
    if act:
        wanted = wanted.where(col(AuditEntry.act).startswith(act, autoescape=True))
    if subject_id:
        wanted = wanted.where(AuditEntry.subject_id == subject_id)
    if actor_name:
        wanted = wanted.where(AuditEntry.actor_name == actor_name)
    return (await session.exec(wanted)).all()


async def history(session: AsyncSession, subject: str, subject_id: object) -> Sequence[AuditEntry]:
    """What happened to one thing, oldest first: for the page of that thing."""
    wanted = select(AuditEntry).where(AuditEntry.subject == subject, AuditEntry.subject_id == str(subject_id))
    return (await session.exec(wanted.order_by(col(AuditEntry.seq)))).all()


async def _count(session: AsyncSession) -> int:
    newest = select(AuditEntry.seq).order_by(col(AuditEntry.seq).desc()).limit(1)
    return (await session.exec(newest)).first() or 0
