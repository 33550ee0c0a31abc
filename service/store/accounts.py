"""Rows of users, login sessions, set-up links and failed tries. Tokens are stored as their SHA-256 only."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from service.errors import Conflict, NotFound
from service.store.tables import LoginSession, LoginTries, SetupLink, User


def sha256(text: str) -> str:
    """Hex digest under which a token or a name is kept."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


async def load(session: AsyncSession, user_id: UUID) -> User:
    """The user, or NotFound."""
    found = await session.get(User, user_id, populate_existing=True)
    if found is None:
        raise NotFound(subject="user")
    return found


async def by_name(session: AsyncSession, name: str) -> User | None:
    """The user with this login name."""
    return (await session.exec(select(User).where(User.name == name))).first()


async def names_of(session: AsyncSession, user_ids: Collection[UUID]) -> dict[UUID, str]:
    """How people are called, by id; who is unknown is missing."""
    if not user_ids:
        return {}
    found = (await session.exec(select(User).where(col(User.id).in_(user_ids)))).all()
    return {one.id: one.display_name or one.name for one in found}


async def page(session: AsyncSession, after: str = "", limit: int = 200) -> Sequence[User]:
    """Users by login name, those after `after`."""
    wanted = select(User).where(col(User.name) > after).order_by(col(User.name)).limit(limit)
    return (await session.exec(wanted)).all()


async def save(session: AsyncSession, user: User, at: datetime, **fields: Any) -> User:
    """Write fields of a user, or Conflict when somebody else has written since it was loaded."""
    changes = {**fields, "version": user.version + 1, "updated_at": at}
    mine = update(User).where(col(User.id) == user.id, col(User.version) == user.version).values(**changes)
    if (await session.exec(mine)).rowcount != 1:
        raise Conflict(subject="user")
    return await load(session, user.id)


async def enabled_with_role(session: AsyncSession, role: str) -> list[User]:
    """Users who have the role and are not disabled. A city has dozens of accounts, so all are looked at."""
    enabled = (await session.exec(select(User).where(col(User.disabled_at).is_(None)))).all()
    return [user for user in enabled if role in user.roles]


async def anybody(session: AsyncSession) -> bool:
    """Whether there is any account."""
    return (await session.exec(select(User.id).limit(1))).first() is not None


async def confirm_login(session: AsyncSession, user: User, totp_step: int | None) -> bool:
    """Whether the user is still as checked; uses the code's step up, so that a code is good once."""
    mine = update(User).where(
        col(User.id) == user.id,
        col(User.disabled_at).is_(None),
        col(User.password_hash) == user.password_hash,
        col(User.totp_step) == user.totp_step,
    )
    step = user.totp_step if totp_step is None else totp_step
    return (await session.exec(mine.values(totp_step=step))).rowcount == 1


async def login_by_token(session: AsyncSession, token: str) -> tuple[LoginSession, User] | None:
    """The login session with its user, read fresh."""
    joined = (
        select(LoginSession, User)
        .where(LoginSession.token_sha256 == sha256(token), LoginSession.user_id == User.id)
        .execution_options(populate_existing=True)
    )
    return (await session.exec(joined)).first()


async def touch(session: AsyncSession, token: str, now: datetime) -> None:
    """Note that the session was used."""
    mine = update(LoginSession).where(col(LoginSession.token_sha256) == sha256(token))
    await session.exec(mine.values(last_seen=now))


async def end_logins(session: AsyncSession, user_id: UUID) -> None:
    """End all sessions of a user."""
    await session.exec(delete(LoginSession).where(col(LoginSession.user_id) == user_id))


async def end_login(session: AsyncSession, token: str) -> None:
    """End one session."""
    await session.exec(delete(LoginSession).where(col(LoginSession.token_sha256) == sha256(token)))


async def link_by_token(session: AsyncSession, token: str) -> SetupLink | None:
    """A set-up link, used or not."""
    return await session.get(SetupLink, sha256(token), populate_existing=True)


async def use_link(session: AsyncSession, token: str, now: datetime) -> bool:
    """Use the link up; False when somebody was faster."""
    mine = update(SetupLink).where(
        col(SetupLink.token_sha256) == sha256(token), col(SetupLink.used_at).is_(None)
    )
    return (await session.exec(mine.values(used_at=now))).rowcount == 1


async def drop_links(session: AsyncSession, user_id: UUID) -> None:
    """Make all links of a user useless."""
    await session.exec(delete(SetupLink).where(col(SetupLink.user_id) == user_id))


async def tries(session: AsyncSession, name: str) -> LoginTries | None:
    """What is known of failed tries for a login name."""
    return await session.get(LoginTries, sha256(name), populate_existing=True)


async def count_failure(session: AsyncSession, name: str, now: datetime) -> int:
    """One failed try more, atomically; how many there are now."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    one = dialect.insert(LoginTries).values(name_sha256=sha256(name), failed=1, updated_at=now)
    more = one.on_conflict_do_update(
        index_elements=["name_sha256"], set_={"failed": col(LoginTries.failed) + 1, "updated_at": now}
    )
    return int(
        (await (await session.connection()).execute(more.returning(col(LoginTries.failed)))).scalar_one()
    )


async def lock_name(session: AsyncSession, name: str, until: datetime) -> None:
    """Refuse this login name until then; counting starts again."""
    mine = update(LoginTries).where(col(LoginTries.name_sha256) == sha256(name))
    await session.exec(mine.values(failed=0, locked_until=until))


async def forget_failures(session: AsyncSession, name: str) -> None:
    """After a good login, or when a security administrator says so."""
    await session.exec(delete(LoginTries).where(col(LoginTries.name_sha256) == sha256(name)))
