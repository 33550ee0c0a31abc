"""Approved now, out at the chosen moment: exactly that text, once, looked at again, or not at all."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from content.errors import NotAllowed, Refusal, StaleRevision
from content.permissions import Actor
from content.pieces import Piece, Revision
from content.review import Text
from content.scheduling import Embargoed, Unplannable
from service.context import Context
from service.store import accounts, publications
from service.store import pieces as rows
from service.store.engine import Database
from service.store.tables.accounts import User
from service.usecases import audit, pieces, publish, review, scheduling
from tests.conftest import Clock
from tests.writing import REBUTTAL, approved, written

HOUR = timedelta(hours=1)


@pytest.fixture
async def scheduler(ctx: Context, database: Database, issuer: Actor) -> Actor:
    """The issuer with an account, since at the moment itself the account is asked."""
    async with database.write() as session:
        assert issuer.id
        now = ctx.now()
        session.add(
            User(
                id=issuer.id,
                name="issuer",
                display_name=issuer.name,
                roles=["issuer"],
                created_at=now,
                updated_at=now,
            )
        )
    return issuer


async def ready(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, **body: Any
) -> tuple[Piece, Revision]:
    piece, revision = await written(ctx, db, editor, REBUTTAL.model_copy(update=body))
    await approved(ctx, db, piece, revision, editor, issuer)
    return piece, revision


async def plan(
    ctx: Context, db: Database, piece: Piece, revision: Revision, by: Actor, at: timedelta = HOUR, **more: Any
) -> None:
    async with db.write() as session:
        text = Text(revision.number, revision.sha256)
        await scheduling.schedule(ctx, session, piece.id, ctx.now() + at, text, by, **more)


async def now_is(db: Database, piece_id: UUID) -> Piece:
    async with db.read() as session:
        return await rows.load(session, piece_id)


async def test_it_goes_out_at_its_moment_and_once(
    ctx: Context, database: Database, editor: Actor, scheduler: Actor, clock: Clock
) -> None:
    piece, revision = await ready(ctx, database, editor, scheduler)
    await plan(ctx, database, piece, revision, scheduler)
    assert await scheduling.release_due(ctx, database) == 0
    clock.move(minutes=61)
    went = await asyncio.gather(*(scheduling.release_due(ctx, database) for _ in range(4)))
    assert sum(went) == 1
    found = await now_is(database, piece.id)
    assert (found.state, found.publish_at, found.schedule) == ("published", None, None)
    async with database.read() as session:
        [publication] = await publications.page(session)
    assert (publication.sha256, publication.by_id) == (revision.sha256, scheduler.id)
    async with database.read() as session:
        assert (await audit.verify(ctx, session)).good


async def test_an_edit_or_a_return_ends_the_schedule(
    ctx: Context, database: Database, editor: Actor, scheduler: Actor, clock: Clock
) -> None:
    piece, revision = await ready(ctx, database, editor, scheduler)
    await plan(ctx, database, piece, revision, scheduler)
    async with database.write() as session:
        await pieces.save(
            ctx, session, piece.id, REBUTTAL.model_copy(update={"why": "另有依据。"}), editor, revision.number
        )
    other, text = await ready(ctx, database, editor, scheduler)
    await plan(ctx, database, other, text, scheduler)
    async with database.write() as session:
        await review.return_(ctx, session, other.id, text.number, text.sha256, "再等等", scheduler)
    clock.move(minutes=61)
    assert await scheduling.release_due(ctx, database) == 0
    assert [(await now_is(database, p.id)).schedule for p in (piece, other)] == [None, None]


async def test_a_person_may_call_it_off_or_publish_before_unless_it_is_under_embargo(
    ctx: Context, database: Database, editor: Actor, scheduler: Actor, clock: Clock
) -> None:
    piece, revision = await ready(ctx, database, editor, scheduler)
    await plan(ctx, database, piece, revision, scheduler, embargo=True)
    async with database.write() as session:
        with pytest.raises(Embargoed):
            await publish.publish(ctx, session, piece.id, scheduler)
    async with database.write() as session:
        await scheduling.unschedule(ctx, session, piece.id, scheduler)
    clock.move(minutes=61)
    assert await scheduling.release_due(ctx, database) == 0
    await plan(ctx, database, piece, revision, scheduler)
    async with database.write() as session:
        await publish.publish(ctx, session, piece.id, scheduler)
    clock.move(minutes=61)
    assert await scheduling.release_due(ctx, database) == 0


async def test_an_embargoed_text_goes_out_at_its_moment(
    ctx: Context, database: Database, editor: Actor, scheduler: Actor, clock: Clock
) -> None:
    piece, revision = await ready(ctx, database, editor, scheduler)
    await plan(ctx, database, piece, revision, scheduler, embargo=True)
    clock.move(minutes=60)
    assert await scheduling.release_due(ctx, database) == 1


async def test_too_late_is_missed_and_waits_for_a_person(
    ctx: Context, database: Database, editor: Actor, scheduler: Actor, clock: Clock
) -> None:
    piece, revision = await ready(ctx, database, editor, scheduler)
    await plan(ctx, database, piece, revision, scheduler)
    clock.move(hours=8)
    assert await scheduling.release_due(ctx, database) == 0
    found = await now_is(database, piece.id)
    assert found.state == "approved"
    assert (found.publish_at, (found.schedule or {})["missed"]) == (None, "late")
    assert await scheduling.release_due(ctx, database) == 0


async def test_who_scheduled_it_must_still_be_there_and_still_have_the_right(
    ctx: Context, database: Database, editor: Actor, scheduler: Actor, clock: Clock
) -> None:
    why = []
    for change in ({"disabled_at": ctx.now()}, {"disabled_at": None, "roles": ["expert"]}):
        piece, revision = await ready(ctx, database, editor, scheduler)
        await plan(ctx, database, piece, revision, scheduler)
        async with database.write() as session:
            assert scheduler.id
            await accounts.save(session, await accounts.load(session, scheduler.id), ctx.now(), **change)
        clock.move(minutes=61)
        assert await scheduling.release_due(ctx, database) == 0
        why.append(((await now_is(database, piece.id)).schedule or {})["missed"])
    assert why == ["scheduler_gone", "forbidden"]


@pytest.mark.parametrize("at", [timedelta(), -HOUR, timedelta(days=91), timedelta(days=3)])
async def test_the_moment_is_ahead_near_and_before_the_text_expires(
    ctx: Context, database: Database, editor: Actor, scheduler: Actor, at: timedelta
) -> None:
    piece, revision = await ready(ctx, database, editor, scheduler, valid_until=date(2026, 11, 26))
    with pytest.raises(Unplannable):
        await plan(ctx, database, piece, revision, scheduler, at)


async def test_only_an_approved_text_exactly_as_seen_by_somebody_who_may_publish(
    ctx: Context, database: Database, editor: Actor, scheduler: Actor, sysadmin: Actor
) -> None:
    draft, text = await written(ctx, database, editor)
    piece, revision = await ready(ctx, database, editor, scheduler)
    other = Revision(**revision.model_dump() | {"sha256": "0" * 64})
    for subject, seen, by, error in (
        (draft, text, scheduler, Unplannable), (piece, other, scheduler, StaleRevision),
        (piece, revision, sysadmin, NotAllowed),
    ):  # fmt: skip
        with pytest.raises(error):
            await plan(ctx, database, subject, seen, by)


async def test_an_incident_holds_a_scheduled_everyday_text(
    ctx: Context,
    database: Database,
    editor: Actor,
    scheduler: Actor,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def held(*_: Any) -> bool:
        return True

    piece, revision = await ready(ctx, database, editor, scheduler)
    await plan(ctx, database, piece, revision, scheduler)
    reasoned, text = await ready(ctx, database, editor, scheduler)
    await plan(ctx, database, reasoned, text, scheduler, override="供水恢复，群众在等")
    monkeypatch.setattr(publish, "is_held", held)
    clock.move(minutes=61)
    assert await scheduling.release_due(ctx, database) == 1
    assert ((await now_is(database, piece.id)).schedule or {})["missed"] == "held"
    assert (await now_is(database, reasoned.id)).state == "published"


async def test_a_process_that_dies_before_the_commit_leaves_it_due(
    ctx: Context,
    database: Database,
    editor: Actor,
    scheduler: Actor,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Killed(BaseException):
        pass

    def die(name: str) -> None:
        if name == "publish.before_commit":
            raise Killed

    piece, revision = await ready(ctx, database, editor, scheduler)
    await plan(ctx, database, piece, revision, scheduler)
    clock.move(minutes=61)
    monkeypatch.setattr("service.crash.point", die)
    with pytest.raises(Killed):
        await scheduling.release_due(ctx, database)
    monkeypatch.undo()
    assert (await now_is(database, piece.id)).state == "approved"
    assert await scheduling.release_due(ctx, database) == 1
    assert issubclass(Unplannable, Refusal)
