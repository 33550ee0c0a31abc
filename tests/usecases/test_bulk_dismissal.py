"""Closing many cases at once: each as if alone, the grave ones only by name, and exactly that taken back."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlmodel import col, select

from content.audit import AuditEntry
from content.cases import Case
from content.errors import NotAllowed
from content.permissions import Actor
from service.context import Context
from service.errors import Conflict, Invalid, NotFound
from service.store import cases as store
from service.store import labels
from service.store.engine import Database
from service.usecases import cases
from service.usecases.bulk_dismissal import Outcome, Pick, dismiss_many, outcome, undo_many
from service.usecases.cases import QueueView
from service.usecases.triage import triage_pending
from tests.conftest import Clock
from tests.usecases.newsroom import ShippedAssessor, a_source, all_cases, arrive, by_hand, story

WARNING = "宜春市气象台发布暴雨红色预警信号：过去3小时降雨量已达100毫米以上，请注意防范。"


def pick(case: Case) -> Pick:
    return Pick(case.id, case.version)


async def close(ctx: Context, db: Database, by: Actor, *found: Case, reason: str = "stale") -> Outcome:
    async with db.write() as session:
        batch = await dismiss_many(ctx, session, [pick(one) for one in found], reason, by)
    async with db.read() as session:
        return await outcome(session, batch)


async def changed(db: Database, case: Case, **values: object) -> None:
    async with db.write() as session:
        await store.repaint(session, case.id, case.updated_at, **values)


async def test_each_case_is_closed_as_if_it_were_alone(
    ctx: Context, database: Database, editor: Actor
) -> None:
    found = [await by_hand(ctx, database, editor, f"网传第{n}号水库要泄洪") for n in range(3)]
    async with database.write() as session:
        batch = await dismiss_many(
            ctx, session, [pick(one) for one in found], "elsewhere", editor, note="外省的事", said="ordinary"
        )
    async with database.read() as session:
        done = await outcome(session, batch)
        assert {one.id for one in done.dismissed} == {one.id for one in found}
        assert {one.dismissed_reason for one in done.dismissed} == {"elsewhere: 外省的事"}
        assert (done.code, done.note, done.kept, done.returned) == ("elsewhere", "外省的事", (), None)
        told = await labels.of_cases(session, {one.id for one in found})
        assert {(row.task, row.answer) for row in told} >= {("rumor", 0), ("emergency", 0)}
        assert {row.case_id for row in told} == {one.id for one in found}
        entries = (await session.exec(select(AuditEntry).order_by(col(AuditEntry.seq)))).all()
    closed = [entry for entry in entries if entry.act == "case.dismiss"]
    assert [entry.subject_id for entry in closed] == [str(one.id) for one in found]
    assert {(entry.after or {})["batch"] for entry in closed} == {str(batch)}
    assert [entry.act for entry in entries][-1] == "case.dismiss_many"


async def test_what_cannot_be_closed_stays_and_says_why(
    ctx: Context, database: Database, editor: Actor, second_editor: Actor
) -> None:
    names = ("可以关", "看过以后改了", "别人在处理", "已经关了")
    free, changed_since, taken, closed = [await by_hand(ctx, database, editor, name) for name in names]
    async with database.write() as session:
        await cases.claim(ctx, session, changed_since.id, editor)
        await cases.claim(ctx, session, taken.id, second_editor)
        await cases.dismiss(ctx, session, closed.id, "重复", second_editor)
    done = await close(ctx, database, editor, free, changed_since, taken, closed)
    assert [one.id for one in done.dismissed] == [free.id]
    assert {one.case.id: one.why for one in done.kept} == {
        changed_since.id: "stale_version",
        taken.id: "case_taken",
        closed.id: "illegal_transition",
    }


async def test_a_warning_is_never_closed_among_others_unless_it_is_named(
    ctx: Context, database: Database, editor: Actor
) -> None:
    source = await a_source(ctx, database, editor, "宜春气象", authority=True)
    await arrive(ctx, database, source, story(WARNING, WARNING))
    await triage_pending(ctx, database, ShippedAssessor(rules_only=True))
    (warning,) = await all_cases(database)
    assert warning.level == "red"
    plain, levelled, incident = [await by_hand(ctx, database, editor, name, "emergency") for name in "甲乙丙"]
    await changed(database, levelled, level="blue")
    await changed(database, incident, incident_id=ctx.new_id())
    # Also where the column was lost: the warning itself is in the evidence.
    await changed(database, warning, level=None)
    (warning,) = [one for one in await all_cases(database) if one.id == warning.id]
    done = await close(ctx, database, editor, plain, levelled, incident, warning)
    assert [one.id for one in done.dismissed] == [plain.id]
    why = {one.case.id: one.why for one in done.kept}
    assert why[levelled.id] == "level"
    assert why[incident.id] == "incident"
    assert why[warning.id] in ("official", "incident")
    async with database.write() as session:
        named = await dismiss_many(ctx, session, [pick(levelled)], "stale", editor, named=[levelled.id])
    async with database.read() as session:
        assert [one.id for one in (await outcome(session, named)).dismissed] == [levelled.id]


async def test_exactly_what_a_batch_closed_comes_back(
    ctx: Context, database: Database, editor: Actor
) -> None:
    mine, reopened, again, other = [await by_hand(ctx, database, editor, name) for name in "甲乙丙丁"]
    async with database.write() as session:
        await cases.dismiss(ctx, session, other.id, "早就关了", editor)
        mine = await cases.claim(ctx, session, mine.id, editor)
    done = await close(ctx, database, editor, mine, reopened, again)
    async with database.write() as session:
        await cases.reopen(ctx, session, reopened.id, "又有人问", editor)
        await cases.reopen(ctx, session, again.id, "又有人问", editor)
        await cases.dismiss(ctx, session, again.id, "查过了", editor)
        await undo_many(ctx, session, done.id, editor)
    async with database.read() as session:
        after = await outcome(session, done.id)
        assert after.returned == 1
        assert {one.case.id: one.why for one in after.stuck} == dict.fromkeys(
            (reopened.id, again.id), "moved_on"
        )
        back = await store.load(session, mine.id)
        assert (back.state, back.claimed_by) == ("accepted", editor.id)
        assert (await store.load(session, other.id)).dismissed_reason == "早就关了"
        assert (await store.load(session, again.id)).dismissed_reason == "查过了"
        assert len((await cases.queue(session, QueueView("dismissed"))).rows) == 2
    async with database.write() as session:
        await undo_many(ctx, session, done.id, editor)  # a second click changes nothing
    async with database.read() as session:
        assert (await outcome(session, done.id)).returned == 1


async def test_labels_said_with_a_batch_go_with_its_undoing(
    ctx: Context, db: Database, editor: Actor, clock: Clock
) -> None:
    case = await by_hand(ctx, db, editor, "网传水库要泄洪")
    async with db.write() as session:
        batch = await dismiss_many(ctx, session, [pick(case)], "nothing", editor, said="ordinary")
        assert await labels.of_cases(session, {case.id})
        clock.move(minutes=1)
        await undo_many(ctx, session, batch, editor)
    async with db.read() as session:
        assert await labels.of_cases(session, {case.id}) == []


async def test_a_batch_needs_the_right_a_reason_and_cases(
    ctx: Context, db: Database, editor: Actor, second_editor: Actor, auditor: Actor
) -> None:
    case = await by_hand(ctx, db, editor, "甲")
    too_many = [Pick(UUID(int=number), 1) for number in range(201)]
    for picks, reason, by, error in (
        ([pick(case)], "stale", auditor, NotAllowed),
        ([pick(case)], "因为", editor, Invalid),
        ([], "stale", editor, Invalid),
        (too_many, "stale", editor, Invalid),
    ):
        with pytest.raises(error):
            async with db.write() as session:
                await dismiss_many(ctx, session, picks, reason, by)
    done = await close(ctx, db, editor, case)
    with pytest.raises(Conflict):
        async with db.write() as session:
            await undo_many(ctx, session, done.id, second_editor)
    with pytest.raises(NotFound):
        async with db.read() as session:
            await outcome(session, ctx.new_id())
