"""A link opens one assignment on a phone, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import col, select

from content.audit import AuditEntry
from content.errors import IllegalTransition, NotAllowed
from content.permissions import Actor
from service.context import Context
from service.errors import NotFound
from service.store import assignments as store
from service.store.engine import Database
from service.usecases import assignment_links as links
from service.usecases import assignments
from tests.conftest import Clock
from tests.usecases.expert_people import case, expert

SOURCE = {"title": "食品安全国家标准"}
SAID = "菠菜焯水后与豆腐同食没有问题，草酸钙不会中毒。"


async def linked(ctx: Context, db: Database, editor: Actor) -> tuple[UUID, str]:
    person = await expert(ctx, db, editor, "示例甲")
    rumor = await case(ctx, db)
    async with db.write() as s:
        made = await assignments.offer(ctx, s, rumor.id, person.id, "菠菜豆腐？", editor)
        return made.id, await links.make(ctx, s, made.id, editor)


async def test_the_holder_reads_answers_and_is_done(ctx: Context, database: Database, editor: Actor) -> None:
    assignment_id, token = await linked(ctx, database, editor)
    async with database.read() as s:
        page = await links.page(ctx, s, token)
    assert (page.assignment.id, page.others) == (assignment_id, ())
    async with database.write() as s:
        await links.accept(ctx, s, token)
    async with database.write() as s:
        await links.answer(ctx, s, token, SAID, "false", [SOURCE])
    async with database.read() as s:
        with pytest.raises(NotFound):
            await links.page(ctx, s, token)
        newest = (await s.exec(select(AuditEntry).order_by(col(AuditEntry.seq).desc()))).first()
    assert newest is not None
    assert newest.actor_name == f"link:{assignment_id}"


async def test_the_holder_can_decline(ctx: Context, db: Database, editor: Actor) -> None:
    _, token = await linked(ctx, db, editor)
    async with db.write() as s:
        assert (await links.decline(ctx, s, token, "不在本地", "")).state == "declined"
        with pytest.raises(NotFound):
            await links.accept(ctx, s, token)


async def test_a_link_is_void_when_old_revoked_replaced_or_wrong(
    ctx: Context, db: Database, editor: Actor, clock: Clock
) -> None:
    assignment_id, first = await linked(ctx, db, editor)
    async with db.write() as s:
        second = await links.make(ctx, s, assignment_id, editor, valid=timedelta(hours=1))
        for wrong in (first, "", second[:-1], str(assignment_id)):
            with pytest.raises(NotFound):
                await links.page(ctx, s, wrong)
        await links.page(ctx, s, second)
    clock.move(hours=1)
    async with db.write() as s:
        with pytest.raises(NotFound):
            await links.page(ctx, s, second)
        third = await links.make(ctx, s, assignment_id, editor)
        await links.revoke(ctx, s, assignment_id, editor)
        with pytest.raises(NotFound):
            await links.page(ctx, s, third)


async def test_the_token_itself_is_kept_nowhere(ctx: Context, db: Database, editor: Actor) -> None:
    _, token = await linked(ctx, db, editor)
    await db.dispose()
    files = [path.read_bytes() for path in ctx.settings.data_dir.rglob("*") if path.is_file()]
    assert all(token.encode() not in data for data in files)


async def test_only_the_desk_makes_links_and_only_for_open_questions(
    ctx: Context, db: Database, editor: Actor, expert_actor: Actor
) -> None:
    assignment_id, _ = await linked(ctx, db, editor)
    async with db.write() as s:
        with pytest.raises(NotAllowed):
            await links.make(ctx, s, assignment_id, expert_actor)
        await assignments.withdraw(ctx, s, assignment_id, "弄错了", editor)
        with pytest.raises(IllegalTransition):
            await links.make(ctx, s, assignment_id, editor)
        assert (await store.load(s, assignment_id)).link_sha256 is None
