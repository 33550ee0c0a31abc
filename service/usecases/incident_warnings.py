"""Warnings that arrive propose incidents, and propose their end; who relayed one hears when it ends (`warning_ends`).
Part of triage's own transaction; activates nothing.

Each warning proposes once: not while an incident of the same hazard and place is proposed, active or recovering.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content import incident_rules as rules
from content.incident_states import IncidentState
from content.incidents import Incident
from content.permissions import SERVICE
from content.sightings import Sighting
from service.context import Context
from service.feeds.cap import CapAlert, parse_cap
from service.feeds.errors import CapError
from service.store import incidents as store
from service.store.tables import Item
from service.usecases import incidents, warning_ends
from service.usecases.city_facts import code

Placed = tuple[Sighting, UUID]  # and its case


async def heed(ctx: Context, s: AsyncSession, placed: Sequence[Placed]) -> None:
    """Look through what came in for official warnings and cancellations."""
    official = [(sighting, case) for sighting, case in placed if sighting.authority]
    if not official:
        return
    alerts = await _alerts(s, [sighting.id for sighting, _ in official])
    for sighting, case in official:
        alert = alerts.get(sighting.id)
        if alert is not None and alert.is_exercise:
            continue  # a test of the warning system is nothing to us
        await warning_ends.heed(ctx, s, sighting, alert, rules.cancels(sighting))
        if rules.cancels(sighting) or (alert is not None and alert.message_type == "Cancel"):
            await _over(ctx, s, sighting, alert)
        elif wanted := rules.proposal_of(sighting, code(ctx), _severity(alert)):
            await _proposed(ctx, s, wanted, case, sighting, alert)


async def _proposed(
    ctx: Context,
    s: AsyncSession,
    wanted: rules.Proposal,
    case: UUID,
    sighting: Sighting,
    alert: CapAlert | None,
) -> None:
    for known in await store.unfinished(s):
        if wanted.hazard in rules.kin(known.hazard) and rules.overlap(wanted.regions, known.regions):
            return
    await incidents.begin(
        ctx,
        s,
        wanted,
        case,
        sighting.title[:500],
        SERVICE,
        order_source=_issuer(sighting, alert),
        warning_ref=alert.identifier if alert else None,
    )


async def _over(ctx: Context, s: AsyncSession, sighting: Sighting, alert: CapAlert | None) -> None:
    named = {identifier for _, identifier, _ in alert.references} if alert else set()
    for incident in await store.unfinished(s):
        if incident.state in (IncidentState.STANDBY, IncidentState.ACTIVE) and (
            incident.warning_ref in named if named and incident.warning_ref else _same(incident, sighting)
        ):
            await incidents.propose_end(ctx, s, incident, sighting.title[:500], SERVICE)


def _same(incident: Incident, sighting: Sighting) -> bool:
    found = sighting.assessment
    if found is None or found.emergency.hazard != incident.hazard:
        return False
    return bool(found.regions) and rules.overlap(found.regions, incident.regions)


def _severity(alert: CapAlert | None) -> str:
    return alert.infos[0].severity if alert is not None and alert.infos else ""


def _issuer(sighting: Sighting, alert: CapAlert | None) -> str:
    if alert is not None and alert.infos and alert.infos[0].sender_name:
        return alert.infos[0].sender_name
    warning = sighting.emergency.warning if sighting.emergency else None
    return (warning.issuer or "") if warning else ""


async def _alerts(s: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, CapAlert]:
    query = select(Item.id, Item.cap).where(col(Item.id).in_(ids), col(Item.cap).is_not(None))
    found = {}
    for id_, raw in (await s.exec(query)).all():
        try:
            found[id_] = parse_cap(raw or "")
        except CapError:
            continue
    return found
