"""What editors do with cases: who is on it, why it was closed, and that every step can be taken back."""

from __future__ import annotations

import asyncio

import pytest
from sqlmodel import col, select

from content.audit import AuditEntry
from content.errors import AlreadyPublished, IllegalTransition, NotAllowed
from content.permissions import Actor
from content.pieces import Piece
from service.context import Context
from service.errors import Conflict, Invalid, NotFound
from service.store import evidence
from service.store.engine import Database
from service.store.tables import User
from service.usecases import cases, tips
from service.usecases.cases import QueueView
from tests.conftest import Clock
from tests.usecases.newsroom import by_hand, published

RUMOR = "网传“上高县自来水被污染，三天不能喝”"


async def test_everybody_sees_who_is_on_a_case(
    ctx: Context, database: Database, editor: Actor, second_editor: Actor
) -> None:
    case = await by_hand(ctx, database, editor, RUMOR)
    async with database.write() as session:
        now = ctx.now()
        session.add(
            User(
                id=editor.id or ctx.new_id(),
                name="li",
                display_name="李编辑",
                roles=["editor"],
                created_at=now,
                updated_at=now,
            )
        )
    async with database.write() as session:
        taken = await cases.claim(ctx, session, case.id, editor, version=case.version)
        assert (taken.state, taken.claimed_by) == ("accepted", editor.id)
    async with database.read() as session:
        (row,) = (await cases.queue(session, QueueView("all"))).rows
        assert row.claimed_by_name == "李编辑"
        assert (await cases.case_page(session, case.id)).claimed_by_name == "李编辑"
        assert len((await cases.queue(session, QueueView("mine", user=editor.id))).rows) == 1
        assert (await cases.queue(session, QueueView("mine", user=second_editor.id))).rows == ()
    with pytest.raises(cases.Taken) as refused:
        async with database.write() as session:
            await cases.claim(ctx, session, case.id, second_editor)
    assert refused.value.details == {"claimed_by": "李编辑"}


async def test_claiming_ones_own_case_again_is_no_error(ctx: Context, db: Database, editor: Actor) -> None:
    case = await by_hand(ctx, db, editor, RUMOR)
    for _ in range(2):
        async with db.write() as session:
            taken = await cases.claim(ctx, session, case.id, editor)
    assert taken.version == 2


async def test_of_many_editors_who_click_at_once_one_gets_the_case(
    ctx: Context, database: Database, editor: Actor
) -> None:
    case = await by_hand(ctx, database, editor, RUMOR)
    people = [Actor(id=ctx.new_id(), name=f"编辑{n}", roles=frozenset({"editor"})) for n in range(8)]

    async def click(person: Actor) -> bool:
        try:
            async with database.write() as session:
                await cases.claim(ctx, session, case.id, person)
        except Conflict:
            return False
        return True

    assert sum(await asyncio.gather(*map(click, people))) == 1


async def test_a_click_on_an_old_page_is_refused(ctx: Context, database: Database, editor: Actor) -> None:
    case = await by_hand(ctx, database, editor, RUMOR)
    async with database.write() as session:
        await cases.claim(ctx, session, case.id, editor)
    with pytest.raises(Conflict):
        async with database.write() as session:
            await cases.dismiss(ctx, session, case.id, "已核实", editor, version=case.version)


async def test_a_case_is_closed_with_a_reason_and_opened_again(
    ctx: Context, database: Database, editor: Actor
) -> None:
    case = await by_hand(ctx, database, editor, RUMOR)
    with pytest.raises(Invalid):
        async with database.write() as session:
            await cases.dismiss(ctx, session, case.id, "  ", editor)
    async with database.write() as session:
        closed = await cases.dismiss(ctx, session, case.id, "水务部门检测合格，无人再传", editor)
        assert (closed.state, closed.dismissed_reason) == ("dismissed", "水务部门检测合格，无人再传")
    async with database.read() as session:
        assert len((await cases.queue(session, QueueView("dismissed"))).rows) == 1
        assert (await cases.queue(session, QueueView())).rows == ()
    async with database.write() as session:
        again = await cases.reopen(ctx, session, case.id, "又有群众询问", editor)
    assert (again.state, again.dismissed_reason, again.claimed_by) == ("queued", None, None)


async def test_a_case_is_not_closed_behind_the_back_of_whoever_is_on_it(
    ctx: Context, database: Database, editor: Actor, second_editor: Actor
) -> None:
    case = await by_hand(ctx, database, editor, RUMOR)
    async with database.write() as session:
        await cases.claim(ctx, session, case.id, editor)
    with pytest.raises(cases.Taken):
        async with database.write() as session:
            await cases.dismiss(ctx, session, case.id, "不处理", second_editor)
    async with database.write() as session:
        await cases.release(ctx, session, case.id, second_editor)
        await cases.dismiss(ctx, session, case.id, "不处理", second_editor)


async def test_a_case_with_an_approved_text_is_not_closed_by_mistake(
    ctx: Context, database: Database, editor: Actor
) -> None:
    case = await by_hand(ctx, database, editor, RUMOR)
    async with database.write() as session:
        now = ctx.now()
        session.add(
            Piece(
                id=ctx.new_id(),
                kind="rebuttal",
                state="approved",
                case_id=case.id,
                author_id=ctx.new_id(),
                created_at=now,
                updated_at=now,
            )
        )
    with pytest.raises(cases.PieceInWork):
        async with database.write() as session:
            await cases.dismiss(ctx, session, case.id, "重复", editor)


async def test_an_earlier_publication_answers_a_case_and_whoever_asked(
    ctx: Context, database: Database, editor: Actor
) -> None:
    case = await by_hand(ctx, database, editor, RUMOR)
    await published(ctx, database, "abc234", "自来水被污染", "县城自来水各项指标合格。")
    async with database.write() as session:
        answered = await cases.answer_with(ctx, session, case.id, "abc234", editor)
        assert (answered.state, answered.answered_with) == ("answered", "abc234")
    await published(ctx, database, "abc234", "自来水被污染", "撤回。", type="retract", version=2, sequence=2)
    async with database.write() as session:
        await cases.reopen(ctx, session, case.id, "答复已撤回", editor)
    with pytest.raises(Invalid):
        async with database.write() as session:
            await cases.answer_with(ctx, session, case.id, "abc234", editor)
    with pytest.raises(NotFound):
        async with database.write() as session:
            await cases.answer_with(ctx, session, case.id, "zzz999", editor)


async def test_what_was_published_about_a_case_cannot_be_undone(
    ctx: Context, database: Database, editor: Actor
) -> None:
    case = await by_hand(ctx, database, editor, RUMOR)
    async with database.write() as session:
        await cases.claim(ctx, session, case.id, editor)
    await published(ctx, database, "own234", "自来水被污染", "县城自来水各项指标合格。", case=case)
    with pytest.raises(AlreadyPublished):
        async with database.write() as session:
            await cases.undo(ctx, session, case.id, editor)


async def test_only_the_desk_touches_cases(
    ctx: Context, db: Database, editor: Actor, sysadmin: Actor, auditor: Actor, expert_actor: Actor
) -> None:
    case = await by_hand(ctx, db, editor, RUMOR)
    for stranger in (sysadmin, auditor, expert_actor):
        with pytest.raises(NotAllowed):
            async with db.write() as session:
                await cases.claim(ctx, session, case.id, stranger)


async def test_undo_goes_back_step_by_step(ctx: Context, database: Database, editor: Actor) -> None:
    case = await by_hand(ctx, database, editor, RUMOR)
    await published(ctx, database, "abc234", "自来水被污染", "县城自来水各项指标合格。")
    steps = [
        lambda s: cases.claim(ctx, s, case.id, editor),
        lambda s: cases.dismiss(ctx, s, case.id, "误报", editor),
        lambda s: cases.reopen(ctx, s, case.id, "不是误报", editor),
        lambda s: cases.answer_with(ctx, s, case.id, "abc234", editor),
    ]
    seen: list[tuple[object, ...]] = [("queued", None, None, None)]
    for step in steps:
        async with database.write() as session:
            after = await step(session)  # type: ignore[no-untyped-call]
            seen.append((after.state, after.claimed_by, after.dismissed_reason, after.answered_with))
    for expected in reversed(seen[:-1]):
        async with database.write() as session:
            back = await cases.undo(ctx, session, case.id, editor)
        assert (back.state, back.claimed_by, back.dismissed_reason, back.answered_with) == expected
    with pytest.raises(IllegalTransition):
        async with database.write() as session:
            await cases.undo(ctx, session, case.id, editor)


async def test_nobody_undoes_what_somebody_else_did(
    ctx: Context, database: Database, editor: Actor, second_editor: Actor
) -> None:
    case = await by_hand(ctx, database, editor, RUMOR)
    async with database.write() as session:
        await cases.dismiss(ctx, session, case.id, "重复", editor)
    with pytest.raises(Conflict):
        async with database.write() as session:
            await cases.undo(ctx, session, case.id, second_editor)


async def test_every_act_is_in_the_audit_log_and_on_the_page(
    ctx: Context, database: Database, editor: Actor
) -> None:
    case = await by_hand(ctx, database, editor, RUMOR)
    async with database.write() as session:
        await cases.claim(ctx, session, case.id, editor)
        await cases.dismiss(ctx, session, case.id, "重复", editor)
        await cases.undo(ctx, session, case.id, editor)
    async with database.read() as session:
        found = await cases.case_page(session, case.id)
        entries = (await session.exec(select(AuditEntry).order_by(col(AuditEntry.seq)))).all()
    acts = ["case.open", "case.claim", "case.dismiss", "case.undo"]
    assert [entry.act for entry in entries] == acts
    assert [entry.act for entry in found.history] == acts[::-1]
    assert found.history[1].reason == "重复"


async def test_the_queue_is_ordered_filtered_and_paged_without_gaps(
    ctx: Context, database: Database, editor: Actor, clock: Clock
) -> None:
    for number in range(7):
        await by_hand(
            ctx, database, editor, f"网传第{number}号水库要泄洪", "rumor" if number % 2 else "question"
        )
        clock.move(minutes=number % 3)
    view, cursor, names = QueueView(), None, []
    async with database.read() as session:
        while True:
            page = await cases.queue(session, view, cursor, limit=3)
            names += [row.case.title for row in page.rows]
            cursor = page.next
            if cursor is None:
                break
        assert len(names) == len(set(names)) == 7
        order = [row.case for row in (await cases.queue(session, view)).rows]
        keys = [(case.priority, case.last_seen, case.id.hex) for case in order]
        assert keys == sorted(keys, reverse=True)
        assert len((await cases.queue(session, QueueView(kind="question"))).rows) == 4
        assert len((await cases.queue(session, QueueView(text="第3号"))).rows) == 1
        assert (await cases.queue(session, QueueView(text="100%_号"))).rows == ()
        assert (await cases.queue(session, QueueView(region="360902"))).rows == ()
        for bad in ("x", "W10", "W251bGwsIDEsIDJd"):
            with pytest.raises(Invalid):
                await cases.queue(session, view, bad)


async def test_a_tip_that_nobody_triaged_yet_is_received(ctx: Context, database: Database) -> None:
    async with database.write() as session:
        _, token = await tips.submit(
            ctx, session, "听说明天全城停水，是真的吗？", "", "360902", "13800000000"
        )
    async with database.read() as session:
        assert (await tips.status(session, token)).state == "received"
        with pytest.raises(NotFound):
            await tips.status(session, token[:-1] + "?")


async def test_evidence_of_a_hand_made_case_says_who_noted_it(
    ctx: Context, database: Database, editor: Actor
) -> None:
    case = await by_hand(ctx, database, editor, RUMOR, "emergency")
    async with database.read() as session:
        (note,) = await evidence.of_case(session, case.id)
    assert (note.kind, note.source_name, note.text) == ("hand", "李编辑", "热线里有人反映。")
    assert (case.kind, case.sources, case.demand) == ("emergency", 0, 0)
    assert [reason["code"] for reason in case.reasons] == ["by_hand"]
