"""Cheap hashing, and people who can sign in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from argon2 import PasswordHasher

from content.permissions import SERVICE
from service.context import Context
from service.store.engine import Database
from service.store.tables import User
from service.usecases import accounts, passwords

PASSWORD = "明月山的泉水2026"
Hire = Callable[..., Awaitable[User]]


@pytest.fixture(autouse=True)
def cheap_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.fixture
def hire(ctx: Context, database: Database) -> Hire:
    """hire("li", "editor"): an account with PASSWORD."""

    async def make(name: str, *roles: str) -> User:
        async with database.write() as session:
            _, token = await accounts.create_user(ctx, session, name, roles, SERVICE)
        async with database.write() as session:
            return await accounts.set_password(ctx, session, token, PASSWORD)

    return make
