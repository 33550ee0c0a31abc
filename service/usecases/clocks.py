"""The clocks of an incident, read from what has happened; the table of all clocks, and the administrator's minutes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content import clocks as rules
from content.clocks import Clock, Reading
from content.incidents import Incident
from content.permissions import Actor, require
from content.pieces import Piece, PieceKind
from content.publications import Publication, PublicationType
from expert_db.assignment_states import AssignmentState
from service.context import Context
from service.errors import BadSetting
from service.store import audit
from service.store.tables import Case, Setting
from service.usecases.incidents import IncidentPage

KEY: Final = "clocks"


async def table(ctx: Context, s: AsyncSession) -> tuple[Clock, ...]:
    """The city's clocks with the administrator's minutes."""
    row = await s.get(Setting, KEY, populate_existing=True)
    return rules.changed(of_city(ctx), row.value if row else {})


def of_city(ctx: Context) -> tuple[Clock, ...]:
    """The clocks with the city's own minutes."""
    return _city(ctx.settings.city_dir)


async def edit(ctx: Context, s: AsyncSession, minutes: Mapping[str, int], by: Actor) -> tuple[Clock, ...]:
    """Set the minutes of some clocks; those not named go back to the city's."""
    require(by, "clock.edit")
    before = {clock.code: clock.minutes for clock in await table(ctx, s)}
    made = rules.changed(of_city(ctx), minutes)
    row = await s.get(Setting, KEY)
    if row is None:
        row = Setting(key=KEY, updated_at=ctx.now())
        s.add(row)
    row.value, row.updated_at = dict(minutes), ctx.now()
    after = {clock.code: clock.minutes for clock in made}
    await audit.record(ctx, s, by, "clock.edit", "setting", KEY, before=before, after=after)
    return made


async def readings(ctx: Context, s: AsyncSession, page: IncidentPage) -> list[Reading]:
    """How every clock of an incident stands now, the most urgent first. Running ones stop with the incident."""
    incident = page.incident
    end = incident.closed_at or incident.stood_down_at or ctx.now()
    told, clocks = await published(s, incident), await table(ctx, s)
    found = rules.read_all(clocks, incident.level, await _moments(s, page, told), end)
    for moments in await _corrections(s, incident, told):
        found += rules.read_all(clocks, None, moments, end, on="piece")
    return rules.ordered(found)


async def _corrections(
    s: AsyncSession, incident: Incident, told: Sequence[Publication]
) -> list[dict[str, datetime | None]]:
    """When each correction in an incident was begun and when it was out."""
    query = select(Piece).where(Piece.incident_id == incident.id, Piece.kind == PieceKind.CORRECTION)
    out = {one.piece_id: one.issued_at for one in told if one.type == PublicationType.CORRECT}
    begun = (await s.exec(query.order_by(col(Piece.created_at)))).all()
    return [{"begun": one.created_at, "corrected": out.get(one.id)} for one in begun]


async def published(s: AsyncSession, incident: Incident) -> Sequence[Publication]:
    """What was said in an incident, in order."""
    query = select(Publication).where(Publication.incident_id == incident.id)
    return (await s.exec(query.order_by(col(Publication.sequence)))).all()


async def _moments(
    s: AsyncSession, page: IncidentPage, told: Sequence[Publication]
) -> dict[str, datetime | None]:
    lead = await s.get(Case, page.incident.case_id)
    said = [one for one in told if one.type != PublicationType.RETRACT]
    verdicts = [one for one in said if one.snapshot["kind"] != PieceKind.HOLDING]
    people = [act.at for act in page.acts if act.by_id is not None]
    activations = [act.at for act in page.acts if act.act in ("activate", "reactivate")]
    answers = [one.ended_at for one in page.asked if one.state == AssignmentState.FULFILLED and one.ended_at]
    return {
        "sighted": min(filter(None, (lead.first_seen if lead else None, page.incident.proposed_at))),
        "responded": min(people, default=None),
        "activated": min(activations, default=None),
        "told": said[0].issued_at if said else None,
        "verdict": verdicts[0].issued_at if verdicts else None,
        "asked": min((one.offered_at for one in page.asked), default=None),
        "answered": min(answers, default=None),
        "press": min((act.at for act in page.acts if act.act == "press"), default=None),
    }


@cache
def _city(folder: Path) -> tuple[Clock, ...]:
    path = folder / "clocks.toml"
    if not path.exists():
        return ()  # a city may do without
    try:
        rows = tomllib.loads(path.read_text("utf-8")).get("clock", ())
        lists = ({name: tuple(row.get(name, ())) for name in ("levels", "kinds")} for row in rows)
        return tuple(Clock(**{**row, **more}) for row, more in zip(rows, lists, strict=True))
    except (ValueError, TypeError) as error:
        raise BadSetting(f"CITY: {folder.name}: clocks.toml: {error}") from None
