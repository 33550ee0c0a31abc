"""The gear of the house: proposed by a warning or a person, activated by two, and put back exactly."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from content import incident_rules as rules
from content.errors import IllegalTransition
from content.incident_states import IncidentState
from content.incidents import Incident
from content.permissions import Actor
from content.pieces import Piece
from expert_db.assignments import Assignment
from service.context import Context
from service.site import current
from service.store import incidents as store
from service.store.engine import Database
from service.store.tables import Case, Source
from service.usecases import incident_help, incidents, publish, triage
from tests.usecases.expert_people import expert
from tests.usecases.newsroom import ShippedAssessor, a_source, all_cases, arrive, story
from tests.writing import approved, written

WHY = "市防指电话通知，县里已启动响应。"
RAIN = "靖安县气象台发布暴雨红色预警信号"
FLOOD_RUMOR = "网传靖安县水库已经溃坝，洪水马上淹到县城，快跑！"


async def proposed(
    ctx: Context,
    db: Database,
    by: Actor,
    *,
    exercise: bool = False,
    hazard: str = "flood",
    name: str = "靖安洪水",
) -> Incident:
    async with db.write() as s:
        return await incidents.propose(ctx, s, name, hazard, "red", ["360925"], WHY, by, exercise=exercise)


async def active(ctx: Context, db: Database, first: Actor, second: Actor, **more: Any) -> Incident:
    found = await proposed(ctx, db, first, **more)
    async with db.write() as s:
        return await incidents.activate(ctx, s, found.id, WHY, second)


async def ready(ctx: Context, db: Database, by: Actor, issuer: Actor) -> Piece:
    """An everyday text that only waits to be published."""
    piece, revision = await written(ctx, db, by)
    await approved(ctx, db, piece, revision, by, issuer)
    return piece


async def stood_down(ctx: Context, db: Database, incident: Incident, by: Actor) -> Incident:
    async with db.write() as s:
        return await incidents.stand_down(ctx, s, incident.id, "雨停，水位回落。", by)


async def house_of(db: Database) -> dict[str, Any]:
    """Every setting and every case's looks: what must be as before."""
    async with db.read() as s:
        paces = {str(row.id): row.pace for row in (await s.exec(select(Source))).all()}
        rows = (await s.exec(select(Case).where(col(Case.exercise).is_(False)))).all()
        looks = {str(c.id): (c.priority, c.reasons, c.incident_id) for c in rows}
        return {"paces": paces, "cases": looks, "banner": await current.banner(s)}


async def come_in(ctx: Context, db: Database, source: Source, *titles: str) -> None:
    await arrive(ctx, db, source, *(story(title) for title in titles))
    await triage.triage_pending(ctx, db, ShippedAssessor())


async def test_a_red_warning_for_a_county_proposes_once_and_its_end_proposes_the_end(
    ctx: Context, database: Database, editor: Actor, issuer: Actor
) -> None:
    weather = await a_source(ctx, database, editor, "靖安气象", authority=True)
    await come_in(ctx, database, weather, RAIN)
    await come_in(ctx, database, weather, "靖安县气象台更新发布暴雨红色预警信号")
    async with database.read() as s:
        (found,) = await incidents.listing(s)
    assert (found.state, found.level, found.hazard, found.proposed_by) == (
        "standby",
        "red",
        "rainstorm",
        None,
    )
    assert rules.overlap(found.regions, ["360925"])

    async with database.write() as s:
        await incidents.endorse(ctx, s, found.id, WHY, editor)
    async with database.write() as s:
        await incidents.activate(ctx, s, found.id, WHY, issuer)
    await come_in(ctx, database, weather, "靖安县气象台解除暴雨红色预警信号")
    async with database.read() as s:
        page = await incidents.page(s, found.id)
    assert page.incident.state == IncidentState.ACTIVE, "people stand down, a message does not"
    assert page.incident.end_proposed_at is not None
    assert [act.act for act in page.acts] == ["propose", "endorse", "activate", "propose_end"]


async def test_the_service_and_one_person_alone_activate_nothing(
    ctx: Context, db: Database, editor: Actor, issuer: Actor
) -> None:
    found = await proposed(ctx, db, editor)
    with pytest.raises(rules.SecondPerson):
        async with db.write() as s:
            await incidents.activate(ctx, s, found.id, WHY, editor)
    with pytest.raises(rules.BadIncident):
        async with db.write() as s:
            await incidents.activate(ctx, s, found.id, "  ", issuer)
    async with db.read() as s:
        assert not await store.active(s)


async def test_an_incident_raises_its_cases_only_while_it_is_active_and_everything_is_put_back(
    ctx: Context, database: Database, editor: Actor, issuer: Actor
) -> None:
    paper = await a_source(ctx, database, editor)
    weather = await a_source(ctx, database, editor, "靖安气象", authority=True)
    await come_in(ctx, database, paper, FLOOD_RUMOR, "网传喝白酒可以预防感冒")
    incident = await proposed(ctx, database, editor)
    before = await house_of(database)
    async with database.write() as s:
        await incidents.activate(ctx, s, incident.id, WHY, issuer)

    during = await house_of(database)
    (rumor,) = [case for case in await all_cases(database) if case.title == FLOOD_RUMOR]
    assert rumor.incident_id == incident.id
    assert rumor.priority == before["cases"][str(rumor.id)][0] + 40
    assert sum(reason["points"] for reason in rumor.reasons) == rumor.priority
    (other,) = [case for case in await all_cases(database) if "白酒" in case.title]
    assert other.incident_id is None
    assert during["paces"] == {str(paper.id): None, str(weather.id): 120}
    assert during["banner"].text == "靖安洪水"

    after = await stood_down(ctx, database, incident, editor)
    assert after.state == IncidentState.RECOVERING
    assert after.changes == []
    assert await house_of(database) == before
    async with database.read() as s:
        page = await incidents.page(s, incident.id)
    assert {case.id for case in page.cases} == {incident.case_id, rumor.id}, (
        "the record keeps what belonged to it"
    )


async def test_a_rumor_that_arrives_during_an_incident_belongs_to_it_at_once(
    ctx: Context, database: Database, editor: Actor, issuer: Actor
) -> None:
    incident = await active(ctx, database, editor, issuer)
    await come_in(ctx, database, await a_source(ctx, database, editor), FLOOD_RUMOR)
    (rumor,) = [case for case in await all_cases(database) if case.title == FLOOD_RUMOR]
    assert rumor.incident_id == incident.id
    assert "incident" in {reason["code"] for reason in rumor.reasons}
    assert sum(reason["points"] for reason in rumor.reasons) == rumor.priority


@pytest.mark.parametrize("first_ends", [True, False])
async def test_incidents_that_overlap_leave_the_house_as_it_was_whichever_ends_first(
    ctx: Context, database: Database, editor: Actor, issuer: Actor, first_ends: bool
) -> None:
    await a_source(ctx, database, editor, "靖安气象", authority=True)
    await come_in(ctx, database, await a_source(ctx, database, editor), FLOOD_RUMOR)
    flood = await proposed(ctx, database, editor)
    quake = await proposed(ctx, database, editor, hazard="earthquake", name="靖安地震")
    before = await house_of(database)
    for one in (flood, quake):
        async with database.write() as s:
            await incidents.activate(ctx, s, one.id, WHY, issuer)
    order = (flood, quake) if first_ends else (quake, flood)
    await stood_down(ctx, database, order[0], editor)
    async with database.read() as s:
        assert (await current.banner(s)).text == order[1].name
    await stood_down(ctx, database, order[1], editor)
    assert await house_of(database) == before


async def test_a_relapse_needs_two_people_too_and_then_ends_for_good(
    ctx: Context, db: Database, editor: Actor, issuer: Actor
) -> None:
    incident = await active(ctx, db, editor, issuer)
    await stood_down(ctx, db, incident, issuer)
    with pytest.raises(rules.SecondPerson):
        async with db.write() as s:
            await incidents.activate(ctx, s, incident.id, "水位又涨", editor)
    async with db.write() as s:
        again = await incidents.activate(ctx, s, incident.id, "水位又涨", issuer)
    assert again.state == IncidentState.ACTIVE
    await stood_down(ctx, db, incident, issuer)
    async with db.write() as s:
        closed = await incidents.close(ctx, s, incident.id, "报告已审阅", issuer)
    assert closed.state == IncidentState.CLOSED


async def test_two_who_activate_at_once_are_one_activation(
    ctx: Context, db: Database, editor: Actor, issuer: Actor
) -> None:
    found = await proposed(ctx, db, editor)
    async with db.write() as s:
        await incidents.activate(ctx, s, found.id, WHY, issuer, found.version)
    with pytest.raises(IllegalTransition):
        async with db.write() as s:
            await incidents.activate(ctx, s, found.id, WHY, issuer, found.version)
    async with db.read() as s:
        assert len(await store.active(s)) == 1


async def test_everyday_texts_are_held_unless_somebody_says_why_they_must_go_out(
    ctx: Context, db: Database, editor: Actor, issuer: Actor
) -> None:
    incident = await active(ctx, db, editor, issuer)
    piece = await ready(ctx, db, editor, issuer)
    with pytest.raises(rules.Held):
        async with db.write() as s:
            await publish.publish(ctx, s, piece.id, issuer)
    async with db.write() as s:
        told = await publish.publish(ctx, s, piece.id, issuer, override="停水谣言正在引起抢水")
    assert told.version == 1

    later = await ready(ctx, db, editor, issuer)
    await stood_down(ctx, db, incident, issuer)
    async with db.write() as s:
        assert (await publish.publish(ctx, s, later.id, issuer)).version == 1


async def test_the_panel_is_asked_in_one_step_with_the_deadlines_of_an_incident(
    ctx: Context, db: Database, editor: Actor, issuer: Actor
) -> None:
    fields = {"hazards": ["flood"], "topics": ["disaster"], "profile": "洪水、溃坝与山洪避险"}
    people = [await expert(ctx, db, editor, f"专家{n}", **fields) for n in "甲乙丙"]
    incident = await active(ctx, db, editor, issuer)
    async with db.read() as s:
        panel = await incident_help.panel(ctx, s, incident, editor)
    assert {one.expert_id for one in panel.experts} == {one.id for one in people}
    chosen = [one.expert_id for one in panel.experts]
    async with db.write() as s:
        await incident_help.offer_all(ctx, s, incident.id, chosen, [], "水库是否安全？", editor)
    async with db.read() as s:
        asked = (await s.exec(select(Assignment))).all()
        assert not (await incident_help.panel(ctx, s, incident, editor)).experts
    assert {one.expert_id for one in asked} == set(chosen)
    assert {one.gear for one in asked} == {"incident"}


async def test_a_proposal_can_be_set_aside_with_a_reason(ctx: Context, db: Database, editor: Actor) -> None:
    found = await proposed(ctx, db, editor)
    async with db.write() as s:
        await incidents.set_aside(ctx, s, found.id, "误报", editor)
    async with db.read() as s:
        assert await incidents.listing(s) == []
        assert (await incidents.page(s, UUID(str(found.id)))).acts[-1].reason == "误报"
