"""Nobody is left with a question that needs no answer any more."""

from __future__ import annotations

from uuid import UUID

from content.permissions import Actor
from service.context import Context
from service.store import assignments as store
from service.store.engine import Database
from service.usecases import assignments, cases
from tests.usecases.expert_people import case, expert
from tests.writing import published


async def asked(ctx: Context, db: Database, editor: Actor) -> tuple[UUID, UUID]:
    """A rumor that one expert has been asked about: the case and the assignment."""
    person = await expert(ctx, db, editor, "示例甲")
    rumor = await case(ctx, db)
    async with db.write() as s:
        made = await assignments.offer(ctx, s, rumor.id, person.id, "菠菜豆腐同吃会中毒吗？", editor)
    return rumor.id, made.id


async def end_of(db: Database, assignment_id: UUID) -> tuple[str, str]:
    async with db.read() as s:
        found = await store.load(s, assignment_id)
    return found.state, found.note


async def test_a_dismissed_case_takes_its_questions_back(
    ctx: Context, database: Database, editor: Actor
) -> None:
    case_id, assignment_id = await asked(ctx, database, editor)
    async with database.write() as s:
        await cases.dismiss(ctx, s, case_id, "查无此事，不再传播", editor)
    assert await end_of(database, assignment_id) == ("withdrawn", "查无此事，不再传播")


async def test_an_answer_from_before_takes_the_questions_back(
    ctx: Context, db: Database, editor: Actor, issuer: Actor
) -> None:
    earlier = await published(ctx, db, editor, issuer)
    case_id, assignment_id = await asked(ctx, db, editor)
    async with db.write() as s:
        await cases.answer_with(ctx, s, case_id, earlier.public_id, editor)
    assert await end_of(db, assignment_id) == ("withdrawn", assignments.CASE_ANSWERED)


async def test_publishing_about_a_case_takes_its_questions_back(
    ctx: Context, db: Database, editor: Actor, issuer: Actor
) -> None:
    case_id, assignment_id = await asked(ctx, db, editor)
    await published(ctx, db, editor, issuer, case_id=case_id)
    assert await end_of(db, assignment_id) == ("withdrawn", assignments.CASE_ANSWERED)
