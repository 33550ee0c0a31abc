"""Cases in every state: waiting, taken, dismissed, merged, split, answered, taught from; tips; an official warning."""

from __future__ import annotations

from uuid import UUID

from content.permissions import Actor
from service.usecases import cases, drifting, labelling, tips, triage
from tests.browser.lived.scene import Scene
from tests.conftest import actor
from tests.usecases.newsroom import a_source, all_cases, arrive, by_hand, evidence_of, story
from tests.usecases.test_warnings import TEXT, cap

CALM = "第{}期社区讲座在图书馆举行，居民学包饺子"
WILD = "紧急通知！第{}号水厂投毒，赶紧囤水转给家人"
WARNING = "宜春市气象台发布暴雨橙色预警信号"


async def fill(scene: Scene) -> None:
    """Three weeks of news, and what the desk did with it."""
    await _stream(scene)
    await _decided(scene)
    await _warned(scene)
    await _asked_by_the_public(scene)


async def _stream(scene: Scene) -> None:
    """Enough ordinary news to see the stream move, then a wave of alarm."""
    ctx, db, source = scene.ctx, scene.db, await a_source(scene.ctx, scene.db, scene.editor, "袁州晚报示例")
    for week, text in enumerate((CALM, CALM, WILD)):
        scene.clock.move(days=6)
        await arrive(ctx, db, source, *(story(text.format(week * 1000 + n)) for n in range(60)))
        await triage.triage_pending(ctx, db, scene.assessor)
    scene.clock.move(hours=1)
    await drifting.look(ctx, db)


async def _decided(scene: Scene) -> None:
    ctx, db, editor = scene.ctx, scene.db, scene.editor
    made = {}
    for name, title in {
        "food": "网传菠菜和豆腐一起吃会中毒",
        "water": "听说下周全市停水三天，赶快囤水",
        "again": "又有人转发：菠菜豆腐同吃会中毒",
        "dull": "求推荐城区靠谱的搬家公司",
        "quake": "群里说今晚有五级地震，让大家睡广场",
    }.items():
        made[name] = await by_hand(ctx, db, editor, title)
        scene.clock.move(minutes=20)
    for name, case in made.items():
        scene.cases[name] = case.id
        scene.places[f"case_{name}"] = f"/desk/cases/{case.id}"
    async with db.write() as session:
        await cases.claim(ctx, session, made["food"].id, editor)
        await cases.dismiss(ctx, session, made["dull"].id, "生活求助，不需要核实。", editor)
        await cases.merge(ctx, session, made["again"].id, made["food"].id, editor)
    for number, case in enumerate((await all_cases(db))[:24]):
        if case.state == "new":
            async with db.write() as session:
                said = "rumor" if "紧急" in case.title else "ordinary"
                await labelling.state(ctx, session, case.id, said, _teacher(number, editor))


def _teacher(number: int, editor: Actor) -> Actor:
    return editor if number % 3 else actor("第二位编辑", "editor")


async def _warned(scene: Scene) -> None:
    """An authority's message that is in force now, as CAP."""
    ctx, db = scene.ctx, scene.db
    office = await a_source(ctx, db, scene.editor, "宜春气象示例", authority=True)
    until = (scene.clock.now.replace(microsecond=0)).isoformat()
    message = cap(1).replace("2026-11-24T14:30:00+08:00", until.replace(until[:4], str(int(until[:4]) + 1)))
    [item] = await arrive(ctx, db, office, story(WARNING, TEXT, cap=message))
    await triage.triage_pending(ctx, db, scene.assessor)
    scene.places["warning_evidence"] = str(item)
    scene.cases["warning"] = await home(scene, item)
    scene.places["case_warning"] = f"/desk/cases/{scene.cases['warning']}"


async def _asked_by_the_public(scene: Scene) -> None:
    """Four questions; what becomes of the answered one is in `texts`."""
    ctx, db = scene.ctx, scene.db
    asked = {
        "waiting": "听说明月山景区昨晚发生泥石流，是真的吗？",
        "in_work": "有人说吃大蒜能预防流感，家里老人天天吃生蒜，请问有用吗？",
        "closed": "小区门口的理发店是不是要关门了？会员卡还能不能退钱？",
        "answered": "听说雷雨天打手机会引雷，是真的吗？",
    }
    told: dict[str, UUID] = {}
    for name, text in asked.items():
        scene.clock.move(minutes=3)
        async with db.write() as session:
            tip, token = await tips.submit(ctx, session, text, f"https://t.example.cn/{name}", "360902")
        told[name] = tip.id
        scene.places[f"tip_{name}"] = f"/tip/{token}"
    await triage.triage_pending(ctx, db, scene.assessor)
    for name, tip_id in told.items():
        scene.cases[f"tip_{name}"] = await home(scene, tip_id)
        scene.places[f"case_tip_{name}"] = f"/desk/cases/{scene.cases[f'tip_{name}']}"
    async with db.write() as session:
        await cases.claim(ctx, session, scene.cases["tip_in_work"], scene.issuer)
        await cases.dismiss(ctx, session, scene.cases["tip_closed"], "不是科普或辟谣的问题。", scene.editor)


async def home(scene: Scene, evidence_id: UUID) -> UUID:
    """The case that this piece of evidence is in."""
    for case in await all_cases(scene.db):
        if evidence_id in {one.id for one in await evidence_of(scene.db, case)}:
            return case.id
    raise AssertionError("it has no case")
