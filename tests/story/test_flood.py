"""A flood in one story: a CAP warning proposes, two people activate, the panel answers, the warning ends, the report tells."""

from __future__ import annotations

from typing import Any

from content.body import PieceBody
from content.permissions import Actor
from content.pieces import PieceKind
from service.context import Context
from service.site import current
from service.store.engine import Database
from service.usecases import (
    assignments,
    incident_help,
    incidents,
    polling,
    reports,
    sources,
    triage,
)
from service.usecases.polling import FeedDoor
from tests.conftest import Clock
from tests.usecases.expert_people import expert, of
from tests.usecases.feed_site import FeedSite
from tests.usecases.newsroom import ShippedAssessor
from tests.writing import EXPLAINER, published

ID = "36092541600000_20261124090000_1"
HOLDING = PieceBody(
    title="靖安水库安全，正在进一步核实",
    claim="靖安水库溃坝",
    fact="水务部门正在现场核实，目前没有发现险情。",
    todo="听从当地转移安排，不传播没有来源的消息。",
    sources=EXPLAINER.sources,
    hazard="flood",
)


def cap(title: str, kind: str, identifier: str, references: str = "") -> bytes:
    """One official alert for Jing'an county as its issuer's feed gives it."""
    refers = f"<references>{references}</references>" if references else ""
    return (
        "<?xml version='1.0' encoding='utf-8'?><alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'>"
        f"<identifier>{identifier}</identifier><sender>jingan@weather.example.cn</sender>"
        f"<sent>2026-11-24T09:00:00+08:00</sent><status>Actual</status><msgType>{kind}</msgType>"
        f"<scope>Public</scope>{refers}<info><language>zh-CN</language><category>Met</category>"
        "<event>暴雨</event><urgency>Immediate</urgency><severity>Extreme</severity>"
        "<certainty>Observed</certainty><expires>2026-11-25T09:00:00+08:00</expires>"
        f"<senderName>靖安县气象台</senderName><headline>{title}</headline>"
        f"<description>{title}，预计三小时内靖安县降水量将达100毫米以上。</description>"
        "<area><areaDesc>靖安县</areaDesc></area></info></alert>"
    ).encode()


async def test_a_flood_from_the_warning_to_the_report(
    ctx: Context,
    database: Database,
    clock: Clock,
    site: FeedSite,
    door: FeedDoor,
    editor: Actor,
    second_editor: Actor,
    issuer: Actor,
) -> None:
    db = database
    known: dict[str, Any] = {
        "hazards": ["flood", "rainstorm"],
        "topics": ["disaster"],
        "profile": "暴雨洪水避险",
    }
    people = {p.id: p for p in [await expert(ctx, db, editor, f"专家{n}", **known) for n in "甲乙丙丁戊"]}
    prepared = EXPLAINER.model_copy(update={"hazard": "rainstorm"})
    await published(ctx, db, editor, issuer, body=prepared, kind=PieceKind.EXPLAINER)

    # A red warning for one county arrives as CAP and proposes an incident.
    site.bodies["/cap.xml"] = cap("靖安县气象台发布暴雨红色预警信号", "Alert", ID)
    async with db.write() as s:
        await sources.add(ctx, s, site.url("/cap.xml"), editor, title="靖安气象", authority=True)
    await polling.poll_due(ctx, db, door)
    await triage.triage_pending(ctx, db, ShippedAssessor())
    async with db.read() as s:
        (proposal,) = await incidents.listing(s)
    assert (proposal.state, proposal.level, proposal.warning_ref) == ("standby", "red", ID)
    assert proposal.order_source == "靖安县气象台"

    # Two people activate it.
    clock.move(minutes=3)
    async with db.write() as s:
        await incidents.endorse(ctx, s, proposal.id, "值班电话已核实", editor)
    clock.move(minutes=2)
    async with db.write() as s:
        incident = await incidents.activate(ctx, s, proposal.id, "县里已启动一级响应", issuer)
    async with db.read() as s:
        assert (await current.banner(s)).text == proposal.name

    # Four are asked in one step; one declines and the next in line is asked; three and the next accept in time.
    async with db.read() as s:
        panel = await incident_help.panel(ctx, s, incident, editor)
    chosen = [one.expert_id for one in panel.experts]
    assert len(chosen) == 4
    async with db.write() as s:
        asked = await incident_help.offer_all(ctx, s, incident.id, chosen, [], "水库是否安全？", editor)
    clock.move(minutes=5)
    async with db.write() as s:
        await assignments.decline(ctx, s, asked[0].id, "正在外地", "", of(people[asked[0].expert_id]))
    async with db.read() as s:
        (following,) = [
            one for one in (await incidents.page(s, incident.id)).asked if one.follows == asked[0].id
        ]
    assert following.expert_id not in chosen
    for one in (*asked[1:], following):
        async with db.write() as s:
            await assignments.accept(ctx, s, one.id, of(people[one.expert_id]))

    # The prepared explainer is a draft at once; the holding statement goes out, then the explainer.
    async with db.write() as s:
        draft, *_others = await incident_help.prepare(ctx, s, incident.id, editor)
    assert draft.incident_id == incident.id
    clock.move(minutes=10)
    about: dict[str, Any] = {"incident_id": incident.id}
    await published(ctx, db, editor, issuer, body=HOLDING, kind=PieceKind.HOLDING, **about)
    clock.move(minutes=30)
    await published(ctx, db, editor, issuer, body=prepared, kind=PieceKind.EXPLAINER, **about)

    # The warning is cancelled: the end is proposed, people stand down, the house is as before.
    clock.move(hours=5)
    refers = f"jingan@weather.example.cn,{ID},2026-11-24T09:00:00+08:00"
    site.bodies["/cap.xml"] = cap("靖安县气象台解除暴雨红色预警信号", "Cancel", ID[:-1] + "2", refers)
    await polling.poll_due(ctx, db, door)
    await triage.triage_pending(ctx, db, ShippedAssessor())
    async with db.read() as s:
        assert (await incidents.page(s, incident.id)).incident.end_proposed_at == clock.now
    async with db.write() as s:
        await incidents.stand_down(ctx, s, incident.id, "预警解除，水位回落", second_editor)
    async with db.read() as s:
        assert (await current.banner(s)).text == ""
        found = await reports.report(ctx, s, incident.id)

    # The report has every step with its time, and the clocks.
    steps = [row.what for row in found.rows]
    assert steps[0] in ("seen", "propose")
    for step in (
        "seen",
        "propose",
        "endorse",
        "activate",
        "declined",
        "accepted",
        "told_publish",
        "propose_end",
    ):
        assert step in steps, step
    assert steps.count("asked") == 5
    assert [row.at for row in found.rows] == sorted(row.at for row in found.rows)
    standing = {one.clock.code: str(one.standing) for one in found.readings}
    assert standing["authoritative"] == standing["first_response"] == standing["holding"] == "met"
    sheet = reports.as_csv(found).decode("utf-8-sig")
    assert "值班电话已核实" in sheet
    assert "clock_met,authoritative,300" in sheet
