"""The clocks that run now (时限): of active incidents, cases of their own, corrections, warnings that ended, experts' questions.

    of_cases     for the queue and the case page
    board        everything that somebody waits for, the most urgent first

Reads only. Which clocks there are is the city's data (`clocks.toml`), the minutes are the administrator's.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from content import clocks as rules
from content.case_states import CaseState
from content.cases import Case
from content.clocks import Clock, Reading
from content.pieces import Piece, PieceKind
from content.priority import FLOOR
from expert_db.assignment_states import AssignmentState
from expert_db.assignments import Assignment
from service.context import Context
from service.store import assignments, incidents
from service.store import clocks as store
from service.usecases import clocks, warning_ends
from service.usecases import incidents as gear
from service.usecases.board_lines import Running

MOST: Final = 100
ENDED: Final = (CaseState.ANSWERED, CaseState.DISMISSED)


async def of_cases(ctx: Context, s: AsyncSession, cases: Collection[Case]) -> dict[UUID, list[Reading]]:
    """How the clocks of these cases stand, the most urgent first; for what is in an incident, those of the incident.

    What is not flagged, and a case of an exercise that is over, has none.
    """
    found: dict[UUID, list[Reading]] = {}
    for incident in {one.incident_id for one in cases if one.incident_id is not None}:
        readings = await clocks.readings(ctx, s, await gear.page(s, incident))
        found |= {one.id: readings for one in cases if one.incident_id == incident}
    mine = [one for one in cases if one.id not in found and one.priority >= FLOOR and not one.exercise]
    table, told = await clocks.table(ctx, s), await store.first_told(s, {one.id for one in mine})
    for one in mine:
        moments = _moments(one, told.get(one.id))
        found[one.id] = rules.read_all(table, one.level, moments, ctx.now(), on="case", kind=one.kind)
    return found


def _moments(case: Case, told: datetime | None) -> dict[str, datetime | None]:
    closed = case.updated_at if case.state in ENDED else None
    claimed = case.claimed_at or closed  # a case that was closed without being claimed was looked at then
    return {"sighted": case.first_seen, "claimed": claimed, "told": told or closed, "closed": closed}


async def of_pieces(ctx: Context, s: AsyncSession, pieces: Collection[Piece]) -> dict[UUID, list[Reading]]:
    """How long corrections under way may still take; nothing for other pieces."""
    table = await clocks.table(ctx, s)
    return {
        one.id: rules.read_all(table, None, {"begun": one.created_at}, ctx.now(), on="piece")
        for one in pieces
        if one.kind == PieceKind.CORRECTION and one.state in store.UNFINISHED and not one.exercise
    }


def of_assignment(one: Assignment, now: datetime) -> Reading | None:
    """How long an expert has: to say yes or no, then to answer. None once it is over."""
    if one.state == AssignmentState.OFFERED:
        code, end = "assignment_reply", one.respond_by
    elif one.state == AssignmentState.ACCEPTED:
        code, end = "assignment_answer", one.due_at
    else:
        return None
    minutes = max(1, round((end - one.offered_at) / timedelta(minutes=1)))
    return rules.read(Clock(code, minutes, "asked", "done"), {"asked": one.offered_at}, now)


async def board(ctx: Context, s: AsyncSession) -> list[Running]:
    """All that runs, the most urgent first; of cases and corrections the `MOST` that wait longest."""
    found = [*await active(ctx, s), *await _of_experts(ctx, s)]
    for clock in await clocks.table(ctx, s):
        if clock.on == "case":
            found += await _of_waiting(ctx, s, clock)
    return sorted(found, key=lambda one: (one.reading.left or timedelta(0), one.reading.clock.code, one.id))


async def due_cases(ctx: Context, s: AsyncSession, limit: int) -> list[Running]:
    """Cases whose clocks are nearly over and had no alarm yet."""
    found: list[Running] = []
    for clock in await clocks.table(ctx, s):
        if clock.on == "case":
            soon = timedelta(minutes=clock.minutes) * rules.SOON
            found += await _of_waiting(ctx, s, clock, limit, soon)
    return found


async def active(ctx: Context, s: AsyncSession) -> list[Running]:
    """What runs on incidents, corrections and relayed warnings."""
    found = [*await _of_incidents(ctx, s), *await _of_corrections(ctx, s)]
    return found + await warning_ends.running(ctx, s)


async def _of_waiting(
    ctx: Context, s: AsyncSession, clock: Clock, limit: int = MOST, due_within: timedelta | None = None
) -> list[Running]:
    cases = await store.waiting_cases(s, clock, ctx.now(), limit, due_within=due_within)
    told = await store.first_told(s, {one.id for one in cases}) if clock.until == "told" else {}
    found = []
    for case in cases:
        reading = rules.read(clock, _moments(case, told.get(case.id)), ctx.now())
        if reading.left is not None:
            found.append(Running("case", case.id, case.title, f"/desk/cases/{case.id}", reading))
    return found


async def _of_incidents(ctx: Context, s: AsyncSession) -> list[Running]:
    found = []
    for one in await incidents.active(s):
        for reading in rules.running(await clocks.readings(ctx, s, await gear.page(s, one.id))):
            path = f"/desk/incidents/{one.id}"
            found.append(Running("incident", one.id, one.name, path, reading, one.exercise))
    return found


async def _of_corrections(ctx: Context, s: AsyncSession) -> list[Running]:
    pieces = await store.corrections_under_way(s)
    readings = await of_pieces(ctx, s, pieces)
    return [
        Running("piece", one.id, one.title, f"/desk/pieces/{one.id}", reading)
        for one in pieces
        for reading in rules.running(readings.get(one.id, ()))
    ]


async def _of_experts(ctx: Context, s: AsyncSession) -> list[Running]:
    found = []
    for one in (await assignments.still_open(s))[:MOST]:
        reading = of_assignment(one, ctx.now())
        if reading is not None:
            path = f"/desk/cases/{one.case_id}#experts"
            found.append(Running("assignment", one.id, one.question, path, reading))
    return found


def urgent(readings: Sequence[Reading]) -> Reading | None:
    """The one that a row of the queue shows: the most urgent that runs."""
    return next(iter(rules.running(readings)), None)
