"""The after-action report of an incident (总结报告): one time line of everything that happened, as rows for a page or CSV.

Takes only what is recorded anyway: sightings, acts, questions and answers, versions published, deliveries, tips. Names
experts by their id's name only where the desk shows them too; holds no contact data.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.cases import Case
from content.clocks import Reading
from content.delivery_states import DeliveryState
from content.piece_states import PieceEvent
from content.pieces import Piece, PieceAct
from content.publications import Publication, PublicationType
from content.sightings import SightingKind
from expert_db.assignment_states import AssignmentState
from service.context import Context
from service.store import deliveries, evidence
from service.usecases import clocks, incidents
from service.usecases.incidents import IncidentPage
from service.usecases.names import names_of

SEEN = 200  # sightings of one case that the time line takes; the case page has them all
REVIEWED = (PieceEvent.SUBMIT, PieceEvent.RETURN, PieceEvent.APPROVE)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Row:
    """One moment. `what` is a code; `who` and `detail` are names and texts as they were recorded."""

    at: datetime
    what: str
    who: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Report:
    """Everything about one incident. `demand` is how many people of the public asked; `asked` says about what."""

    page: IncidentPage
    readings: Sequence[Reading]
    rows: Sequence[Row]
    demand: int
    asked: Sequence[Case]
    corrections: int

    def standing(self, *kinds: str) -> int:
        """How many clocks stand like one of these."""
        return sum(one.standing in kinds for one in self.readings)


async def report(ctx: Context, s: AsyncSession, incident_id: UUID) -> Report:
    """The report as of now; complete once the incident is stood down."""
    page = await incidents.page(s, incident_id)
    told = await clocks.published(s, page.incident)
    rows = [*await _sightings(s, page), *_acts(page), *await _questions(s, page)]
    rows += [*await _written(s, page.incident.id), *await _told(s, told)]
    rows.sort(key=lambda row: row.at)
    asked = sorted((case for case in page.cases if case.demand), key=lambda case: (-case.demand, case.id))
    return Report(
        page,
        await clocks.readings(ctx, s, page),
        rows,
        sum(case.demand for case in asked),
        asked,
        sum(one.type == PublicationType.CORRECT for one in told),
    )


async def _sightings(s: AsyncSession, page: IncidentPage) -> list[Row]:
    rows = []
    for case in page.cases:
        seen = await evidence.of_case(s, case.id)
        for one in seen[:SEEN]:
            what = "asked_public" if one.kind == SightingKind.TIP else "seen"
            rows.append(Row(one.seen_at, what, one.source_name, one.title or case.title))
    return rows


async def _written(s: AsyncSession, incident_id: UUID) -> list[Row]:
    query = (
        select(PieceAct, Piece.title)
        .join(Piece, col(Piece.id) == col(PieceAct.piece_id))
        .where(Piece.incident_id == incident_id, col(PieceAct.act).in_(REVIEWED))
    )
    return [Row(act.at, f"piece_{act.act}", act.by_name, title) for act, title in (await s.exec(query)).all()]


def _acts(page: IncidentPage) -> list[Row]:
    return [
        Row(act.at, act.act, act.by_name, act.reason or str(act.details.get("clock", "")))
        for act in page.acts
    ]


async def _questions(s: AsyncSession, page: IncidentPage) -> list[Row]:
    people = await names_of(s, {one.expert_id for one in page.asked})
    rows = []
    for one in page.asked:
        name = people.get(one.expert_id, "")
        rows.append(Row(one.offered_at, "asked", name, one.question))
        if one.accepted_at is not None:
            rows.append(Row(one.accepted_at, "accepted", name))
        if one.ended_at is not None:
            why = one.note if one.state in (AssignmentState.DECLINED, AssignmentState.HANDED_OVER) else ""
            rows.append(Row(one.ended_at, str(one.state), name, why or ""))
    return rows


async def _told(s: AsyncSession, told: Sequence[Publication]) -> list[Row]:
    rows = []
    for one in told:
        title = str(one.snapshot.get("body", {}).get("title", ""))
        rows.append(Row(one.issued_at, f"told_{one.type}", one.public_id, title))
    for public_id in dict.fromkeys(one.public_id for one in told):
        mine = {one.id for one in told if one.public_id == public_id}
        rows += [
            Row(d.updated_at, "sent", d.channel_name, public_id)
            for d in await deliveries.of_publication(s, public_id)
            if d.publication_id in mine and d.state == DeliveryState.SENT
        ]
    return rows


def as_csv(found: Report) -> bytes:
    """UTF-8 with a mark for spreadsheets; a cell that would be a formula is made a text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["time", "what", "who", "detail"])
    for row in found.rows:
        cells = [row.at.isoformat(timespec="seconds"), row.what, row.who, row.detail]
        writer.writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells])
    for one in found.readings:
        due = one.due.isoformat(timespec="seconds") if one.due else ""
        writer.writerow([due, f"clock_{one.standing}", one.clock.code, str(one.clock.minutes)])
    return "\ufeff".encode() + out.getvalue().encode()
