"""Incidents in every state: proposed, active with questions and held texts, ended with a report."""

from __future__ import annotations

from content.incidents import Incident
from service.usecases import incident_help, incidents
from tests.browser.lived.scene import Scene
from tests.writing import approved, written

WHY = "市防指电话通知，县里已启动响应。"


async def fill(scene: Scene) -> None:
    """An exercise that is over, a flood at work, a proposal that waits."""
    past = await _active(scene, "综合演练：危化品泄漏", "hazmat_explosion", exercise=True)
    scene.clock.move(hours=2)
    async with scene.db.write() as session:
        await incidents.stand_down(scene.ctx, session, past.id, "演练结束。", scene.issuer)
    flood = await _active(scene, "靖安洪水", "flood")
    await _at_work(scene, flood)
    waiting = await _proposed(scene, "铜鼓山体滑坡", "geological")
    for name, one in {"over": past, "active": flood, "proposed": waiting}.items():
        scene.places[f"incident_{name}"] = f"/desk/incidents/{one.id}"
    # A text of everyday that is approved now is held while the flood is at work.
    held, revision = await written(scene.ctx, scene.db, scene.editor)
    await approved(scene.ctx, scene.db, held, revision, scene.editor, scene.issuer)
    scene.places["piece_held"] = f"/desk/pieces/{held.id}"


async def _proposed(scene: Scene, name: str, hazard: str, exercise: bool = False) -> Incident:
    scene.clock.move(minutes=9)
    async with scene.db.write() as session:
        return await incidents.propose(
            scene.ctx, session, name, hazard, "red", ["360925"], WHY, scene.editor,
            order_source="市防汛抗旱指挥部值班室", exercise=exercise,
        )  # fmt: skip


async def _active(scene: Scene, name: str, hazard: str, exercise: bool = False) -> Incident:
    made = await _proposed(scene, name, hazard, exercise)
    scene.clock.move(minutes=4)
    async with scene.db.write() as session:
        return await incidents.activate(scene.ctx, session, made.id, WHY, scene.issuer)


async def _at_work(scene: Scene, flood: Incident) -> None:
    ctx, db, editor = scene.ctx, scene.db, scene.editor
    async with db.read() as session:
        panel = await incident_help.panel(ctx, session, flood, editor)
    people = [one.expert_id for one in panel.experts[:2]]
    offices = [one.expert_id for one in panel.departments[:1]]
    async with db.write() as session:
        question = "水库是否安全？下游群众现在该怎么做？"
        await incident_help.offer_all(ctx, session, flood.id, people, offices, question, editor)
    async with db.write() as session:
        await incident_help.prepare(ctx, session, flood.id, editor)
