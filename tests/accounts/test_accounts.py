"""Making, enabling, disabling and resetting accounts."""

from __future__ import annotations

from uuid import uuid4

import pytest

from content.errors import NotAllowed
from content.permissions import SERVICE, Actor
from service.context import Context
from service.errors import Conflict, Forbidden, Invalid, NotFound
from service.store.engine import Database
from service.store.tables import User
from service.usecases import accounts
from service.usecases.audit import verify
from tests.accounts.conftest import PASSWORD, Hire
from tests.conftest import Clock, actor


def as_actor(user: User) -> Actor:
    return Actor(user.id, user.name, frozenset(user.roles))


async def test_what_a_system_administrator_makes_sleeps_until_the_security_administrator_wakes_it(
    ctx: Context, database: Database, sysadmin: Actor, secadmin: Actor
) -> None:
    async with database.write() as session:
        user, token = await accounts.create_user(ctx, session, "li", ["editor"], sysadmin)
        await accounts.set_password(ctx, session, token, PASSWORD)
    with pytest.raises(accounts.LoginRefused):
        await accounts.login(ctx, database, "li", PASSWORD)
    async with database.write() as session:
        await accounts.enable(ctx, session, user.id, secadmin)
    await accounts.login(ctx, database, "li", PASSWORD)


@pytest.mark.parametrize("role", ["editor", "issuer", "expert", "auditor"])
async def test_others_make_no_accounts(ctx: Context, db: Database, role: str) -> None:
    with pytest.raises(NotAllowed):
        async with db.write() as session:
            await accounts.create_user(ctx, session, "li", ["editor"], actor("wer", role))


async def test_a_system_administrator_gives_no_rights(ctx: Context, db: Database, sysadmin: Actor) -> None:
    for act in (accounts.enable, accounts.disable, accounts.reset):
        with pytest.raises(NotAllowed):
            async with db.write() as session:
                await act(ctx, session, uuid4(), sysadmin)


@pytest.mark.parametrize(
    "roles",
    [[], ["boss"], ["sysadmin", "secadmin"], ["auditor", "editor"], ["secadmin", "issuer"]],
    ids=lambda roles: "+".join(roles) or "none",
)
async def test_roles_that_exclude_one_another_are_refused(
    ctx: Context, db: Database, roles: list[str]
) -> None:
    with pytest.raises(Invalid):
        async with db.write() as session:
            await accounts.create_user(ctx, session, "li", roles, SERVICE)


@pytest.mark.parametrize("name", ["", "a", "li na", "../etc", "<b>", "-x"])
async def test_odd_names_are_refused(ctx: Context, db: Database, name: str) -> None:
    with pytest.raises(Invalid):
        async with db.write() as session:
            await accounts.create_user(ctx, session, name, ["editor"], SERVICE)


async def test_two_accounts_never_share_a_name(ctx: Context, database: Database, hire: Hire) -> None:
    await hire("李娜", "editor")
    with pytest.raises(Conflict):
        await hire(" 李娜", "editor")


async def test_the_last_security_administrator_cannot_be_shut_out(
    ctx: Context, database: Database, hire: Hire
) -> None:
    first = await hire("zhou", "secadmin")
    with pytest.raises(Conflict):
        async with database.write() as session:
            await accounts.disable(ctx, session, first.id, as_actor(first))
    with pytest.raises(Conflict):
        async with database.write() as session:
            await accounts.edit_roles(ctx, session, first.id, ["editor"], SERVICE)
    second = await hire("wu", "secadmin")
    async with database.write() as session:
        await accounts.disable(ctx, session, first.id, as_actor(second))


async def test_nobody_gives_rights_to_themselves(ctx: Context, database: Database, hire: Hire) -> None:
    first, _ = await hire("zhou", "secadmin"), await hire("wu", "secadmin")
    with pytest.raises(Forbidden):
        async with database.write() as session:
            await accounts.edit_roles(ctx, session, first.id, ["editor", "issuer"], as_actor(first))


async def test_other_rights_end_the_sessions(ctx: Context, database: Database, hire: Hire) -> None:
    user = await hire("li", "editor")
    _, token = await accounts.login(ctx, database, "li", PASSWORD)
    async with database.write() as session:
        await accounts.edit_roles(ctx, session, user.id, ["issuer"], SERVICE)
    async with database.read() as session:
        assert await accounts.authenticate(ctx, session, token) is None


async def test_a_setup_link_works_once_and_for_three_days(
    ctx: Context, database: Database, clock: Clock
) -> None:
    async with database.write() as session:
        _, token = await accounts.create_user(ctx, session, "li", ["editor"], SERVICE)
        _, other = await accounts.create_user(ctx, session, "wang", ["issuer"], SERVICE)
        await accounts.set_password(ctx, session, token, PASSWORD)
    for gone in (token, "erfunden", ""):
        with pytest.raises(NotFound):
            async with database.write() as session:
                await accounts.set_password(ctx, session, gone, PASSWORD)
    clock.move(hours=73)
    with pytest.raises(NotFound):
        async with database.write() as session:
            await accounts.set_password(ctx, session, other, PASSWORD)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("短密码", "password_too_short"),
        ("1234567890", "password_too_common"),
        ("aaaaaaaaaaaa", "password_too_common"),
        ("li.na.2026.abc", "password_too_common"),
        ("长" * 201, "password_too_long"),
    ],
)
async def test_weak_passwords_are_refused_with_the_reason(
    ctx: Context, db: Database, password: str, code: str
) -> None:
    async with db.write() as session:
        _, token = await accounts.create_user(ctx, session, "li.na", ["editor"], SERVICE)
        with pytest.raises(Invalid) as refused:
            await accounts.set_password(ctx, session, token, password)
        assert refused.value.details["code"] == code
        await accounts.set_password(ctx, session, token, PASSWORD)


async def test_a_reset_takes_password_and_sessions_and_gives_a_new_link(
    ctx: Context, database: Database, hire: Hire
) -> None:
    user = await hire("li", "editor")
    _, session_token = await accounts.login(ctx, database, "li", PASSWORD)
    async with database.write() as session:
        _, link = await accounts.reset(ctx, session, user.id, SERVICE)
    async with database.read() as session:
        assert await accounts.authenticate(ctx, session, session_token) is None
    with pytest.raises(accounts.LoginRefused):
        await accounts.login(ctx, database, "li", PASSWORD)
    async with database.write() as session:
        await accounts.set_password(ctx, session, link, PASSWORD + "新")
    await accounts.login(ctx, database, "li", PASSWORD + "新")


async def test_changing_ones_password_wants_the_old_one_and_ends_the_sessions(
    ctx: Context, database: Database, hire: Hire
) -> None:
    user = await hire("li", "editor")
    _, token = await accounts.login(ctx, database, "li", PASSWORD)
    async with database.write() as session:
        with pytest.raises(Invalid):
            await accounts.change_password(ctx, session, "falsch", PASSWORD + "新", as_actor(user))
        await accounts.change_password(ctx, session, PASSWORD, PASSWORD + "新", as_actor(user))
    async with database.read() as session:
        assert await accounts.authenticate(ctx, session, token) is None


async def test_the_first_start_gives_links_for_the_two_first_administrators_until_one_is_used(
    ctx: Context, database: Database
) -> None:
    async with database.write() as session:
        first = await accounts.first_links(ctx, session)
    assert [name for name, _ in first] == ["secadmin", "sysadmin"]
    async with database.write() as session:
        again = await accounts.first_links(ctx, session)
    assert again != first
    async with database.write() as session:
        with pytest.raises(NotFound):
            await accounts.set_password(ctx, session, first[0][1], PASSWORD)
        await accounts.set_password(ctx, session, again[0][1], PASSWORD)
    async with database.write() as session:
        assert await accounts.first_links(ctx, session) == []
        await accounts.set_password(ctx, session, again[1][1], PASSWORD)


async def test_every_change_of_an_account_is_in_the_audit_log_without_secrets(
    ctx: Context, database: Database, hire: Hire
) -> None:
    user = await hire("li", "editor")
    async with database.write() as session:
        await accounts.disable(ctx, session, user.id, SERVICE, "调离")
    async with database.read() as session:
        report = await verify(ctx, session)
    assert report.good
    assert report.entries == 3
