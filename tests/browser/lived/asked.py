"""Questions to experts in every state and of every kind."""

from __future__ import annotations

from uuid import UUID

from content.permissions import Actor
from expert_db.assignments import Assignment, AssignmentKind
from expert_db.experts import Expert
from expert_db.opinions import Report
from service.usecases import asking_back, assignment_links, assignments, experts, handing_over
from tests.browser.lived.scene import Scene
from tests.usecases.expert_people import of
from tests.usecases.newsroom import by_hand

SOURCE = {"title": "食品安全国家标准 GB 2762", "url": "https://std.example/2762", "publisher": "示例标准网"}
SAID = "菠菜中的草酸与豆腐中的钙结合成草酸钙，不会中毒，焯水即可。"


async def fill(scene: Scene) -> None:
    """One question for each way that a question can go, and the demo's expert has one of each."""
    await _opinions(scene)
    await _own(scene)
    await _others(scene)
    person = (await scene.experts("flood"))[0]
    scene.places["expert"] = f"/desk/experts/{person.id}"
    async with scene.db.write() as session:
        await experts.ask_export(scene.ctx, session, "汛期值班表要用电话", scene.issuer)


async def _offer(
    scene: Scene, case: UUID, to: Expert, question: str, kind: str = AssignmentKind.OPINION
) -> Assignment:
    scene.clock.move(minutes=7)
    async with scene.db.write() as session:
        return await assignments.offer(
            scene.ctx, session, case, to.id, question, scene.editor, kind, why_not_first="speaks_better"
        )


async def _best(scene: Scene, case: UUID, kind: str = AssignmentKind.OPINION) -> Expert:
    async with scene.db.read() as session:
        first = (await experts.candidates(scene.ctx, session, case, scene.editor, 1, kind))[0]
        return await experts.load(session, first.expert_id, scene.editor)


async def _opinions(scene: Scene) -> None:
    """Two who differ, one who declines, so that the next in line is asked."""
    ctx, db, case = scene.ctx, scene.db, scene.cases["food"]
    for verdict, text in (("false", SAID), ("misleading", "焯水以后几乎没有影响，不焯水也不会中毒。")):
        person = await _best(scene, case)
        asked = await _offer(scene, case, person, "菠菜和豆腐能一起吃吗？")
        async with db.write() as session:
            await assignments.accept(ctx, session, asked.id, of(person))
            await assignments.answer(ctx, session, asked.id, text, verdict, [SOURCE], of(person))
        scene.places[f"assignment_{verdict}"] = f"/expert/{asked.id}"
    person = await _best(scene, case)
    declined = await _offer(scene, case, person, "焯水以后还有影响吗？")
    scene.clock.move(minutes=11)
    async with db.write() as session:
        await assignments.decline(ctx, session, declined.id, "正在外地出差", "示例医院的营养师", of(person))


async def _own(scene: Scene) -> None:
    """The demo's expert: offered, accepted and asked back, and by a one-time link."""
    ctx, db, me = scene.ctx, scene.db, scene.people["expert"]
    async with db.read() as session:
        person = await experts.load(session, _id(me), scene.editor)
    people = {}
    for name, title in {
        "offered": "网传大塅水库今晚泄洪，下游都要撤",
        "accepted": "听说今年要发百年一遇的洪水",
        "waiting": "转发说修河水位已经超过堤顶",
    }.items():
        case = await by_hand(ctx, db, scene.editor, title)
        people[name] = await _offer(scene, case.id, person, "水情到底怎样？下游群众该怎么做？")
        scene.places[f"assignment_{name}"] = f"/expert/{people[name].id}"
        scene.cases[f"asked_{name}"] = case.id
        scene.places[f"case_asked_{name}"] = f"/desk/cases/{case.id}"
    async with db.write() as session:
        await assignments.accept(ctx, session, people["accepted"].id, me)
        back = await asking_back.ask(ctx, session, people["accepted"].id, "请问说的是哪一段河道？", me)
        await asking_back.reply(ctx, session, back.id, "铜鼓县城以下到修水县界这一段。", scene.editor)
        await asking_back.ask(ctx, session, people["waiting"].id, "截图是哪天的？", me)
    other = next(one for one in await scene.experts("flood") if one.id != person.id)
    async with db.write() as session:
        await handing_over.propose(
            ctx, session, people["accepted"].id, other.name, other.unit, "他管这段河道", me
        )
        token = await assignment_links.make(ctx, session, people["offered"].id, scene.editor)
        taken = await assignment_links.make(ctx, session, people["accepted"].id, scene.editor)
    scene.places["link"] = f"/a/{token}"
    scene.places["link_accepted"] = f"/a/{taken}"


async def _others(scene: Scene) -> None:
    """A department that checks a fact, and a team that reports from the field."""
    ctx, db, case = scene.ctx, scene.db, scene.cases["quake"]
    for kind in (AssignmentKind.FACT, AssignmentKind.FIELD):
        person = await _best(scene, case, kind)
        asked = await _offer(scene, case, person, "今晚有没有地震预报？村里都知道了吗？", kind)
        scene.places[f"assignment_{kind}"] = f"/expert/{asked.id}"
        async with db.write() as session:
            await assignments.accept(ctx, session, asked.id, of(person))
            scene.places[f"link_{kind}"] = (
                f"/a/{await assignment_links.make(ctx, session, asked.id, scene.editor)}"
            )
    report, told = Report(reached=120, place="洪江镇"), "大喇叭播了三遍，入户告知四十户。"
    async with db.write() as session:
        await assignments.answer(ctx, session, asked.id, told, None, [], of(person), report=report)


def _id(by: Actor) -> UUID:
    assert by.expert_id is not None
    return by.expert_id
