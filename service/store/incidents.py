"""Incidents: load, list, move under a guard, and the settings that an activation changes.

Settings are named by keys: `banner` (the line over every public page) and `source.pace:<id>` (seconds between polls).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text, update
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.case_states import CaseState
from content.cases import Case
from content.incident_states import IncidentState
from content.incidents import Incident, IncidentAct, IncidentCase
from expert_db.assignments import Assignment
from service.context import Context
from service.errors import Conflict, NotFound
from service.store.bulk import insert_rows, rows_hit
from service.store.tables import Setting, Source

LOCK: Final = 0x494E4344  # of the gear: activations and ends happen one after the other
BANNER: Final = "site.banner"  # of `service.site.current`
PACE: Final = "source.pace:"
OPEN: Final = (CaseState.QUEUED, CaseState.ACCEPTED)


async def lock(session: AsyncSession) -> None:
    """Let nobody else change gear until this transaction ends (SQLite: BEGIN IMMEDIATE holds)."""
    if session.get_bind().dialect.name == "postgresql":
        connection = await session.connection()
        await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


async def load(session: AsyncSession, incident_id: UUID) -> Incident:
    """The incident as it is now, or NotFound."""
    found = await session.get(Incident, incident_id, populate_existing=True)
    if found is None:
        raise NotFound(incident=str(incident_id))
    return found


async def page(session: AsyncSession, limit: int = 100) -> Sequence[Incident]:
    """Newest first, without proposals that were set aside."""
    query = select(Incident).where(col(Incident.set_aside).is_(False))
    return (await session.exec(query.order_by(col(Incident.created_at).desc()).limit(limit))).all()


async def active(session: AsyncSession) -> Sequence[Incident]:
    """Those active now, in the order of their activation."""
    query = select(Incident).where(Incident.state == IncidentState.ACTIVE)
    return (await session.exec(query.order_by(col(Incident.rank), col(Incident.id)))).all()


async def unfinished(session: AsyncSession) -> Sequence[Incident]:
    """Real ones that are proposed, active or recovering."""
    query = select(Incident).where(
        Incident.state != IncidentState.CLOSED,
        col(Incident.exercise).is_(False),
        col(Incident.set_aside).is_(False),
    )
    return (await session.exec(query.order_by(col(Incident.created_at)))).all()


async def next_rank(session: AsyncSession) -> int:
    """The number of the next activation."""
    return int((await session.exec(select(func.max(Incident.rank)))).one() or 0) + 1


async def save(
    session: AsyncSession, incident: Incident, now: datetime, version: int | None = None, **changes: Any
) -> Incident:
    """Write what was decided; Conflict when the incident is no longer as loaded (or at `version`)."""
    held = incident.version if version is None else version
    statement = (
        update(Incident)
        .where(
            col(Incident.id) == incident.id,
            col(Incident.state) == incident.state,
            col(Incident.version) == held,
        )
        .values(**changes, version=held + 1, updated_at=now)
    )
    if await rows_hit(session, statement) != 1:
        raise Conflict(incident=str(incident.id))
    return await load(session, incident.id)


async def acts(session: AsyncSession, incident_id: UUID) -> Sequence[IncidentAct]:
    """Every act in the order it happened."""
    query = select(IncidentAct).where(IncidentAct.incident_id == incident_id)
    return (await session.exec(query.order_by(col(IncidentAct.number)))).all()


async def next_number(session: AsyncSession, incident_id: UUID) -> int:
    """The number of the next act."""
    query = select(func.max(IncidentAct.number)).where(IncidentAct.incident_id == incident_id)
    return int((await session.exec(query)).one() or 0) + 1


async def cases_of(session: AsyncSession, incident_id: UUID) -> Sequence[Case]:
    """All cases that ever belonged to it, most urgent first."""
    ever = select(IncidentCase.case_id).where(IncidentCase.incident_id == incident_id)
    query = (
        select(Case)
        .where(col(Case.id).in_(ever) | (col(Case.incident_id) == incident_id))
        .order_by(col(Case.priority).desc(), col(Case.id))
    )
    return (await session.exec(query)).all()


async def asked(session: AsyncSession, incident: Incident) -> Sequence[Assignment]:
    """Whom its cases were asked of since it was proposed, in that order: one query, however many cases there are."""
    ever = select(IncidentCase.case_id).where(IncidentCase.incident_id == incident.id)
    now = select(Case.id).where(Case.incident_id == incident.id)
    query = select(Assignment).where(
        col(Assignment.case_id).in_(ever) | col(Assignment.case_id).in_(now),
        col(Assignment.offered_at) >= incident.proposed_at,
    )
    return (await session.exec(query.order_by(col(Assignment.offered_at), col(Assignment.id)))).all()


async def remember(
    ctx: Context, session: AsyncSession, pairs: Collection[tuple[UUID, UUID]], now: datetime
) -> None:
    """Note which cases belong to which incidents: (incident, case), each once."""
    if not pairs:
        return
    query = select(IncidentCase.incident_id, IncidentCase.case_id).where(
        col(IncidentCase.case_id).in_({case for _, case in pairs})
    )
    fresh = sorted(set(pairs) - set((await session.exec(query)).all()))
    rows = [{"id": ctx.new_id(), "incident_id": i, "case_id": c, "at": now} for i, c in fresh]
    await insert_rows(session, IncidentCase, rows)


async def open_cases_of_hazards(session: AsyncSession, hazards: Collection[str]) -> set[UUID]:
    """Real open cases with one of these hazards."""
    query = select(Case.id).where(
        col(Case.state).in_(OPEN), col(Case.hazard).in_(hazards), col(Case.exercise).is_(False)
    )
    return set((await session.exec(query)).all())


async def leave(session: AsyncSession, incident_id: UUID) -> set[UUID]:
    """Take its cases out of an incident that is over; which ones those were."""
    query = select(Case.id).where(Case.incident_id == incident_id)
    found = set((await session.exec(query)).all())
    await rows_hit(session, update(Case).where(col(Case.incident_id) == incident_id).values(incident_id=None))
    return found


async def sources_near(session: AsyncSession, stems: Collection[str]) -> Sequence[UUID]:
    """Enabled sources of these places (code prefixes), and all official ones: they speak for every place."""
    query = select(Source.id, Source.region, Source.authority).where(col(Source.enabled).is_(True))
    rows = (await session.exec(query)).all()
    near = (
        id_ for id_, region, official in rows if official or any((region or "-").startswith(s) for s in stems)
    )
    return sorted(near)


async def settings(session: AsyncSession, keys: Collection[str]) -> dict[str, Any]:
    """The values of these settings now. A source that is gone has none."""
    found: dict[str, Any] = {}
    if BANNER in keys:
        row = await session.get(Setting, BANNER, populate_existing=True)
        found[BANNER] = (dict(row.value) if row else None) or None
    ids = [UUID(key.removeprefix(PACE)) for key in keys if key.startswith(PACE)]
    if ids:
        query = select(Source.id, Source.pace).where(col(Source.id).in_(ids))
        found |= {f"{PACE}{id_}": pace for id_, pace in (await session.exec(query)).all()}
    return found


async def put(session: AsyncSession, values: Mapping[str, Any], now: datetime) -> None:
    """Set them. A faster source is polled at once."""
    for key, value in values.items():
        if key == BANNER:
            await _put_setting(session, key, value, now)
        else:
            source = col(Source.id) == UUID(key.removeprefix(PACE))
            soon: dict[str, Any] = {"next_poll": now} if value is not None else {}
            await rows_hit(session, update(Source).where(source).values(pace=value, **soon))


async def _put_setting(session: AsyncSession, key: str, value: Any, now: datetime) -> None:
    row = await session.get(Setting, key, populate_existing=True)
    if row is None:
        row = Setting(key=key, updated_at=now)
        session.add(row)
    row.value, row.updated_at = (
        value or {},
        now,
    )  # an empty row says when the banner went: the site is made anew
    await session.flush()
