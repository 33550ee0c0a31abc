"""The clocks of an incident, read from what really happened."""

from __future__ import annotations

import pytest

from content.clocks import BadClock
from content.errors import NotAllowed
from content.incidents import Incident
from content.permissions import Actor
from service.context import Context
from service.store.engine import Database
from service.usecases import clocks, incidents
from tests.conftest import Clock
from tests.writing import published

WHY = "市防指电话通知。"


async def stand(ctx: Context, db: Database, incident: Incident) -> dict[str, str]:
    async with db.read() as s:
        found = await clocks.readings(ctx, s, await incidents.page(s, incident.id))
    return {one.clock.code: str(one.standing) for one in found}


async def test_each_clock_starts_and_stops_with_what_happens(
    ctx: Context, database: Database, editor: Actor, issuer: Actor, clock: Clock
) -> None:
    async with database.write() as s:
        incident = await incidents.propose(ctx, s, "靖安洪水", "flood", "red", ["360925"], WHY, editor)
    assert (await stand(ctx, database, incident))["holding"] == "waiting"
    clock.move(minutes=10)
    async with database.write() as s:
        await incidents.activate(ctx, s, incident.id, WHY, issuer)
    at_once = await stand(ctx, database, incident)
    assert at_once["first_response"] == "met"
    assert at_once["holding"] == "running"
    assert "press_serious" in at_once
    assert "press" not in at_once

    clock.move(minutes=25)
    assert (await stand(ctx, database, incident))["holding"] == "soon"
    await published(ctx, database, editor, issuer, incident_id=incident.id)
    clock.move(hours=6)
    later = await stand(ctx, database, incident)
    assert (later["authoritative"], later["holding"], later["publication"]) == ("met", "met", "met")
    assert later["press_serious"] == "running"

    clock.move(hours=24)
    assert (await stand(ctx, database, incident))["press_serious"] == "overdue"
    async with database.write() as s:
        await incidents.press(ctx, s, incident.id, "市政府新闻发布厅", editor)
    assert (await stand(ctx, database, incident))["press_serious"] == "missed"


async def test_only_the_administrator_sets_minutes_and_they_hold_at_once(
    ctx: Context, db: Database, editor: Actor, sysadmin: Actor
) -> None:
    with pytest.raises(NotAllowed):
        async with db.write() as s:
            await clocks.edit(ctx, s, {"holding": 20}, editor)
    with pytest.raises(BadClock):
        async with db.write() as s:
            await clocks.edit(ctx, s, {"holding": 0}, sysadmin)
    async with db.write() as s:
        await clocks.edit(ctx, s, {"holding": 20}, sysadmin)
    async with db.read() as s:
        found = {one.code: one.minutes for one in await clocks.table(ctx, s)}
    assert (found["holding"], found["authoritative"]) == (20, 300)
