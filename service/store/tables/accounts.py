"""Accounts: users, their login sessions, and one-time set-up links."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from content.columns import Json, UtcDateTime


class User(SQLModel, table=True):
    __tablename__ = "users"

    id: UUID = Field(primary_key=True)
    name: str = Field(max_length=64, unique=True)  # login name
    display_name: str = Field(default="", max_length=100)
    roles: list[str] = Field(default_factory=list, sa_type=Json)
    password_hash: str | None = Field(
        default=None, max_length=200
    )  # argon2id; null until the set-up link is used
    totp_secret: bytes | None = Field(default=None)  # encrypted; null: no second factor yet
    totp_step: int = Field(default=0)  # of the code used last: a code is good once
    expert_id: UUID | None = Field(default=None, index=True)
    demo: bool = Field(default=False)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    language: str = Field(default="zh", max_length=8)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    version: int = Field(default=1)


class LoginSession(SQLModel, table=True):
    """The cookie carries a random token; only its sha256 is stored."""

    __tablename__ = "login_sessions"

    token_sha256: str = Field(primary_key=True, max_length=64)
    user_id: UUID = Field(foreign_key="users.id", index=True)
    csrf: str = Field(max_length=64)
    must_enroll: bool = Field(default=False)  # no roles until the second factor is set up
    created_at: datetime = Field(sa_type=UtcDateTime)
    last_seen: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)


class SetupLink(SQLModel, table=True):
    """A one-time link with which a new user (or the first administrator) sets a password."""

    __tablename__ = "setup_links"

    token_sha256: str = Field(primary_key=True, max_length=64)
    user_id: UUID = Field(foreign_key="users.id", index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class LoginTries(SQLModel, table=True):
    """Failed tries for one login name, whether or not such a user exists: both look the same from outside."""

    __tablename__ = "login_tries"

    name_sha256: str = Field(primary_key=True, max_length=64)
    failed: int = Field(default=0)
    locked_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
