"""Help in an incident: the panel and the departments to ask in one step, and explainers prepared in quiet times.

Proposes; asks nobody and opens nothing until somebody says so.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content import incident_rules as rules
from content.body import PieceBody
from content.incident_states import IncidentState
from content.incidents import Incident
from content.permissions import Actor, require
from content.pieces import Piece, PieceKind
from content.publications import Publication, PublicationType
from expert_db.assignments import Assignment, AssignmentKind
from expert_db.match import Candidate, rank_all
from service.context import Context
from service.store import assignments as asked
from service.store import experts
from service.store import incidents as store
from service.usecases import assignments, matching, pieces, prepared
from service.usecases.city_facts import zone
from service.usecases.incidents import EXERCISE, note

PANEL: Final = 4
DEPARTMENTS: Final = 3
PREPARED: Final = 6


@dataclass(frozen=True)
class Ready:
    """An explainer to begin from. `name` is its public id when it stands `published`, else that of the prepared text."""

    name: str
    body: PieceBody
    published: bool


@dataclass(frozen=True)
class Panel:
    """Who could be asked now, best first: experts explain, departments confirm."""

    experts: Sequence[Candidate]
    departments: Sequence[Candidate]


async def panel(ctx: Context, s: AsyncSession, incident: Incident, by: Actor) -> Panel:
    """The best of the directory for the hazard and the place, without those asked already."""
    require(by, "expert.read")
    busy = {one.expert_id for one in await asked.of_case(s, incident.case_id)}
    found = {}
    for kind, most in ((AssignmentKind.OPINION, PANEL), (AssignmentKind.FACT, DEPARTMENTS)):
        case, evidence = await asked.subject(s, incident.case_id)
        need = await matching.need(ctx, s, case, evidence, kind)
        need = replace(need, hazard=incident.hazard, regions=tuple(incident.regions))
        records = await experts.records(s, case.id)
        best = rank_all(need, await matching.directory(s), records, zone(ctx)).best(most + len(busy))
        found[kind] = [one for one in best if one.expert_id not in busy][:most]
    chosen = {one.expert_id for one in found[AssignmentKind.OPINION]}
    departments = [one for one in found[AssignmentKind.FACT] if one.expert_id not in chosen]
    return Panel(found[AssignmentKind.OPINION], departments)


async def offer_all(
    ctx: Context,
    s: AsyncSession,
    incident_id: UUID,
    expert_ids: Sequence[UUID],
    department_ids: Sequence[UUID],
    question: str,
    by: Actor,
) -> list[Assignment]:
    """Ask all of them in one step, with the deadlines of an incident. All or nobody."""
    require(by, "assignment.offer")
    incident = await _active(s, incident_id)
    text = f"{EXERCISE}{question.strip()}" if incident.exercise else question.strip()
    wanted = [(one, AssignmentKind.OPINION) for one in dict.fromkeys(expert_ids)]
    wanted += [(one, AssignmentKind.FACT) for one in dict.fromkeys(department_ids)]
    if not wanted:
        raise rules.BadIncident("choose at least one", field="experts")
    made = [
        await assignments.offer(ctx, s, incident.case_id, expert, text, by, kind=kind)
        for expert, kind in wanted
    ]
    await note(ctx, s, incident, "offer", by, text[:1000], asked=len(made))
    return made


async def ready(s: AsyncSession, hazard: str) -> list[Ready]:
    """What quiet times left for a hazard: explainers that stand published, newest first, then the packaged stock."""
    query = (
        select(Publication)
        .where(col(Publication.exercise).is_(False))
        .order_by(col(Publication.sequence).desc())
    )
    newest: dict[str, Publication] = {}
    for row in (await s.exec(query.limit(5000))).all():
        newest.setdefault(row.public_id, row)
    standing = [row for row in newest.values() if _explains(row, hazard)][:PREPARED]
    bodies = [(row.public_id, PieceBody.model_validate(row.snapshot["body"])) for row in standing]
    found = [Ready(name, body.model_copy(update={"correction_note": ""}), True) for name, body in bodies]
    taken = {one.body.title for one in found}
    packaged = [Ready(one.id, one.body, False) for one in await prepared.explaining(hazard)]
    return found + [one for one in packaged if one.body.title not in taken][:PREPARED]


def _explains(row: Publication, hazard: str) -> bool:
    body = row.snapshot.get("body", {})
    fits = body.get("hazard") in rules.kin(hazard) and bool(body.get("question"))
    return fits and row.type != PublicationType.RETRACT


async def prepare(
    ctx: Context, s: AsyncSession, incident_id: UUID, by: Actor, names: Collection[str] | None = None
) -> list[Piece]:
    """Open prepared explainers as drafts to adapt, each once an incident; without `names` all that are ready."""
    require(by, "piece.write")
    incident = await _active(s, incident_id)
    query = select(Piece.title).where(Piece.incident_id == incident.id)
    begun = set((await s.exec(query)).all())
    stock = await ready(s, incident.hazard)
    wanted = [one for one in stock if names is None or one.name in names]
    if names is not None and not wanted:
        raise rules.BadIncident("choose at least one", field="texts")
    made = []
    for one in wanted:
        if one.body.title not in begun:
            kind = PieceKind.EXPLAINER
            made.append(await pieces.create(ctx, s, None, kind, by, one.body, incident_id=incident.id))
    if made:
        await note(ctx, s, incident, "prepare", by, "", drafts=len(made))
    return made


async def _active(s: AsyncSession, incident_id: UUID) -> Incident:
    incident = await store.load(s, incident_id)
    if incident.state != IncidentState.ACTIVE:
        raise rules.BadIncident("the incident is not active", field="state")
    return incident
