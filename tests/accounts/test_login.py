"""Signing in: who gets in, who does not, and what an outsider can tell."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import pyotp
import pytest
from argon2 import PasswordHasher

from content.permissions import SERVICE, Actor
from service.context import Context
from service.errors import TooMany
from service.store import accounts as store
from service.store.engine import Database
from service.store.tables import User
from service.usecases import accounts, passwords
from tests.accounts.conftest import PASSWORD, Hire
from tests.conftest import Clock


async def whoever(ctx: Context, database: Database, token: str) -> Actor | None:
    async with database.read() as session:
        found = await accounts.authenticate(ctx, session, token)
    return found[0] if found else None


async def enrol(ctx: Context, database: Database, user: User) -> str:
    """Set up the second factor; the secret."""
    themselves = Actor(id=user.id, name=user.name)
    async with database.write() as session:
        begun = await accounts.start_totp(ctx, session, themselves)
        code = pyotp.TOTP(begun.secret).at(ctx.now())
        await accounts.enroll_totp(ctx, session, begun.sealed, code, themselves)
    return begun.secret


async def test_the_right_password_opens_a_session_with_the_users_roles(
    ctx: Context, database: Database, hire: Hire
) -> None:
    user = await hire("li", "editor", "issuer")
    _, token = await accounts.login(ctx, database, " LI ", PASSWORD)
    who = await whoever(ctx, database, token)
    assert who is not None
    assert who.id == user.id
    assert who.roles == {"editor", "issuer"}


async def test_every_login_has_a_new_token_and_the_store_has_only_its_hash(
    ctx: Context, database: Database, hire: Hire
) -> None:
    await hire("li", "editor")
    first, one = await accounts.login(ctx, database, "li", PASSWORD)
    _, two = await accounts.login(ctx, database, "li", PASSWORD)
    assert one != two
    assert first.token_sha256 == store.sha256(one)
    assert one not in first.model_dump_json()


async def test_five_wrong_tries_lock_the_name_for_fifteen_minutes(
    ctx: Context, database: Database, hire: Hire, clock: Clock
) -> None:
    await hire("li", "editor")
    for _ in range(5):
        with pytest.raises(accounts.LoginRefused):
            await accounts.login(ctx, database, "li", "falsch falsch")
    with pytest.raises(TooMany) as refused:
        await accounts.login(ctx, database, "li", PASSWORD)
    assert 0 < refused.value.retry_after <= 15 * 60 + 1
    clock.move(minutes=15, seconds=1)
    await accounts.login(ctx, database, "li", PASSWORD)


async def test_guesses_side_by_side_are_counted_too(ctx: Context, database: Database, hire: Hire) -> None:
    await hire("li", "editor")
    guesses = [accounts.login(ctx, database, "li", f"rate mal {n}") for n in range(30)]
    answers = await asyncio.gather(*guesses, return_exceptions=True)
    assert sum(isinstance(answer, accounts.LoginRefused) for answer in answers) == 5
    assert sum(isinstance(answer, TooMany) for answer in answers) == 25


async def test_an_unknown_name_is_answered_and_locked_like_a_known_one(
    ctx: Context, database: Database, hire: Hire
) -> None:
    await hire("li", "editor")
    answers: dict[str, list[tuple[type, str]]] = {"li": [], "nobody": []}
    for name, heard in answers.items():
        for _ in range(7):
            with pytest.raises((accounts.LoginRefused, TooMany)) as refused:
                await accounts.login(ctx, database, name, "falsch falsch")
            heard.append((refused.type, str(refused.value)))
    assert answers["li"] == answers["nobody"]


async def test_an_unknown_name_takes_as_long(
    ctx: Context, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "hasher", PasswordHasher())
    stored = passwords.hasher.hash(PASSWORD)

    async def seconds(password_hash: str | None) -> float:
        best = 9.0
        for _ in range(3):
            started = time.perf_counter()
            assert not await passwords.matches(password_hash, "falsch falsch")
            best = min(best, time.perf_counter() - started)
        return best

    known, unknown = await seconds(stored), await seconds(None)
    assert 0.4 < unknown / known < 2.5


async def test_a_good_login_forgets_earlier_slips(ctx: Context, database: Database, hire: Hire) -> None:
    await hire("li", "editor")
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(accounts.LoginRefused):
                await accounts.login(ctx, database, "li", "falsch falsch")
        await accounts.login(ctx, database, "li", PASSWORD)


async def test_a_session_ends_when_idle_and_at_its_limit(
    ctx: Context, database: Database, hire: Hire, clock: Clock
) -> None:
    await hire("li", "editor")
    login, token = await accounts.login(ctx, database, "li", PASSWORD)
    for _ in range(16):  # eight hours of steady work
        assert await whoever(ctx, database, token)
        clock.move(minutes=29, seconds=50)
        await accounts.touch(ctx, database, token, login)
    clock.move(minutes=5)
    assert await whoever(ctx, database, token) is None
    _, token = await accounts.login(ctx, database, "li", PASSWORD)
    clock.move(minutes=30)
    assert await whoever(ctx, database, token) is None


async def test_signing_out_ends_the_session_on_the_server(
    ctx: Context, database: Database, hire: Hire
) -> None:
    user = await hire("li", "editor")
    _, token = await accounts.login(ctx, database, "li", PASSWORD)
    async with database.write() as session:
        await accounts.logout(ctx, session, token, Actor(user.id, "li"))
    assert await whoever(ctx, database, token) is None


async def test_a_disabled_account_is_out_at_once_and_stays_out(
    ctx: Context, database: Database, hire: Hire
) -> None:
    user = await hire("li", "editor")
    _, token = await accounts.login(ctx, database, "li", PASSWORD)
    async with database.write() as session:
        await accounts.disable(ctx, session, user.id, SERVICE, "调离")
    assert await whoever(ctx, database, token) is None
    with pytest.raises(accounts.LoginRefused):
        await accounts.login(ctx, database, "li", PASSWORD)
    async with database.write() as session:
        await accounts.enable(ctx, session, user.id, SERVICE)
    assert await whoever(ctx, database, token) is None
    await accounts.login(ctx, database, "li", PASSWORD)


async def test_with_a_second_factor_the_password_alone_is_not_enough(
    ctx: Context, database: Database, hire: Hire
) -> None:
    secret = await enrol(ctx, database, await hire("li", "editor"))
    for code in ("", "000000", "abc"):
        with pytest.raises(accounts.LoginRefused):
            await accounts.login(ctx, database, "li", PASSWORD, code)
    later = replace(ctx, now=lambda: ctx.now().replace(minute=5))
    await accounts.login(later, database, "li", PASSWORD, pyotp.TOTP(secret).at(later.now()))


async def test_a_code_is_good_once(ctx: Context, database: Database, hire: Hire, clock: Clock) -> None:
    secret = await enrol(ctx, database, await hire("li", "editor"))
    clock.move(minutes=1)
    code = pyotp.TOTP(secret).at(ctx.now())
    await accounts.login(ctx, database, "li", PASSWORD, code)
    with pytest.raises(accounts.LoginRefused):
        await accounts.login(ctx, database, "li", PASSWORD, code)


async def test_in_production_staff_without_a_second_factor_have_no_roles_yet(
    ctx: Context, database: Database, hire: Hire, clock: Clock
) -> None:
    prod = replace(ctx, settings=ctx.settings.model_copy(update={"env": "prod"}))
    user = await hire("li", "editor")
    login, token = await accounts.login(prod, database, "li", PASSWORD)
    assert login.must_enroll
    who = await whoever(prod, database, token)
    assert who is not None
    assert who.roles == frozenset()
    secret = await enrol(prod, database, user)
    clock.move(minutes=1)
    _, token = await accounts.login(prod, database, "li", PASSWORD, pyotp.TOTP(secret).at(prod.now()))
    who = await whoever(prod, database, token)
    assert who is not None
    assert who.roles == {"editor"}


async def test_an_expert_needs_no_second_factor(ctx: Context, database: Database, hire: Hire) -> None:
    prod = replace(ctx, settings=ctx.settings.model_copy(update={"env": "prod"}))
    await hire("zhao", "expert")
    login, _ = await accounts.login(prod, database, "zhao", PASSWORD)
    assert not login.must_enroll
