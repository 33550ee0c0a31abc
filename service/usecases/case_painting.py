"""Keep what a case shows equal to its evidence: after triage, a merge, a split, a hand-made note.

Does not decide where evidence belongs and does not move a case; it only makes kind, priority and counts follow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from classifiers.claims import ClaimMatch
from content.case_summary import CaseSummary, summarise, title_of
from content.cases import Case
from content.incident_rules import home
from content.incidents import Incident
from content.piece_states import PieceState
from content.pieces import Piece
from content.priority import Surroundings
from content.sightings import Sighting
from content.triage import OPEN, Plan, TieKind
from service.store import cases, evidence, incidents

DECIDED: Final = (PieceState.IN_REVIEW, PieceState.APPROVED, PieceState.PUBLISHED, PieceState.CORRECTED)
Suggestions = Mapping[UUID, ClaimMatch]  # by case


async def open_cases(
    session: AsyncSession,
    decided: Plan,
    sightings: Mapping[UUID, Sighting],
    suggestions: Suggestions,
    now: datetime,
) -> None:
    """Store the new cases of a plan, each as all its sightings of this batch make it look."""
    members: dict[UUID, list[Sighting]] = defaultdict(list)
    for placement in decided.placements:
        members[placement.case].append(sightings[placement.sighting])
    rows = []
    active = await incidents.active(session)
    for opening in decided.openings:
        match = suggestions.get(opening.case)
        around = Surroundings(match.score if match else None, opening.follows is not None)
        summary = summarise(members[opening.case], around)
        member = _member(active, None, summary)
        if member is not None:
            summary = summarise(members[opening.case], replace(around, incident=True))
        rows.append(
            cases.new_row(
                opening.case,
                title_of(sightings[opening.case]),
                summary,
                now,
                incident_id=member,
                follows=opening.follows,
                known_publication=match.id if match else None,
                known_score=match.score if match else None,
            )
        )
    await cases.open_many(session, rows)


async def repaint(
    session: AsyncSession,
    case_ids: Collection[UUID],
    now: datetime,
    suggestions: Suggestions | None = None,
    remembered: evidence.Remembered | None = None,
) -> None:
    """Make these cases look like their evidence. A case without evidence keeps its looks and loses its weight."""
    seen = await evidence.sightings(session, case_ids, remembered)
    active = await incidents.active(session)
    rows = []
    for case_id, case in (await cases.many(session, case_ids)).items():
        if not seen[case_id]:
            await cases.repaint(session, case_id, now, priority=0, reasons=[], sources=0, demand=0)
            continue
        known = _known(case, (suggestions or {}).get(case_id))
        around = Surroundings(known["known_score"], case.follows is not None)
        summary = summarise(seen[case_id], around)
        member = _member(active, case.incident_id, summary, open_=case.state in OPEN and not case.exercise)
        if member is not None:
            summary = summarise(seen[case_id], replace(around, incident=True))
        rows.append({"id": case_id, **cases.picture(summary), **known, "incident_id": member})
    await cases.repaint_many(session, rows, now)


async def flag_changes(session: AsyncSession, decided: Plan, now: datetime) -> list[UUID]:
    """Flag the cases whose story changed after a text about it was handed in. A flag, never an edit."""
    changed = {p.case for p in decided.placements if p.because == TieKind.REVISION}
    if not changed:
        return []
    query = select(Piece.case_id).where(col(Piece.case_id).in_(changed), col(Piece.state).in_(DECIDED))
    flagged = sorted({case for case in (await session.exec(query)).all() if case is not None})
    for case_id in flagged:
        await cases.repaint(session, case_id, now, changed_after_approval=True)
    return flagged


def best_suggestions(decided: Plan, known: Mapping[UUID, ClaimMatch]) -> dict[UUID, ClaimMatch]:
    """For each case the surest publication that one of its new sightings suggests."""
    best: dict[UUID, ClaimMatch] = {}
    for placement in decided.placements:
        match = known.get(placement.sighting)
        held = best.get(placement.case)
        if match is not None and (held is None or (match.score, match.id) > (held.score, held.id)):
            best[placement.case] = match
    return best


def _member(
    active: Sequence[Incident], present: UUID | None, summary: CaseSummary, *, open_: bool = True
) -> UUID | None:
    """The active incident that a case belongs to as it looks now; a closed case or an exercise joins none anew."""
    joinable = active if open_ else [one for one in active if one.id == present]
    return home(joinable, present, summary.kind, summary.hazard, summary.regions)


def _known(case: Case, match: ClaimMatch | None) -> dict[str, Any]:
    if match is None or (case.known_score or 0.0) >= match.score:
        return {"known_publication": case.known_publication, "known_score": case.known_score}
    return {"known_publication": match.id, "known_score": match.score}
