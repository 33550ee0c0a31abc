"""Texts in every state: draft, with a machine's draft beside it, handed in, returned, approved, scheduled, out, corrected, retracted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select

from content.body import SourceRef
from content.copies import Look
from content.publications import Publication
from content.review import Text
from service.store.tables import SourceCopy
from service.usecases import cases, copies, machine_drafts, pieces, publish, review, scheduling, warnings
from tests.browser.lived.scene import Scene
from tests.usecases.language_model import served
from tests.writing import EXPLAINER, REBUTTAL, approved, corrected, published, submitted, written

SPINACH = REBUTTAL.model_copy(
    update={
        "title": "菠菜和豆腐可以一起吃，焯水更好",
        "claim": "菠菜和豆腐一起吃会中毒",
        "fact": "草酸和钙结合成的草酸钙不被吸收，不会中毒；焯水能去掉大部分草酸。",
        "topics": ("food", "health"),
    }
)


class Pages:
    """Stands in for the web: what each address says."""

    async def look(self, url: str, seconds: float = 1) -> Look:
        if "lightning" in url:
            return Look(fault="http_404")
        return Look(sha256="a" * 64, landed=url, media="text/html", text="四十二项指标全部达标。")


async def fill(scene: Scene) -> None:
    """All of them, some written for the cases of `queue`."""
    await _out(scene)
    await _at_work(scene)
    await _machine(scene)
    await _relayed(scene)
    scene.clock.move(seconds=5)
    await copies.look_due(scene.ctx, scene.db, Pages(), 200)
    async with scene.db.read() as session:
        rows = (await session.exec(select(SourceCopy).where(col(SourceCopy.taken_at).is_not(None)))).all()
    scene.places["copy"] = f"/desk/copies/{rows[0].id}"


async def _out(scene: Scene) -> None:
    ctx, db, editor, issuer = scene.ctx, scene.db, scene.editor, scene.issuer
    standing = await published(ctx, db, editor, issuer)
    _name(scene, "standing", standing)
    scene.clock.move(hours=3)
    wrong = await published(ctx, db, editor, issuer, EXPLAINER, "explainer")
    scene.clock.move(hours=1)
    note = "原文少写了一条，已补上。"
    _name(scene, "corrected", await corrected(ctx, db, wrong.public_id, editor, issuer, correction_note=note))
    gone = await published(
        ctx,
        db,
        editor,
        issuer,
        REBUTTAL.model_copy(update={"title": "生蒜治不了流感", "claim": "生蒜防流感"}),
    )
    async with db.write() as session:
        await publish.retract(ctx, session, gone.public_id, "来源有误，正在重新核实。", issuer)
    _name(scene, "retracted", gone)
    thunder = EXPLAINER.model_copy(update={"title": "雷雨天在室内打手机不会引雷"})
    case = scene.cases["tip_answered"]
    answer = await published(ctx, db, editor, issuer, thunder, "explainer", case_id=case)
    _name(scene, "answer", answer)
    async with db.write() as session:
        await cases.answer_with(ctx, session, scene.cases["water"], standing.public_id, editor)


def _name(scene: Scene, name: str, found: Publication) -> None:
    scene.places[f"article_{name}"] = f"/p/{found.public_id}"
    scene.places[f"publication_{name}"] = f"/desk/publications/{found.public_id}"
    scene.places[f"piece_{name}"] = f"/desk/pieces/{found.piece_id}"


async def _at_work(scene: Scene) -> None:
    ctx, db, editor, issuer = scene.ctx, scene.db, scene.editor, scene.issuer
    food = scene.cases["food"]
    draft, _ = await written(ctx, db, editor, SPINACH.model_copy(update={"sources": ()}), case_id=food)
    bare, _ = await written(ctx, db, editor, SPINACH.model_copy(update={"fact": "", "title": "网传有毒"}))
    handed, revision = await written(ctx, db, editor)
    await submitted(ctx, db, handed, revision, editor)
    back, wrong = await written(ctx, db, editor)
    await submitted(ctx, db, back, wrong, editor)
    ready, text = await written(ctx, db, editor, EXPLAINER, "explainer")
    await approved(ctx, db, ready, text, editor, issuer)
    later, planned = await written(ctx, db, editor)
    await approved(ctx, db, later, planned, editor, issuer)
    holding, _ = await written(ctx, db, editor, REBUTTAL, "holding")
    async with db.write() as session:
        await review.return_(
            ctx, session, back.id, wrong.number, wrong.sha256, "第二段要写明检测日期。", issuer
        )
        await pieces.comment(ctx, session, draft.id, "请补一个公开来源。", issuer)
        page = await pieces.page(ctx, session, draft.id)
        more = (SourceRef(title="膳食指南", url="https://example.org/diet", publisher="示例学会"),)
        body = page.body.model_copy(update={"sources": more, "why": "草酸钙随粪便排出。"})
        await pieces.save(ctx, session, draft.id, body, editor, page.piece.revision)
        at = ctx.now() + timedelta(days=40)
        await scheduling.schedule(
            ctx, session, later.id, at, Text(planned.number, planned.sha256), issuer, embargo=True
        )
    for name, one in {
        "draft": draft, "bare": bare, "handed_in": handed, "returned": back, "approved": ready,
        "scheduled": later, "holding": holding,
    }.items():  # fmt: skip
        scene.places[f"piece_{name}"] = f"/desk/pieces/{one.id}"


async def _machine(scene: Scene) -> None:
    """A draft of a language model that an editor has partly taken, and one that said nothing."""
    piece, _ = await written(scene.ctx, scene.db, scene.editor)
    async with served() as (model, drafter):
        changes = {"llm_url": model.url, "llm_model": "qwen-plus", "llm_key": model.key}
        ctx = replace(scene.ctx, settings=scene.ctx.settings.model_copy(update=changes))
        async with scene.db.write() as session:
            draft = await machine_drafts.ask(ctx, session, piece.id, scene.editor)
        await machine_drafts.work_due(ctx, scene.db, drafter)
        async with scene.db.write() as session:
            await machine_drafts.take(ctx, session, draft.id, "fact", 1, scene.editor)
    scene.places["piece_machine"] = f"/desk/pieces/{piece.id}"


async def _relayed(scene: Scene) -> None:
    """The official warning goes out word for word."""
    async with scene.db.write() as session:
        piece = await warnings.relay(
            scene.ctx, session, UUID(scene.places.pop("warning_evidence")), scene.editor
        )
    async with scene.db.read() as session:
        page = await pieces.page(scene.ctx, session, piece.id)
    await approved(scene.ctx, scene.db, piece, page.revision, scene.editor, scene.issuer)
    async with scene.db.write() as session:
        _name(scene, "warning", await publish.publish(scene.ctx, session, piece.id, scene.issuer))
