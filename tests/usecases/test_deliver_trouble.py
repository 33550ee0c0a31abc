"""A disk that is really full, and a clock that is set back by an hour while messages go out: nothing lost, nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import web

from content.delivery_states import DeliveryState
from content.permissions import Actor
from service.context import Context
from service.site.render import is_stale, render_all, render_publication
from service.site.shelf import Shelf
from service.store import leases, publications
from service.store.engine import Database
from service.usecases import deliver
from tests.channels.counter import way
from tests.channels.faults import KINDS, Fault
from tests.conftest import Clock, as_worker
from tests.sinks import sink, status
from tests.small_disk import fill, small_disk
from tests.usecases.sending import YES, add, rows, states
from tests.writing import REBUTTAL, Site, corrected, published, ways_out

SENT, WAITING = DeliveryState.SENT, DeliveryState.WAITING
ROOM = 4 * 2**20


@pytest.fixture
def site_disk(ctx: Context) -> Iterator[Path]:
    """The site's folder on a disk of its own, of 4 MiB."""
    with small_disk(ctx.settings.site_dir, ROOM) as folder:
        yield folder


def whole(shelf: Shelf) -> bool:
    """Whether everything that the manifest names is there."""
    manifest = shelf.manifest()
    return bool(manifest.entries) and all(shelf.whole(entry) for entry in manifest.entries.values())


@pytest.mark.parametrize("leave", [0, 20_000, 100_000], ids=lambda leave: f"{leave} bytes left")
async def test_on_a_full_disk_the_old_site_stands_and_the_new_page_comes_when_there_is_room(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock,
    site_disk: Path, leave: int,
) -> None:  # fmt: skip
    class Real(Site):
        async def __call__(self, public_id: str) -> None:
            await render_publication(ctx, db, public_id)

    shelf = Shelf(site_disk)
    async with sink(YES) as receiver, ways_out(ctx, Real(), receiver.port) as out:
        await add(ctx, db, sysadmin, "渠道", receiver.url)
        first = await published(ctx, db, editor, issuer)
        await deliver.deliver_due(ctx, db, out)
        before, ballast = shelf.path.read_bytes(), fill(site_disk, leave)
        second = await published(
            ctx, db, editor, issuer, REBUTTAL.model_copy(update={"title": "水厂今天照常供水"})
        )
        await corrected(ctx, db, first.public_id, editor, issuer, fact="四十三项指标全部达标。")
        for _ in range(3):
            await deliver.deliver_due(ctx, db, out)
            clock.move(minutes=5)
        assert await states(db, "渠道") == [SENT] * 3, "one dead channel slows no other"
        assert await states(db, "site") == [SENT, DeliveryState.PENDING, WAITING], "the correction goes first"
        assert "disk" in ((await rows(db, "site"))[2].error or "")
        assert (shelf.path.read_bytes(), whole(shelf)) == (before, True)
        ballast.unlink()
        for _ in range(3):
            clock.move(hours=1)
            await deliver.deliver_due(ctx, db, out)
    assert await states(db, "site") == [SENT] * 3
    assert whole(shelf)
    assert {f"/p/{first.public_id}", f"/p/{second.public_id}"} <= set(shelf.manifest().entries)
    assert not leftovers(site_disk), "half a file was left"


def leftovers(folder: Path) -> list[Path]:
    """Files that were begun and never finished."""
    return list(folder.rglob(".new-*"))


async def turns_back(clock: Clock, request: web.Request) -> web.StreamResponse:
    clock.move(hours=-1)
    return await status(503)(request)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_clock_set_back_while_a_message_is_on_its_way_holds_nothing_up_and_repeats_nothing(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock, kind: str
) -> None:
    async with way(ctx, db, clock, kind, sysadmin) as found:
        told = await published(ctx, db, editor, issuer)
        found.counter.fault = Fault(lambda r: turns_back(clock, r), "again")
        await deliver.deliver_due(ctx, db, found.out)
        assert (await found.states(told.public_id), clock.now < told.issued_at) == ([WAITING], True)
        again = await corrected(ctx, db, told.public_id, editor, issuer, fact="四十三项指标全部达标。")
        assert again.issued_at > told.issued_at, "a reader would take the error for the newer"
        for _ in range(4):
            clock.move(minutes=1)
            await deliver.deliver_due(ctx, db, found.out)
        assert await found.states(told.public_id) == [SENT, SENT]
        assert kind == "websub" or found.counter.got == ["publish", "correct"]


@pytest.mark.parametrize("failing", [False, True], ids=["due at once", "waiting after a failure"])
async def test_what_was_due_by_the_other_clock_is_due_by_this_one(
    ctx: Context,
    database: Database,
    editor: Actor,
    issuer: Actor,
    sysadmin: Actor,
    clock: Clock,
    failing: bool,
) -> None:
    async with sink(YES) as receiver, ways_out(ctx, Site(), receiver.port) as out:
        await add(ctx, database, sysadmin, "渠道", receiver.url)
        receiver.behaviours = [status(503)] * failing
        await published(ctx, database, editor, issuer)
        if failing:
            await deliver.deliver_due(ctx, database, out)
        clock.move(hours=-1)
        await deliver.deliver_due(ctx, database, out)
        assert len(receiver.taken) == 1
        await deliver.deliver_due(ctx, database, out)
    assert (await states(database, "渠道"), len(receiver.taken)) == ([SENT], 1)


async def test_a_robot_that_has_spoken_by_the_other_clock_speaks_by_this_one(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock
) -> None:
    async with sink(YES) as receiver, ways_out(ctx, Site(), receiver.port) as out:
        await add(ctx, db, sysadmin, "企微群", receiver.url, "wecom", per_minute=1)
        await published(ctx, db, editor, issuer)
        await deliver.deliver_due(ctx, db, out)
        clock.move(hours=-1)
        await published(ctx, db, editor, issuer)
        await deliver.deliver_due(ctx, db, out)
    assert await states(db, "企微群") == [SENT, SENT]


async def test_a_lease_of_the_other_clock_keeps_no_dead_worker_alive(
    ctx: Context, database: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock
) -> None:
    async with sink(YES) as receiver, ways_out(ctx, Site(), receiver.port) as out:
        channel = await add(ctx, database, sysadmin, "渠道", receiver.url)
        await published(ctx, database, editor, issuer)
        async with database.write() as session:
            await leases.beat(session, "w-dead", ctx.now())
            assert await deliver._claim(as_worker(ctx, "w-dead"), session, channel.id)
        clock.move(hours=-1)
        assert await deliver.recover(ctx, database) == 1
        await deliver.deliver_due(ctx, database, out)
    assert (await states(database, "渠道"), len(receiver.taken)) == ([SENT], 1)


async def test_the_site_of_the_other_clock_is_made_anew_and_changed_pages_get_a_newer_date(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, clock: Clock
) -> None:
    shelf = Shelf(ctx.settings.site_dir)
    told = await published(ctx, db, editor, issuer)
    await render_all(ctx, db)
    before = shelf.manifest()
    clock.move(hours=-1)
    assert await is_stale(ctx, db, before)
    await corrected(ctx, db, told.public_id, editor, issuer, fact="四十三项指标全部达标。")
    await render_all(ctx, db)
    after = shelf.manifest()
    assert not await is_stale(ctx, db, after)
    for path in (f"/p/{told.public_id}", "/", "/feed.xml", "/atom.xml", "/feed.json"):
        assert after.entries[path].modified > before.entries[path].modified, path
    async with db.read() as session:
        versions = await publications.versions(session, told.public_id)
    assert sorted(versions, key=lambda v: v.issued_at) == sorted(versions, key=lambda v: v.sequence)
