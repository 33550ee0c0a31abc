"""The house itself: channels and what became of messages, a source that fails, a learned model, a new account."""

from __future__ import annotations

import shutil
from datetime import timedelta

from sqlmodel import select

from classifiers import model_file
from content.delivery import Delivery
from content.delivery_states import DeliveryState
from service.store import models
from service.store.models import REPORT, shelf
from service.usecases import accounts, channels, sources
from tests.browser.lived.scene import Scene
from tests.writing import EXPLAINER, published

WAYS = {
    "值班群机器人": ("wecom", "http://127.0.0.1:9/robot"),
    "县融媒体接口": ("webhook", "http://127.0.0.1:9/hook"),
    "村级大喇叭": ("todo", ""),
}
GATE = {
    "promote": False,
    "reasons": ["rumor: recall 0.71 against 0.78 of the shipped model"],
    "learned_from": 412,
    "held_out": 103,
    "canaries": 60,
    "findings": [
        {"task": "rumor", "figure": "average_precision", "shipped": 0.78, "candidate": 0.71, "bad": True},
        {"task": "emergency", "figure": "macro_f1", "shipped": 0.9, "candidate": 0.92, "bad": False},
    ],
}


async def fill(scene: Scene) -> None:
    """All of it."""
    await _channels(scene)
    await _sources(scene)
    _model(scene)
    async with scene.db.write() as session:
        _, token = await accounts.create_user(
            scene.ctx, session, "new-editor", ["editor"], scene.people["secadmin"], display_name="新来的编辑"
        )
    scene.places["setup"] = f"/setup/{token}"


async def _channels(scene: Scene) -> None:
    """A robot, letters and a list to tick off; of the messages one is unclear and one has failed."""
    ctx, db, by = scene.ctx, scene.db, scene.people["sysadmin"]
    async with db.write() as session:
        for name, (kind, url) in WAYS.items():
            await channels.add(ctx, session, name, kind, url, by)
    scene.clock.move(minutes=1)
    told = await published(
        ctx, db, scene.editor, scene.issuer,
        EXPLAINER.model_copy(update={"title": "溺水救援，先喊人、再伸竿", "question": "有人溺水怎么办？"}), "explainer",
    )  # fmt: skip
    states = {"值班群机器人": DeliveryState.UNCERTAIN, "县融媒体接口": DeliveryState.FAILED}
    async with db.write() as session:
        rows = (await session.exec(select(Delivery).where(Delivery.public_id == told.public_id))).all()
        for row in rows:
            kind = WAYS[row.channel_name][0] if row.channel_name in WAYS else "site"
            scene.places[f"delivery_{kind}"] = f"/desk/deliveries/{row.id}"
            if (state := states.get(row.channel_name)) is not None:
                row.state, row.attempts, row.error = state, 3, "timeout"
                session.add(row)


async def _sources(scene: Scene) -> None:
    ctx, by = scene.ctx, scene.editor
    async with scene.db.write() as session:
        gone = await sources.add(ctx, session, "http://127.0.0.1:9/feed.xml", by, title="停办的小报")
        gone.health, gone.failures, gone.reason = "failing", 12, "connect"
        gone.next_poll = ctx.now() + timedelta(days=90)
        session.add(gone)
        quiet = await sources.add(ctx, session, "http://127.0.0.1:9/quiet.xml", by, title="暂停的栏目")
        await sources.pause(ctx, session, quiet.id, by)


def _model(scene: Scene) -> None:
    """A model that was learned here and did not pass its gate: the shipped one under its own name."""
    folder = scene.ctx.settings.data_dir
    if model_file.SHIPPED.is_dir():
        target = shelf(folder) / "qy-0123456789ab"
        shutil.copytree(model_file.SHIPPED, target)
        models._write(target / REPORT, {**GATE, "at": scene.ctx.now().isoformat()})
