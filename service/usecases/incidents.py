"""Incidents (应急事件): propose, endorse, activate with a second person, stand down, close. 平战结合.

    a warning or a person proposes → a person stands behind it → a second one activates → … → stood down → closed

What the gear changes is `incident_gear`; whom to ask and what is prepared is `incident_help`; warnings that propose by
themselves are `incident_warnings`. Nothing here decides how bad an event is: the level is the authority's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from classifiers.taxonomy import HAZARDS
from content import incident_rules as rules
from content.cases import Case, CaseKind
from content.incident_states import INCIDENT, IncidentEvent, IncidentState
from content.incidents import Incident, IncidentAct
from content.permissions import Actor, require
from expert_db.assignments import Assignment
from service.context import Context
from service.store import audit
from service.store import incidents as store
from service.store.notify import announce
from service.usecases import cases
from service.usecases.incident_gear import disengage, engage

EXERCISE = "【演练】"


@dataclass(frozen=True)
class IncidentPage:
    """All that the page of one incident shows."""

    incident: Incident
    acts: Sequence[IncidentAct]
    cases: Sequence[Case]
    asked: Sequence[Assignment]


async def propose(
    ctx: Context,
    s: AsyncSession,
    name: str,
    hazard: str,
    level: str | None,
    regions: Sequence[str],
    reason: str,
    by: Actor,
    *,
    order_source: str = "",
    exercise: bool = False,
) -> Incident:
    """Propose an incident by hand; it changes nothing until somebody else activates it. Opens its leading case."""
    require(by, "incident.propose")
    why = rules.because(reason)
    title = f"{EXERCISE}{name.strip().removeprefix(EXERCISE)}" if exercise else name
    wanted = rules.checked(title, hazard, level, regions)
    lead = await cases.open_by_hand(ctx, s, wanted.name, CaseKind.EMERGENCY, why, by, exercise=exercise)
    return await begin(ctx, s, wanted, lead.id, why, by, order_source=order_source, exercise=exercise)


async def begin(
    ctx: Context,
    s: AsyncSession,
    wanted: rules.Proposal,
    case_id: UUID,
    reason: str,
    by: Actor,
    *,
    order_source: str = "",
    exercise: bool = False,
    warning_ref: str | None = None,
) -> Incident:
    """Store a proposal about a case. `by` without an id is the service: a warning proposes, nobody stands behind yet."""
    now = ctx.now()
    incident = Incident(
        id=ctx.new_id(),
        name=wanted.name,
        hazard=wanted.hazard,
        category=HAZARDS[wanted.hazard].category,
        level=wanted.level,
        regions=list(wanted.regions),
        exercise=exercise,
        order_source=order_source.strip()[:200],
        warning_ref=warning_ref[:500] if warning_ref else None,
        case_id=case_id,
        proposed_by=by.id,
        proposed_at=now,
        created_at=now,
        updated_at=now,
    )
    s.add(incident)
    await s.flush()
    await note(ctx, s, incident, "propose", by, reason, level=wanted.level, exercise=exercise)
    return incident


async def endorse(
    ctx: Context, s: AsyncSession, incident_id: UUID, reason: str, by: Actor, version: int | None = None
) -> Incident:
    """Be the first person behind what a warning proposed."""
    require(by, "incident.propose")
    why, incident = rules.because(reason), await store.load(s, incident_id)
    rules.endorse(incident, by)
    saved = await store.save(s, incident, ctx.now(), version, proposed_by=by.id)
    await note(ctx, s, saved, "endorse", by, why)
    return saved


async def activate(
    ctx: Context, s: AsyncSession, incident_id: UUID, reason: str, by: Actor, version: int | None = None
) -> Incident:
    """Be the second person: the desk goes into emergency gear. Also after a relapse, from recovering."""
    require(by, "incident.activate")
    await store.lock(s)
    why, incident = rules.because(reason), await store.load(s, incident_id)
    before, after = incident.state, rules.activate(incident, by)
    values: dict[str, Any] = {"state": after, "activated_by": by.id, "activated_at": ctx.now()}
    values |= {"rank": await store.next_rank(s), "end_proposed_at": None, "stood_down_at": None}
    moved = await store.save(s, incident, ctx.now(), version, **values)
    moved = await store.save(s, moved, ctx.now(), changes=await engage(ctx, s, moved))
    again = before == IncidentState.RECOVERING
    await note(ctx, s, moved, "reactivate" if again else "activate", by, why, changes=len(moved.changes))
    return moved


async def propose_end(ctx: Context, s: AsyncSession, incident: Incident, reason: str, by: Actor) -> Incident:
    """Say that the warning is over; people stand down, nobody else. Once is enough."""
    if incident.end_proposed_at is not None or incident.state == IncidentState.CLOSED:
        return incident
    saved = await store.save(s, incident, ctx.now(), end_proposed_at=ctx.now())
    await note(ctx, s, saved, "propose_end", by, reason)
    return saved


async def stand_down(
    ctx: Context, s: AsyncSession, incident_id: UUID, reason: str, by: Actor, version: int | None = None
) -> Incident:
    """Back to the everyday gear: everything that the activation changed is put back exactly."""
    require(by, "incident.activate")
    await store.lock(s)
    why, incident = rules.because(reason), await store.load(s, incident_id)
    after = INCIDENT.next(incident.state, IncidentEvent.STAND_DOWN)
    moved = await store.save(s, incident, ctx.now(), version, state=after, stood_down_at=ctx.now())
    done = await disengage(ctx, s, moved)
    moved = await store.save(s, moved, ctx.now(), changes=[])
    await note(ctx, s, moved, "stand_down", by, why, **done)
    return moved


async def close(
    ctx: Context, s: AsyncSession, incident_id: UUID, reason: str, by: Actor, version: int | None = None
) -> Incident:
    """The report is read and the incident is over for good."""
    require(by, "incident.activate")
    why, incident = rules.because(reason), await store.load(s, incident_id)
    after = INCIDENT.next(incident.state, IncidentEvent.CLOSE)
    moved = await store.save(s, incident, ctx.now(), version, state=after, closed_at=ctx.now())
    await note(ctx, s, moved, "close", by, why)
    return moved


async def press(
    ctx: Context, s: AsyncSession, incident_id: UUID, reason: str, by: Actor, version: int | None = None
) -> Incident:
    """Note that the press conference was held; `reason` says where and by whom. Stops its clock."""
    require(by, "incident.propose")
    why, incident = rules.because(reason), await store.load(s, incident_id)
    if incident.state == IncidentState.STANDBY:
        raise rules.BadIncident("the incident is not active", field="state")
    saved = await store.save(s, incident, ctx.now(), version)
    await note(ctx, s, saved, "press", by, why)
    return saved


async def set_aside(
    ctx: Context, s: AsyncSession, incident_id: UUID, reason: str, by: Actor, version: int | None = None
) -> Incident:
    """Do not follow a proposal. It stays in the record."""
    require(by, "incident.propose")
    why, incident = rules.because(reason), await store.load(s, incident_id)
    if incident.state != IncidentState.STANDBY:
        raise rules.BadIncident("only a proposal can be set aside", field="state")
    saved = await store.save(s, incident, ctx.now(), version, set_aside=True)
    await note(ctx, s, saved, "set_aside", by, why)
    return saved


async def page(s: AsyncSession, incident_id: UUID) -> IncidentPage:
    """One incident with everything that was done about it."""
    incident = await store.load(s, incident_id)
    return IncidentPage(
        incident,
        await store.acts(s, incident_id),
        await store.cases_of(s, incident_id),
        await store.asked(s, incident),
    )


async def listing(s: AsyncSession) -> Sequence[Incident]:
    """Newest first, active ones before all others."""
    return sorted(await store.page(s), key=lambda one: one.state != IncidentState.ACTIVE)


async def note(
    ctx: Context, s: AsyncSession, incident: Incident, act: str, by: Actor, reason: str, **details: Any
) -> None:
    """Record one act, in the incident's own record and in the audit log, and tell the open pages."""
    s.add(
        IncidentAct(
            id=ctx.new_id(),
            incident_id=incident.id,
            number=await store.next_number(s, incident.id),
            act=act,
            by_id=by.id,
            by_name=by.name[:100],
            at=ctx.now(),
            reason=reason[:1000],
            details=details,
        )
    )
    await audit.record(ctx, s, by, f"incident.{act}", "incident", incident.id, after=details, reason=reason)
    await announce(s, "queue", str(incident.id))
