"""Clocks met and missed, as the monthly report counts them."""

from __future__ import annotations

from content.permissions import Actor
from service.context import Context
from service.store.engine import Database
from service.usecases import cases, incidents, measures
from tests.conftest import Clock
from tests.usecases.test_incidents import WHY, active
from tests.writing import corrected, published


async def sums(ctx: Context, db: Database, by: Actor) -> dict[str, tuple[int, int]]:
    async with db.read() as s:
        found = await measures.report(ctx, s, by, 30)
    return {one.clock.code: (one.met, one.missed) for one in found.clocks}


async def test_cases_and_corrections_count_where_they_were_answered(
    ctx: Context, database: Database, clock: Clock, editor: Actor, issuer: Actor
) -> None:
    db = database
    for minutes in (60, 150):
        async with db.write() as s:
            case = await cases.open_by_hand(ctx, s, f"网传停水{minutes}", "rumor", "快囤水", editor)
        clock.move(minutes=minutes)
        async with db.write() as s:
            await cases.claim(ctx, s, case.id, editor)
        said = await published(ctx, db, editor, issuer, case_id=case.id)
    await corrected(ctx, db, said.public_id, editor, issuer)
    assert await sums(ctx, db, editor) == {
        "case_response": (1, 1),
        "case_publication": (2, 0),
        "correction": (1, 0),
    }


async def test_an_incident_has_its_own_clocks_and_an_exercise_none(
    ctx: Context, db: Database, clock: Clock, editor: Actor, issuer: Actor
) -> None:
    drill = await active(ctx, db, editor, issuer, exercise=True)
    incident = await active(ctx, db, editor, issuer)
    clock.move(minutes=40)
    await published(ctx, db, editor, issuer, incident_id=incident.id)
    clock.move(hours=1)
    for one in (drill, incident):
        async with db.write() as s:
            await incidents.stand_down(ctx, s, one.id, WHY, editor)
    found = await sums(ctx, db, editor)
    assert found["holding"] == (0, 1)
    assert found["authoritative"] == found["first_response"] == (1, 0)
