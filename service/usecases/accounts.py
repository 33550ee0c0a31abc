"""Accounts: making, enabling, disabling and resetting them; the one-time link with which a user sets a password.

    sysadmin  makes accounts; one made so sleeps until the secadmin enables it
    secadmin  gives rights, enables, disables, resets
    operator  at the machine (`qingyuan user …`) acts as the service itself

There is no default account and no default password. Signing in is in `logins`, whose functions are here by name too.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from content.permissions import SERVICE, Actor, Role, may, require, valid_roles
from service.context import Context
from service.errors import Conflict, Forbidden, Invalid, NotFound
from service.store import accounts as store
from service.store import audit
from service.store.tables import SetupLink, User
from service.usecases import passwords, second_factor
from service.usecases.logins import LoginRefused, authenticate, login, logout, normal_name, touch

LINK_LIVES = timedelta(hours=72)
NAME = re.compile(r"[\w][\w.@-]{1,63}")

__all__ = [
    "LoginRefused",
    "authenticate",
    "change_password",
    "create_user",
    "disable",
    "edit_roles",
    "enable",
    "enroll_totp",
    "first_links",
    "listing",
    "login",
    "logout",
    "normal_name",
    "reset",
    "set_password",
    "start_totp",
    "touch",
]


async def listing(session: AsyncSession, by: Actor, after: str = "", limit: int = 200) -> Sequence[User]:
    """Accounts by login name."""
    require(by, "user.read")
    return await store.page(session, after, limit)


async def create_user(
    ctx: Context,
    session: AsyncSession,
    name: str,
    roles: Collection[str],
    by: Actor,
    display_name: str = "",
    expert_id: UUID | None = None,
    demo: bool = False,
) -> tuple[User, str]:
    """A new account and the token of its set-up link (72 hours, once)."""
    _require(by, "user.create")
    name = normal_name(name)
    if not NAME.fullmatch(name):
        raise Invalid("a login name has 2 to 64 letters, digits, dots or dashes", code="bad_name")
    _check_roles(roles)
    if await store.by_name(session, name) is not None:
        raise Conflict("there is an account with this name", code="name_taken")
    now = ctx.now()
    user = User(
        id=ctx.new_id(),
        name=name,
        display_name=display_name.strip()[:100],
        roles=sorted(set(roles)),
        expert_id=expert_id,
        demo=demo,
        disabled_at=None if _may(by, "user.edit") else now,
        created_at=now,
        updated_at=now,
    )
    session.add(user)
    await session.flush()
    await audit.record(ctx, session, by, "user.create", "user", user.id, after=_facts(user))
    return user, await _new_link(ctx, session, user)


async def edit_roles(
    ctx: Context, session: AsyncSession, user_id: UUID, roles: Collection[str], by: Actor
) -> User:
    """Give other rights. Ends the user's sessions; nobody changes their own."""
    _require(by, "user.edit")
    _check_roles(roles)
    user = await store.load(session, user_id)
    if by.id == user_id:
        raise Forbidden("nobody gives rights to themselves", code="own_rights")
    if Role.SECADMIN not in roles:
        await _keep_a_secadmin(session, user)
    await store.end_logins(session, user_id)
    return await _save(ctx, session, user, "user.edit_roles", by, roles=sorted(set(roles)))


async def disable(ctx: Context, session: AsyncSession, user_id: UUID, by: Actor, reason: str = "") -> User:
    """Lock the account out; its sessions end with this transaction. The last security administrator stays."""
    _require(by, "user.edit")
    user = await store.load(session, user_id)
    await _keep_a_secadmin(session, user)
    await store.end_logins(session, user_id)
    return await _save(ctx, session, user, "user.disable", by, reason, disabled_at=ctx.now())


async def enable(ctx: Context, session: AsyncSession, user_id: UUID, by: Actor) -> User:
    """Let the account in (again), and forget failed tries."""
    _require(by, "user.edit")
    user = await store.load(session, user_id)
    await store.forget_failures(session, user.name)
    return await _save(ctx, session, user, "user.enable", by, disabled_at=None)


async def reset(ctx: Context, session: AsyncSession, user_id: UUID, by: Actor) -> tuple[User, str]:
    """Take password and second factor away and give a new set-up link: for who forgot or lost them."""
    _require(by, "user.edit")
    user = await store.load(session, user_id)
    await store.end_logins(session, user_id)
    await store.forget_failures(session, user.name)
    user = await _save(ctx, session, user, "user.reset", by, password_hash=None, totp_secret=None)
    return user, await _new_link(ctx, session, user)


async def set_password(ctx: Context, session: AsyncSession, token: str, password: str) -> User:
    """Use a set-up link: NotFound when it is unknown, used or too old; Invalid (`code`) for a bad password."""
    link = await store.link_by_token(session, token)
    if link is None or link.used_at is not None or link.expires_at <= ctx.now():
        raise NotFound("this link has been used or is too old", code="link_gone")
    user = await store.load(session, link.user_id)
    password_hash = await passwords.hash_password(passwords.check_rules(password, user.name))
    if not await store.use_link(session, token, ctx.now()):
        raise NotFound("this link has been used or is too old", code="link_gone")
    return await _new_password(ctx, session, user, password_hash)


async def change_password(ctx: Context, session: AsyncSession, old: str, password: str, by: Actor) -> User:
    """Change one's own; ends all of one's sessions."""
    user = await store.load(session, _person(by))
    if not await passwords.matches(user.password_hash, old):
        raise Invalid("the present password is wrong", code="password_wrong")
    password_hash = await passwords.hash_password(passwords.check_rules(password, user.name))
    return await _new_password(ctx, session, user, password_hash)


async def start_totp(ctx: Context, session: AsyncSession, by: Actor) -> second_factor.Enrolment:
    """What the page for the second factor shows. Stores nothing."""
    user = await store.load(session, _person(by))
    return second_factor.begin(ctx, user.id, user.name)


async def enroll_totp(ctx: Context, session: AsyncSession, sealed: str, code: str, by: Actor) -> User:
    """Store the second factor after a right code; Invalid otherwise. All sessions end: sign in with a code now."""
    user = await store.load(session, _person(by))
    secret, step = second_factor.finish(ctx, user.id, sealed, code)
    await store.end_logins(session, user.id)
    return await _save(ctx, session, user, "user.enroll_totp", by, totp_secret=secret, totp_step=step)


async def first_links(ctx: Context, session: AsyncSession) -> list[tuple[str, str]]:
    """Login name and set-up token of the first secadmin and sysadmin; empty as soon as somebody can sign in.

    Called at each start: links that ran out unused are replaced.
    """
    if any(user.password_hash for user in await store.page(session)):
        return []
    links = []
    for role in (Role.SECADMIN, Role.SYSADMIN):
        user = await store.by_name(session, role.value)
        if user is None:
            user, token = await create_user(ctx, session, role.value, [role], SERVICE)
        else:
            token = await _new_link(ctx, session, user)
        links.append((user.name, token))
    return links


async def _new_password(ctx: Context, session: AsyncSession, user: User, password_hash: str) -> User:
    await store.end_logins(session, user.id)
    themselves = Actor(id=user.id, name=user.display_name or user.name)
    return await _save(ctx, session, user, "user.password", themselves, password_hash=password_hash)


async def _new_link(ctx: Context, session: AsyncSession, user: User) -> str:
    token, now = secrets.token_urlsafe(32), ctx.now()
    await store.drop_links(session, user.id)
    session.add(
        SetupLink(
            token_sha256=store.sha256(token), user_id=user.id, created_at=now, expires_at=now + LINK_LIVES
        )
    )
    return token


async def _save(
    ctx: Context, session: AsyncSession, user: User, act: str, by: Actor, reason: str = "", **fields: Any
) -> User:
    before = _facts(user)
    user = await store.save(session, user, ctx.now(), **fields)
    await audit.record(ctx, session, by, act, "user", user.id, before, _facts(user), reason)
    return user


def _facts(user: User) -> dict[str, Any]:
    """What the audit log may know of an account."""
    return {
        "roles": user.roles,
        "disabled": user.disabled_at is not None,
        "password": user.password_hash is not None,
        "second_factor": user.totp_secret is not None,
    }


async def _keep_a_secadmin(session: AsyncSession, user: User) -> None:
    holders = {holder.id for holder in await store.enabled_with_role(session, Role.SECADMIN)}
    if holders == {user.id}:
        raise Conflict("the last security administrator cannot be shut out", code="last_secadmin")


def _check_roles(roles: Collection[str]) -> None:
    if not valid_roles(roles):
        raise Invalid("these roles exclude one another or do not exist", code="bad_roles")


def _person(by: Actor) -> UUID:
    if by.id is None:
        raise Forbidden()
    return by.id


def _may(by: Actor, act: str) -> bool:
    return by == SERVICE or may(by, act)


def _require(by: Actor, act: str) -> None:
    if by != SERVICE:
        require(by, act)
