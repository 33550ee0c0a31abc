"""Which decisions of editors become labels, and what takes them back."""

from __future__ import annotations

import pytest

from content.cases import Case
from content.permissions import Actor
from service.context import Context
from service.errors import Invalid
from service.store import labels
from service.store.engine import Database
from service.usecases import cases, labelling, publish, tips
from service.usecases.triage import triage_pending
from tests import writing
from tests.conftest import Clock
from tests.usecases.newsroom import ShippedAssessor, a_source, all_cases, arrive, by_hand, story
from tests.usecases.story_examples import FLOOD, FOOTBALL, RUMOR


@pytest.fixture(scope="module")
def assessor() -> ShippedAssessor:
    return ShippedAssessor()


async def stand(db: Database) -> set[tuple[str, int | None, str]]:
    async with db.read() as session:
        return {(row.task, row.answer, row.basis) for row in await labels.all_standing(session)}


async def arrived(
    ctx: Context, db: Database, by: Actor, assessor: ShippedAssessor, *told: tuple[str, str]
) -> None:
    source = await a_source(ctx, db, by)
    await arrive(ctx, db, source, *(story(*one) for one in told))
    await triage_pending(ctx, db, assessor)


async def the_case(db: Database, title: str) -> Case:
    return next(case for case in await all_cases(db) if case.title == title)


async def test_what_an_editor_states_is_kept_and_the_last_word_counts(
    ctx: Context,
    database: Database,
    editor: Actor,
    second_editor: Actor,
    assessor: ShippedAssessor,
    clock: Clock,
) -> None:
    await arrived(ctx, database, editor, assessor, FOOTBALL)
    case = await the_case(database, FOOTBALL[0])
    async with database.write() as session:
        await cases.label(ctx, session, case.id, "emergency", editor, hazard="flood")
    assert ("emergency", 1, "stated") in await stand(database)
    clock.move(seconds=5)
    async with database.write() as session:
        await cases.label(ctx, session, case.id, "ordinary", editor)
    assert await stand(database) == {(t, 0, "stated") for t in ("rumor", "debunk", "emergency")}
    async with database.write() as session:
        await cases.label(ctx, session, case.id, "rumor", second_editor)
    assert ("rumor", 1, "stated") in await stand(database), "each editor has a word of their own"
    clock.move(seconds=5)
    async with database.write() as session:
        await cases.label(ctx, session, case.id, "nothing", second_editor)
    assert ("rumor", 1, "stated") not in await stand(database)


async def test_a_label_names_nobody_but_tells_editors_apart(
    ctx: Context, db: Database, editor: Actor, second_editor: Actor
) -> None:
    one, other = labelling.pseudonym(ctx, editor), labelling.pseudonym(ctx, second_editor)
    assert one != other
    assert one == labelling.pseudonym(ctx, editor)
    assert str(editor.id) not in one
    assert editor.name not in one


async def test_an_unknown_statement_is_refused(ctx: Context, db: Database, editor: Actor) -> None:
    case = await by_hand(ctx, db, editor, RUMOR[0])
    for said, hazard in (("lie", None), ("emergency", "aliens")):
        with pytest.raises(Invalid):
            async with db.write() as session:
                await cases.label(ctx, session, case.id, said, editor, hazard=hazard)


async def test_a_reason_alone_teaches_nothing_but_what_is_said_with_it_does(
    ctx: Context, db: Database, editor: Actor, assessor: ShippedAssessor, clock: Clock
) -> None:
    await arrived(ctx, db, editor, assessor, FLOOD, FOOTBALL)
    async with db.write() as session:
        await cases.dismiss(ctx, session, (await the_case(db, FLOOD[0])).id, "别处在管", editor)
    assert await stand(db) == set()
    football = (await the_case(db, FOOTBALL[0])).id
    async with db.write() as session:
        await cases.dismiss(ctx, session, football, "与科普无关", editor, said="ordinary")
    assert await stand(db) == {(t, 0, "dismissed") for t in ("rumor", "debunk", "emergency")}
    clock.move(seconds=5)
    async with db.write() as session:
        await cases.undo(ctx, session, football, editor)
    assert await stand(db) == set()


async def test_a_verdict_teaches_about_what_spread_the_claim_until_it_is_retracted(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, assessor: ShippedAssessor, clock: Clock
) -> None:
    await arrived(ctx, db, editor, assessor, RUMOR)
    case = await the_case(db, RUMOR[0])
    out = await writing.published(ctx, db, editor, issuer, case_id=case.id)
    assert await stand(db) == {("rumor", 1, "verdict")}
    clock.move(seconds=5)
    await writing.corrected(ctx, db, out.public_id, editor, issuer, verdict="true")
    assert await stand(db) == {("rumor", 0, "verdict")}, "a correction judges anew"
    clock.move(seconds=5)
    async with db.write() as session:
        await publish.retract(ctx, session, out.public_id, "检测数据有误", editor)
    assert await stand(db) == set()


async def test_an_earlier_answer_teaches_too_and_official_texts_never(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, assessor: ShippedAssessor
) -> None:
    out = await writing.published(ctx, db, editor, issuer)
    official = await a_source(ctx, db, editor, "应急管理局", authority=True)
    await arrive(ctx, db, official, story(*FLOOD))
    await arrived(ctx, db, editor, assessor, RUMOR)
    for title in (FLOOD[0], RUMOR[0]):
        async with db.write() as session:
            await cases.answer_with(ctx, session, (await the_case(db, title)).id, out.public_id, editor)
    assert await stand(db) == {("rumor", 1, "verdict")}


async def test_the_public_s_own_words_teach_nothing(
    ctx: Context, db: Database, editor: Actor, assessor: ShippedAssessor
) -> None:
    async with db.write() as session:
        await tips.submit(ctx, session, "听说喝白酒能防感冒，我妈天天喝，是真的吗？", "", None, "")
    await triage_pending(ctx, db, assessor)
    (case,) = await all_cases(db)
    async with db.write() as session:
        await cases.label(ctx, session, case.id, "rumor", editor)
    assert await stand(db) == set()


async def test_a_merge_says_that_two_texts_are_the_same_matter(
    ctx: Context, db: Database, editor: Actor, assessor: ShippedAssessor, clock: Clock
) -> None:
    await arrived(ctx, db, editor, assessor, FLOOD, FOOTBALL)
    one, other = await the_case(db, FLOOD[0]), await the_case(db, FOOTBALL[0])
    async with db.write() as session:
        await cases.merge(ctx, session, other.id, one.id, editor)
    assert await stand(db) == {("same", 1, "merged")}
    clock.move(seconds=5)
    async with db.write() as session:
        await cases.undo(ctx, session, other.id, editor)
    assert await stand(db) == set()


async def test_an_exercise_teaches_nothing(ctx: Context, db: Database, editor: Actor) -> None:
    case = await by_hand(ctx, db, editor, RUMOR[0])
    async with db.write() as session:
        exercise = Case(**case.model_dump() | {"id": ctx.new_id(), "exercise": True})
        session.add(exercise)
        await session.flush()
        await cases.label(ctx, session, exercise.id, "rumor", editor)
        await labelling.conclude(ctx, session, exercise, "false", editor)
    assert await stand(db) == set()
