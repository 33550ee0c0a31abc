"""From items and tips that wait to cases in the queue.

    PendingItem, Tip (received)
    | assess    classifiers, in batches, in another process    → Assessment
    | compare   the last days in memory                        → ties, a publication that answers it already
    | plan      content.triage                                 → Placement a sighting
    | store     evidence, cases, links, what was owed          one transaction a batch

Nothing is dropped: an item that cannot be assessed gets a case all the same, and its priority says so. Triaging twice is
impossible: evidence has the item's own id, and what was owed is struck off by row count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol
from uuid import UUID

import structlog
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from classifiers.signals import Assessment
from classifiers.text import Text
from content.permissions import SERVICE
from content.sightings import Sighting, SightingKind
from content.triage import Plan, TieKind, plan
from service import crash
from service.context import Context
from service.errors import Conflict
from service.store import audit, cases, evidence, items, tips
from service.store.engine import Database
from service.store.notify import announce
from service.store.tables import Source
from service.usecases import case_painting, incident_warnings, sighting_rows
from service.usecases.sighting_rows import Seen
from service.usecases.triage_memory import Comparison, Memory

BATCH: Final = 200
MISHAPS: Final = 12  # failed assessments of parts of a batch before the rest goes on without
log = structlog.get_logger()


class Assessors(Protocol):
    """Says what texts are, away from the event loop."""

    async def assess(self, texts: Sequence[Text]) -> list[Assessment]:
        """One assessment a text, in the same order."""
        ...


@dataclass(frozen=True)
class _Batch:
    seen: Sequence[Seen]
    sightings: Sequence[Sighting]
    comparison: Comparison


async def triage_pending(
    ctx: Context, db: Database, assessors: Assessors, limit: int = 2000, memory: Memory | None = None
) -> int:
    """Give every waiting item and tip (at most `limit`) its case; how many. Without a `memory` one is read anew."""
    memory = memory or Memory()
    done = 0
    async with memory.turn:
        while done < limit:
            try:
                count = await _batch(ctx, db, assessors, min(BATCH, limit - done), memory)
            except Conflict:
                # Another process triages too (it was taken for dead, perhaps): this one lets it.
                log.warning("triage_overtaken")
                break
            if count == 0:
                break
            done += count
    return done


async def _batch(ctx: Context, db: Database, assessors: Assessors, size: int, memory: Memory) -> int:
    seen = await _waiting(ctx, db, size)
    if not seen:
        return 0
    try:
        async with db.read() as session:
            await memory.refresh(session, ctx.now())
        assessments = await assess_all(assessors, [one.as_text() for one in seen])
        sightings = [one.sighting(found) for one, found in zip(seen, assessments, strict=True)]
        batch = _Batch(seen, sightings, await memory.compare(sightings))
        await _store(ctx, db, batch, memory.looks)
    except BaseException:
        memory.forget()  # it remembers stories that the database does not have
        raise
    return len(seen)


async def _waiting(ctx: Context, db: Database, size: int) -> list[Seen]:
    async with db.read() as session:
        # Tips first: somebody waits for each of them.
        asked = [sighting_rows.of_tip(tip) for tip in await tips.pending(session, size)]
        found = await items.pending(session, size - len(asked)) if len(asked) < size else []
        wanted = {item.source_id for item in found}
        query = select(Source).where(col(Source.id).in_(wanted))
        known = {s.id: s for s in (await session.exec(query)).all()} if wanted else {}
    now = ctx.now()
    return [*asked, *(sighting_rows.of_item(item, known[item.source_id], now) for item in found)]


async def assess_all(assessors: Assessors, texts: Sequence[Text]) -> list[Assessment | None]:
    """One assessment a text; None for a text that breaks the classifier, found by halving. Raises nothing of theirs."""
    found: list[Assessment | None] = [None] * len(texts)
    parts, mishaps = [(0, len(texts))], 0
    while parts and mishaps < MISHAPS:
        start, end = parts.pop(0)
        try:
            found[start:end] = await assessors.assess(texts[start:end])
        except Exception as error:
            mishaps += 1
            log.warning("assess_failed", texts=end - start, error=f"{type(error).__name__}: {error}")
            middle = (start + end) // 2
            parts += [(start, middle), (middle, end)] if end - start > 1 else []
    return found


async def _store(ctx: Context, db: Database, batch: _Batch, looks: evidence.Remembered) -> None:
    now = ctx.now()
    async with db.write() as session:
        await cases.lock(session)
        homes = await evidence.homes(session, *_looked_for(batch))
        decided = plan(batch.sightings, batch.comparison.ties, homes)
        joined = await _append(ctx, session, batch, decided, looks)
        changed = await case_painting.flag_changes(session, decided, now)
        after = {"items": len(batch.seen), "opened": len(decided.openings), "joined": len(joined)}
        placed = {p.sighting: p.case for p in decided.placements}
        await incident_warnings.heed(ctx, session, [(s, placed[s.id]) for s in batch.sightings])
        await audit.record(ctx, session, SERVICE, "triage.batch", "queue", "triage", after=after)
        for case_id in changed:
            await audit.record(ctx, session, SERVICE, "case.story_changed", "case", case_id)
        await announce(session, "queue")
        crash.point("triage.before_commit")
    crash.point("triage.after_commit")


def _looked_for(batch: _Batch) -> tuple[set[UUID], set[str], set[tuple[UUID, str]], set[UUID]]:
    """Earlier sightings, addresses, stories and cases that the batch may belong to."""
    ties = [tie for found in batch.comparison.ties.values() for tie in found]
    return (
        {tie.other for tie in ties if tie.kind != TieKind.CLAIM},
        {s.url for s in batch.sightings if s.url is not None},
        {one.story for one in batch.seen if one.story is not None and one.revision > 1},
        {tie.other for tie in ties if tie.kind == TieKind.CLAIM},
    )


async def _append(
    ctx: Context, session: AsyncSession, batch: _Batch, decided: Plan, looks: evidence.Remembered
) -> set[UUID]:
    """New cases, evidence and links, assessments, what was owed; the earlier cases that grew, repainted."""
    now = ctx.now()
    by_id = {s.id: s for s in batch.sightings}
    home = {placement.sighting: placement.case for placement in decided.placements}
    stories = [s for s in batch.sightings if s.kind != SightingKind.TIP]
    # First strike off what was owed: if somebody else has done it, nothing of this is stored.
    await items.settle(session, [s.id for s in stories])
    await tips.settle(session, [(s.id, home[s.id]) for s in batch.sightings if s.kind == SightingKind.TIP])
    suggestions = case_painting.best_suggestions(decided, batch.comparison.known)
    await case_painting.open_cases(session, decided, by_id, suggestions, now)
    rows = [one.evidence(by_id[one.id]) for one in batch.seen]
    await evidence.append(session, rows, [_link(ctx, one.id, home[one.id]) for one in batch.seen])
    joined = set(home.values()) - {opening.case for opening in decided.openings}
    await case_painting.repaint(session, joined, now, suggestions, looks)
    judged = [(row["id"], row["assessment"]) for row in rows if row["item_id"] and row["assessment"]]
    await items.record_assessments(session, judged, now)
    return joined


def _link(ctx: Context, evidence_id: UUID, case_id: UUID) -> dict[str, Any]:
    return {
        "id": ctx.new_id(),
        "case_id": case_id,
        "evidence_id": evidence_id,
        "origin_case_id": case_id,
        "linked_at": ctx.now(),
    }
