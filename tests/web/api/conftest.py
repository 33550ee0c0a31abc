"""A program that speaks to the API for each role: it signs in as programs do, and nothing is faked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from content.permissions import SERVICE, Actor
from service.house import House
from service.usecases import accounts
from tests.web.conftest import PASSWORD

API = "/api/v1"


@dataclass
class Program:
    """Somebody's program, signed in."""

    client: TestClient[Any, Any]
    user_id: UUID
    csrf: str
    roles: tuple[str, ...]

    @property
    def actor(self) -> Actor:
        """The same person for calls of use cases."""
        return Actor(id=self.user_id, name="程序", roles=frozenset(self.roles))

    async def send(self, method: str, path: str, body: Any = None, **headers: str) -> ClientResponse:
        """Any request, with the session's token."""
        sent = {"X-CSRF-Token": self.csrf} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        return await self.client.request(method, API + path, json={} if body is None else body, headers=sent)

    async def get(self, path: str, status: int = 200, **headers: str) -> Any:
        """The JSON of a GET."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = await self.client.get(API + path, headers=sent)
        assert answer.status == status, f"{path}: {answer.status} {await answer.text()}"
        return await answer.json()

    async def post(self, path: str, body: Any = None, status: int = 200, **headers: str) -> Any:
        """The JSON of a POST."""
        answer = await self.send("POST", path, body, **headers)
        assert answer.status == status, f"{path}: {answer.status} {await answer.text()}"
        return await answer.json() if status != 204 else None


SignIn = Callable[..., Awaitable[Program]]


@pytest.fixture
async def program(server: TestServer, house: House) -> AsyncIterator[SignIn]:
    """`await program("editor")` makes an account with these roles and signs in over the API."""
    clients: list[TestClient[Any, Any]] = []

    async def enter(*roles: str, expert_id: UUID | None = None) -> Program:
        name = f"{roles[0]}-{len(clients)}"
        async with house.db.write() as session:
            user, token = await accounts.create_user(
                house.ctx, session, name, roles, SERVICE, display_name=name, expert_id=expert_id
            )
            await accounts.set_password(house.ctx, session, token, PASSWORD)
        client: TestClient[Any, Any] = TestClient(server)
        clients.append(client)
        answer = await client.post(f"{API}/session", json={"name": name, "password": PASSWORD})
        assert answer.status == 200, await answer.text()
        return Program(client, user.id, (await answer.json())["csrf"], roles)

    yield enter
    for client in clients:
        await client.close()
