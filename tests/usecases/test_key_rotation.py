"""The contact key is changed: everything can be read before, after, and wherever it was killed."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary
from sqlmodel import SQLModel

from content.errors import NotAllowed
from content.permissions import Actor
from service import crash, keys
from service.context import Context
from service.errors import Conflict, Invalid
from service.keys import Keys
from service.store import channels as channel_store
from service.store import experts as expert_store
from service.store import leases
from service.store.engine import Database, make_engine
from service.store.tables import Channel, Expert, Tip, User
from service.usecases import backup, channels, expert_rows, key_rotation
from service.usecases.channels import config_of
from tests.usecases.expert_people import expert

PHONE = "13987650042"
FORK = multiprocessing.get_context("fork")


async def filled(ctx: Context, db: Database, editor: Actor, sysadmin: Actor) -> tuple[Expert, Channel]:
    """One value of each kind that is sealed."""
    person = await expert(ctx, db, editor, "示例甲", contact={"phone": PHONE, "email": ""})
    now = ctx.now()
    async with db.write() as s:
        url = "https://receiver.example/hook"
        channel, _ = await channels.add(ctx, s, "外发", "webhook", url, sysadmin, secret="s3cret")
        tip_id, user_id = ctx.new_id(), ctx.new_id()
        sealed = ctx.keys.encrypt("tip@example.org", str(tip_id))
        s.add(Tip(id=tip_id, token_sha256="0" * 64, text="问", contact=sealed, created_at=now))
        secret = ctx.keys.encrypt("TOTP", f"totp:{user_id}")
        s.add(User(id=user_id, name="二次验证", password_hash="", roles=["editor"], totp_secret=secret,
                   created_at=now, updated_at=now))  # fmt: skip
    return person, channel


async def readable(ctx: Context, db: Database, person: Expert, channel: Channel) -> bool:
    """Whether a process that starts now reads everything."""
    fresh = replace(ctx, keys=keys.load(ctx.settings.data_dir))
    async with db.read() as s:
        row = await expert_store.load(s, person.id)
        contact = expert_rows.opened(fresh, row)
        config = config_of(fresh, await channel_store.load(s, channel.id))
    return contact is not None and contact.phone == PHONE and config.secret == "s3cret"


async def test_everything_is_sealed_with_the_new_key_and_with_it_alone(
    ctx: Context, database: Database, editor: Actor, sysadmin: Actor, secadmin: Actor
) -> None:
    person, channel = await filled(ctx, database, editor, sysadmin)
    assert await key_rotation.rotate(ctx, database, secadmin) == 4
    new = keys.load(ctx.settings.data_dir)
    assert new.contact != ctx.keys.contact
    assert (new.session, new.audit, new.spare) == (ctx.keys.session, ctx.keys.audit, ())
    assert await readable(ctx, database, person, channel)
    async with database.read() as s:
        row = await expert_store.load(s, person.id)
        with pytest.raises(Invalid):
            expert_rows.opened(ctx, row)
    assert sorted(path.name for path in (ctx.settings.data_dir / "keys").iterdir()) == [
        "audit.key", "contact.key", "session.key",
    ]  # fmt: skip


@pytest.mark.parametrize("point", ["keys.after_commit", "keys.after_change"])
async def test_killed_anywhere_it_stays_readable_and_goes_on(
    ctx: Context, db: Database, editor: Actor, sysadmin: Actor, secadmin: Actor, point: str
) -> None:
    person, channel = await filled(ctx, db, editor, sysadmin)
    await db.dispose()
    killed = FORK.Process(target=die, args=(ctx, secadmin, point))
    killed.start()
    killed.join(60)
    assert killed.exitcode == -9
    assert keys.rotating(ctx.settings.data_dir)
    assert await readable(ctx, db, person, channel)
    with pytest.raises(Conflict):
        await backup.write(ctx, Path(ctx.settings.data_dir) / "half.tar.gz")
    again = replace(ctx, keys=keys.load(ctx.settings.data_dir))
    assert await key_rotation.rotate(again, db, secadmin) == 4
    assert await readable(ctx, db, person, channel)
    assert not keys.rotating(ctx.settings.data_dir)


def die(ctx: Context, by: Actor, point: str) -> None:
    async def run() -> None:
        crash.arm(f"{point}:1")
        await key_rotation.rotate(ctx, Database(make_engine(ctx.settings.db_url)), by)

    asyncio.run(run())
    os._exit(0)


async def test_a_value_that_no_key_opens_changes_nothing(
    ctx: Context, db: Database, editor: Actor, sysadmin: Actor, secadmin: Actor
) -> None:
    person, channel = await filled(ctx, db, editor, sysadmin)
    broken = await expert(ctx, db, editor, "示例乙")
    async with db.write() as s:
        row = await expert_store.load(s, broken.id)
        await expert_store.save(s, row, ctx.now(), contact=b"not sealed by anybody")
    with pytest.raises(Invalid):
        await key_rotation.rotate(ctx, db, secadmin)
    assert await readable(ctx, db, person, channel)
    async with db.read() as s:
        kept = await expert_store.load(s, person.id)
        assert kept.contact == person.contact


async def test_not_while_somebody_works_and_not_by_anybody(
    ctx: Context, db: Database, editor: Actor, secadmin: Actor
) -> None:
    async with db.write() as s:
        await leases.beat(s, "w-1", ctx.now())
    with pytest.raises(Conflict):
        await key_rotation.rotate(ctx, db, secadmin)
    with pytest.raises(NotAllowed):
        await key_rotation.rotate(ctx, db, editor)


def test_every_column_of_bytes_is_sealed_anew() -> None:
    """A new column of sealed bytes must be added to the rotation."""
    known = {(one.model.__tablename__, one.column) for one in key_rotation.COLUMNS}
    found = {
        (table.name, column.name)
        for table in SQLModel.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert found == known


def test_spare_keys_only_read() -> None:
    old, new = Keys(b"1" * 32, b"", b""), Keys(b"2" * 32, b"", b"", spare=(b"1" * 32,))
    assert new.decrypt(old.encrypt("x", "row"), "row") == "x"
    with pytest.raises(Invalid):
        old.decrypt(new.encrypt("x", "row"), "row")
