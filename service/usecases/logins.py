"""Signing in and out. The answer and the time for an unknown name are those for a wrong password.

    login         count and lock by name → argon2 in a thread → second factor → a new session id
    authenticate  the session's row and the user's row, read each time: disabling works at once

Does not know cookies or addresses; the web layer limits tries by address besides.
"""

from __future__ import annotations

import asyncio
import secrets
import unicodedata
from datetime import timedelta
from weakref import WeakValueDictionary

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from content.permissions import SERVICE, Actor, Role
from service.context import Context
from service.errors import QingyuanError, TooMany
from service.store import accounts as store
from service.store import audit
from service.store.engine import Database
from service.store.tables import LoginSession, User
from service.usecases import passwords, second_factor

LOCKED = timedelta(minutes=15)
TOUCH = timedelta(seconds=60)
log = structlog.get_logger()
_turns: WeakValueDictionary[tuple[int, str], asyncio.Lock] = WeakValueDictionary()


class LoginRefused(QingyuanError):
    """The name, the password or the code is wrong."""

    type = "login_refused"
    status = 401


async def login(
    ctx: Context, db: Database, name: str, password: str, totp: str = "", ip: str = ""
) -> tuple[LoginSession, str]:
    """A new session and its token, or LoginRefused, or TooMany while the name is locked (after LOGIN_TRIES failures)."""
    name = normal_name(name)
    turn = (id(asyncio.get_running_loop()), name)
    async with _turns.setdefault(turn, asyncio.Lock()):  # guesses for one name are not made side by side
        return await _try(ctx, db, name, password, totp, ip)


async def _try(
    ctx: Context, db: Database, name: str, password: str, totp: str, ip: str
) -> tuple[LoginSession, str]:
    async with db.read() as session:
        tries = await store.tries(session, name)
        user = await store.by_name(session, name)
    if tries and tries.locked_until and tries.locked_until > ctx.now():
        raise TooMany(retry_after=int((tries.locked_until - ctx.now()).total_seconds()) + 1)
    right = await passwords.matches(user.password_hash if user else None, password)
    if user is None or not right or user.disabled_at is not None:
        raise await _refused(ctx, db, name, ip)
    step = second_factor.accept(ctx, user, totp)
    if user.totp_secret is not None and step is None:
        raise await _refused(ctx, db, name, ip)
    return await _open(ctx, db, user, step)


async def _refused(ctx: Context, db: Database, name: str, ip: str) -> LoginRefused:
    async with db.write() as session:
        failed = await store.count_failure(session, name, ctx.now())
        if failed >= ctx.settings.login_tries:
            await store.lock_name(session, name, ctx.now() + LOCKED)
            await audit.record(ctx, session, SERVICE, "login.lock", "login_name", store.sha256(name))
    log.warning("login_refused", failed=failed, ip=ip)
    return LoginRefused()


async def _open(ctx: Context, db: Database, user: User, step: int | None) -> tuple[LoginSession, str]:
    now, token = ctx.now(), secrets.token_urlsafe(32)
    login = LoginSession(
        token_sha256=store.sha256(token),
        user_id=user.id,
        csrf=secrets.token_urlsafe(32),
        must_enroll=must_enroll(ctx, user),
        created_at=now,
        last_seen=now,
        expires_at=now + timedelta(seconds=ctx.settings.session_max),
    )
    async with db.write() as session:
        if not await store.confirm_login(
            session, user, step
        ):  # disabled or reset, or the code used, meanwhile
            raise LoginRefused()
        await store.forget_failures(session, user.name)
        session.add(login)
        await audit.record(ctx, session, actor_of(user), "user.login", "user", user.id)
    return login, token


async def logout(ctx: Context, session: AsyncSession, token: str, by: Actor) -> None:
    """End this session on the server. A token that is none ends nothing."""
    if await store.login_by_token(session, token) is not None:
        await store.end_login(session, token)
        await audit.record(ctx, session, by, "user.logout", "user", by.id)


async def authenticate(ctx: Context, session: AsyncSession, token: str) -> tuple[Actor, LoginSession] | None:
    """Who holds this token, with the rights of this moment; None when it has ended. Changes nothing.

    Somebody who must still set up the second factor (`login.must_enroll`) has no roles.
    """
    found = await store.login_by_token(session, token)
    if found is None:
        return None
    login, user = found
    idle = login.last_seen + timedelta(seconds=ctx.settings.session_idle)
    if user.disabled_at is not None or ctx.now() >= min(login.expires_at, idle):
        return None
    return actor_of(user, with_roles=not login.must_enroll), login


async def touch(ctx: Context, db: Database, token: str, login: LoginSession) -> None:
    """Keep the session from idling out; writes once a minute at most, and nothing when the store is busy."""
    pause = min(TOUCH, timedelta(seconds=ctx.settings.session_idle / 10))
    if ctx.now() - login.last_seen < pause:
        return
    try:
        async with db.write() as session:
            await store.touch(session, token, ctx.now())
    except QingyuanError:
        log.warning("session_not_touched")


def actor_of(user: User, with_roles: bool = True) -> Actor:
    """The user as the rules know them."""
    roles = frozenset(user.roles) if with_roles else frozenset[str]()
    return Actor(id=user.id, name=user.display_name or user.name, roles=roles, expert_id=user.expert_id)


def must_enroll(ctx: Context, user: User) -> bool:
    """In production the staff of the desk (everybody but mere experts) has a second factor."""
    staff = set(user.roles) - {Role.EXPERT}
    return ctx.settings.env == "prod" and bool(staff) and user.totp_secret is None and not user.demo


def normal_name(name: str) -> str:
    """A login name as it is stored: no surrounding space, one case, compatible forms made equal."""
    return unicodedata.normalize("NFKC", name).strip().casefold()[:64]
