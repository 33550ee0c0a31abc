"""Clocks met and missed in a period (时限完成情况): of incidents, of everyday cases, of corrections.

A case's clocks count in the period in which its page was first published, an incident's in that of its activation, a
correction's with the version that it made. What an incident took over has the incident's clocks only; exercises count
nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.cases import Case
from content.clocks import Clock, Reading, Tally, read_all, tally
from content.incidents import Incident
from content.publications import Publication, PublicationType
from service.context import Context
from service.store import measures as store
from service.usecases import clocks, incidents

MOST = 500  # incidents of one period


async def of_period(
    ctx: Context, s: AsyncSession, since: datetime, until: datetime, versions: Sequence[Publication]
) -> tuple[Tally, ...]:
    """How often each clock was met and missed. `versions` are those of the period's pages."""
    table = await clocks.table(ctx, s)
    found = await _of_cases(s, table, versions, ctx.now())
    found += await _of_corrections(s, table, versions, ctx.now())
    query = select(Incident).where(
        col(Incident.activated_at) >= since,
        col(Incident.activated_at) < until,
        col(Incident.exercise).is_(False),
    )
    for incident in (await s.exec(query.limit(MOST))).all():
        readings = await clocks.readings(ctx, s, await incidents.page(s, incident.id))
        found += [one for one in readings if one.clock.on == "incident"]
    return tally(table, found)


async def _of_cases(
    s: AsyncSession, table: Sequence[Clock], versions: Sequence[Publication], now: datetime
) -> list[Reading]:
    first: dict[UUID, datetime] = {}
    for row in versions:
        if row.case_id is not None:
            first[row.case_id] = min(first.get(row.case_id, row.published_at), row.published_at)
    cases = await store.cases(s, first)
    claimed = await store.claims(s, first)
    taken = await store.of_incidents(s, first)
    found: list[Reading] = []
    for case_id, published in first.items():
        case: Case | None = cases.get(case_id)
        if case is None or case_id in taken:
            continue
        moments: dict[str, datetime | None] = {"sighted": case.first_seen, "told": published}
        moments |= {"claimed": min(claimed.get(case_id, published), published), "closed": published}
        found += read_all(table, case.level, moments, now, on="case", kind=case.kind)
    return found


async def _of_corrections(
    s: AsyncSession, table: Sequence[Clock], versions: Sequence[Publication], now: datetime
) -> list[Reading]:
    out = {one.piece_id: one.issued_at for one in versions if one.type == PublicationType.CORRECT}
    begun = await store.begun(s, out)
    return [
        reading
        for piece, at in out.items()
        if piece in begun
        for reading in read_all(table, None, {"begun": begun[piece], "corrected": at}, now, on="piece")
    ]
