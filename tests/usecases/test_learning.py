"""From editors' decisions to a model in use and back: labels, candidate, gate, promotion, the next item, rollback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlmodel import col, select

from classifiers import model_file
from classifiers.examples import from_line
from classifiers.sentences.compose import HERE
from classifiers.text import Text
from content.audit import AuditEntry
from content.errors import NotAllowed
from content.permissions import Actor
from service.cli import labelled
from service.context import Context
from service.errors import Conflict, Invalid, NotFound
from service.store import labels
from service.store import models as shelf
from service.store.engine import Database
from service.store.tables import AssessmentRow, Item, User
from service.usecases import learning, models
from service.usecases.learning import Material, NotFit
from service.usecases.triage import triage_pending
from service.workers import AssessorPool
from tests.conftest import Clock
from tests.usecases.label_desk import UNSEEN, decided
from tests.usecases.newsroom import a_source, arrive, story

MATERIAL = Material(
    anchors=[e for path in labelled.files([HERE / "labelled"]) for e in labelled.read(path)][::4],
    canaries=list(labelled.read(HERE / "canaries.tsv")),
)


@pytest.fixture
async def desk(ctx: Context, db: Database, clock: Clock, editor: Actor, second_editor: Actor) -> Database:
    await decided(ctx, db, clock, [editor, second_editor])
    return db


async def test_what_the_desk_decided_is_learned_promoted_used_and_rolled_back(
    ctx: Context, desk: Database, sysadmin: Actor, editor: Actor, clock: Clock
) -> None:
    folder = ctx.settings.data_dir
    found = await learning.learn(ctx, desk, MATERIAL, sysadmin)
    assert found.promote, found.text
    assert found.candidate.report["labels"]["answers"]["rumor=1"] >= 100
    assert found.candidate.report["held_out"] >= 50
    assert shelf.current(folder).version == "", "learning alone puts nothing to use"
    async with AssessorPool(shelf.chooser(folder), ctx.settings.city_dir) as pool:
        before = (await pool.assess([Text(UNSEEN, "")]))[0]
        await models.promote(ctx, desk, found.candidate.version, sysadmin)
        await _comes_in(ctx, desk, editor, UNSEEN, pool)
        row = await _assessed(desk, UNSEEN)
        assert row.model == found.candidate.version
        assert row.rumor > before.rumor.score + 0.1
        await models.rollback(ctx, desk, sysadmin, reason="再看看")
        after = (await pool.assess([Text(UNSEEN, "")]))[0]
    assert after == before, "the shipped model is back, without a restart"
    async with desk.read() as session:
        acts = (await session.exec(select(AuditEntry.act).where(col(AuditEntry.subject) == "model"))).all()
    assert list(acts) == ["model.learn", "model.promote", "model.rollback"]


async def _comes_in(ctx: Context, db: Database, by: Actor, title: str, pool: AssessorPool) -> None:
    source = await a_source(ctx, db, by)
    await arrive(ctx, db, source, story(title))
    await triage_pending(ctx, db, pool)


async def _assessed(db: Database, title: str) -> AssessmentRow:
    query = select(AssessmentRow).join(Item, col(Item.id) == col(AssessmentRow.item_id))
    async with db.read() as session:
        return (await session.exec(query.where(Item.title == title))).one()


async def test_one_editor_alone_teaches_nothing(
    ctx: Context, db: Database, editor: Actor, sysadmin: Actor, clock: Clock
) -> None:
    await decided(ctx, db, clock, [editor])
    with pytest.raises(NotFit, match="one_editor"):
        await learning.learn(ctx, db, MATERIAL, sysadmin)
    assert shelf.candidates(ctx.settings.data_dir) == []


async def test_few_sources_or_a_desk_without_decisions_teach_nothing(
    ctx: Context, db: Database, editor: Actor, second_editor: Actor, sysadmin: Actor, clock: Clock
) -> None:
    with pytest.raises(NotFit, match="not decided"):
        await learning.learn(ctx, db, MATERIAL, sysadmin)
    await decided(ctx, db, clock, [editor, second_editor], sources=2)
    with pytest.raises(NotFit, match="few_sources"):
        await learning.learn(ctx, db, MATERIAL, sysadmin)


async def test_only_one_answer_is_one_sided(
    ctx: Context, db: Database, editor: Actor, second_editor: Actor, sysadmin: Actor, clock: Clock
) -> None:
    await decided(ctx, db, clock, [editor, second_editor], said={"rumor": "ordinary"})
    with pytest.raises(NotFit, match="one_sided"):
        await learning.learn(ctx, db, MATERIAL, sysadmin)


async def test_a_refused_model_needs_a_second_person_with_an_account_and_a_reason(
    ctx: Context, desk: Database, sysadmin: Actor
) -> None:
    # A canary that says the contrary of what the desk has decided: the gate refuses.
    contrary = [e for e in MATERIAL.canaries if e.rumor == 0] + [from_line({"text": UNSEEN, "rumor": 0}, 1)]
    found = await learning.learn(ctx, desk, Material(MATERIAL.anchors, contrary), sysadmin)
    assert not found.promote
    version = found.candidate.version
    with pytest.raises(models.RefusedByGate, match="canary"):
        await models.promote(ctx, desk, version, sysadmin)
    async with desk.write() as session:
        now = ctx.now()
        for name, role in (("wang", "issuer"), ("li", "editor")):
            session.add(User(id=ctx.new_id(), name=name, roles=[role], created_at=now, updated_at=now))
    for second, reason in (("wang", ""), ("li", "急用"), ("nobody", "急用")):
        with pytest.raises(Invalid):
            await models.promote(ctx, desk, version, sysadmin, second, reason)
    assert shelf.current(ctx.settings.data_dir).version == ""
    await models.promote(ctx, desk, version, sysadmin, "wang", "金丝雀写错了")
    assert shelf.current(ctx.settings.data_dir).version == version
    async with desk.read() as session:
        entry = (await session.exec(select(AuditEntry).where(AuditEntry.act == "model.promote"))).one()
    assert entry.after is not None
    assert entry.after["second"] == "wang"
    assert entry.reason == "金丝雀写错了"


async def test_only_the_system_administrator_moves_models(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, secadmin: Actor
) -> None:
    for who in (editor, issuer, secadmin):
        with pytest.raises(NotAllowed):
            await learning.learn(ctx, db, MATERIAL, who)
        with pytest.raises(NotAllowed):
            await models.promote(ctx, db, "qy-000000000000", who)
        with pytest.raises(NotAllowed):
            await models.rollback(ctx, db, who)


async def test_a_damaged_model_or_pointer_is_not_used(ctx: Context, desk: Database, sysadmin: Actor) -> None:
    folder = ctx.settings.data_dir
    found = await learning.learn(ctx, desk, MATERIAL, sysadmin)
    await models.promote(ctx, desk, found.candidate.version, sysadmin)
    assert shelf.current(folder).folder == found.candidate.folder
    weights = found.candidate.folder / "space-0.npz"
    whole = weights.read_bytes()
    before = shelf.chooser(folder)
    assert before() == found.candidate.folder
    weights.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert (shelf.current(folder).folder, shelf.current(folder).trouble) == (None, "changed")
    async with AssessorPool(before, ctx.settings.city_dir) as pool:
        assert (await pool.assess([Text(UNSEEN, "")]))[0].model == model_file.load(model_file.SHIPPED).version
    weights.write_bytes(whole)
    pointer = shelf.shelf(folder) / shelf.POINTER
    for text, trouble in (
        ("{", "pointer"),
        (json.dumps({"version": 3}), "pointer"),
        (_elsewhere(pointer), "gone"),
    ):
        pointer.write_text(text, "utf-8")
        assert (shelf.current(folder).folder, shelf.current(folder).trouble) == (None, trouble)
        assert shelf.chooser(folder)() is None
    back = await models.rollback(ctx, desk, sysadmin)
    assert (back.version, back.trouble) == ("", "")


def _elsewhere(pointer: Path) -> str:
    whole = '{"version": "../../etc", "manifest_sha256": "", "since": "", "by": "", "before": []}'
    assert pointer.name
    return whole


async def test_labels_go_out_as_lines_that_train_reads(
    ctx: Context, desk: Database, sysadmin: Actor, tmp_path: Path
) -> None:
    lines = await learning.export(desk, sysadmin)
    file = tmp_path / "desk.jsonl"
    file.write_text("\n".join(lines), "utf-8")
    examples = list(labelled.read(file))
    assert {(e.rumor, e.emergency) for e in examples} == {(1, None), (0, 0)}
    async with desk.read() as session:
        rows = await labels.all_standing(session)
    assert len(examples) == len({row.sha256 for row in rows})


async def test_there_is_nothing_to_go_back_to_at_first(ctx: Context, db: Database, sysadmin: Actor) -> None:
    with pytest.raises(Conflict):
        await models.rollback(ctx, db, sysadmin)
    with pytest.raises(NotFound):
        await models.promote(ctx, db, "../keys", sysadmin)
