"""The gear itself: what an activation changes in the house, and putting all of it back.

    engage      faster sources, the banner, cases raised             recorded in `Incident.changes`
    disengage   every setting as it was, cases out of the incident    layers of other incidents stay

An exercise engages nothing outside its own case: no source, no banner, no real case.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from content.incident_changes import Change, apply, unwind
from content.incident_rules import kin
from content.incidents import Incident
from service.context import Context
from service.store import cases, incidents
from service.store.notify import announce
from service.usecases.case_painting import repaint

PACE: Final = 120  # seconds between polls of a source near an incident, at most


async def engage(ctx: Context, s: AsyncSession, incident: Incident) -> list[dict[str, Any]]:
    """Change what an active incident changes; the record of it. The incident must be stored as active already."""
    await cases.lock(s)
    await cases.repaint(s, incident.case_id, ctx.now(), incident_id=incident.id)
    if incident.exercise:
        await _raise(ctx, s, incident, {incident.case_id})
        return []
    wanted: dict[str, Any] = {incidents.BANNER: {"text": incident.name, "href": ""}}
    for source in await incidents.sources_near(s, [code.rstrip("0") for code in incident.regions]):
        wanted[f"{incidents.PACE}{source}"] = PACE
    changes = apply(await incidents.settings(s, wanted), wanted)
    await incidents.put(s, wanted, ctx.now())
    await _raise(
        ctx,
        s,
        incident,
        {incident.case_id} | await incidents.open_cases_of_hazards(s, kin(incident.hazard)),
    )
    for topic in ("sources", "site"):
        await announce(s, topic, "incident")
    return [change.to_json() for change in changes]


async def _raise(ctx: Context, s: AsyncSession, incident: Incident, chosen: set[UUID]) -> None:
    await repaint(s, chosen, ctx.now())
    joined = [c.id for c in (await cases.many(s, chosen)).values() if c.incident_id == incident.id]
    await incidents.remember(ctx, s, [(incident.id, case) for case in joined], ctx.now())
    await announce(s, "queue", "incident")


async def disengage(ctx: Context, s: AsyncSession, incident: Incident) -> dict[str, Any]:
    """Put back what `engage` changed; what was done. The incident must not be stored as active any more."""
    await cases.lock(s)
    ended = [Change.from_json(one) for one in incident.changes]
    later = [one for one in await incidents.active(s) if one.rank > incident.rank]
    current = await incidents.settings(s, {change.key for change in ended})
    found = unwind(ended, [[Change.from_json(c) for c in one.changes] for one in later], current)
    await incidents.put(s, found.writes, ctx.now())
    for other, layer in zip(later, found.layers, strict=True):
        kept = [change.to_json() for change in layer]
        if kept != other.changes:
            await incidents.save(s, other, ctx.now(), changes=kept)
    left = await incidents.leave(s, incident.id)
    await incidents.remember(ctx, s, [(incident.id, case) for case in left], ctx.now())
    await repaint(s, left, ctx.now())
    for topic in ("sources", "site", "queue"):
        await announce(s, topic, "incident")
    return {"restored": len(found.writes), "cases": len(left)}
