"""A running application with a browser-like client for each role: real database, real login, real forms."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from classifiers.assess import Assessor
from classifiers.signals import Assessment
from classifiers.text import Text
from content.permissions import SERVICE
from service.context import Context
from service.house import House
from service.store.engine import Database
from service.usecases import accounts
from service.web.app import make_app

PASSWORD = "秀江水面有小白鹭四只"


class Rules:
    """The assessor without a model, in this process."""

    def __init__(self) -> None:
        self.assessor = Assessor(None, None)

    async def assess(self, texts: Sequence[Text]) -> list[Assessment]:
        return self.assessor.assess(texts)


@dataclass
class Person:
    """Somebody with a browser."""

    client: TestClient[Any, Any]
    user_id: UUID

    async def get(self, path: str, **options: Any) -> ClientResponse:
        return await self.client.get(path, **options)

    async def page(self, path: str) -> str:
        answer = await self.client.get(path)
        assert answer.status == 200, f"{path}: {answer.status} {await answer.text()}"
        return await answer.text()

    async def post(self, path: str, form: Any = (), on: str = "/account") -> ClientResponse:
        """Send a form with the token that the page `on` carries."""
        token = token_in(await self.page(on))
        fields = [("csrf", token), *(form.items() if isinstance(form, dict) else form)]
        return await self.client.post(path, data=fields, allow_redirects=False)


def token_in(html: str) -> str:
    """The form token of a page."""
    found = re.search(r'name="csrf" value="([^"]+)"', html)
    assert found, "this page has no form token"
    return found.group(1)


@pytest.fixture
def house(ctx: Context, db: Database) -> House:
    return House(ctx=ctx, db=db, assessors=Rules())


@pytest.fixture
async def server(house: House) -> AsyncIterator[TestServer]:
    server = TestServer(make_app(house))
    await server.start_server()
    yield server
    await server.close()


Login = Callable[..., Awaitable[Person]]


@pytest.fixture
async def login(server: TestServer, house: House) -> AsyncIterator[Login]:
    """`await login("editor")` makes an account with this role and signs in through the form."""
    clients: list[TestClient[Any, Any]] = []

    async def enter(*roles: str, name: str = "", expert_id: UUID | None = None) -> Person:
        name = name or f"{roles[0]}-{len(clients)}"
        async with house.db.write() as session:
            user, token = await accounts.create_user(
                house.ctx, session, name, roles, SERVICE, display_name=name, expert_id=expert_id
            )
            await accounts.set_password(house.ctx, session, token, PASSWORD)
        client: TestClient[Any, Any] = TestClient(server)
        clients.append(client)
        html = await (await client.get("/login")).text()
        form = {"csrf": token_in(html), "name": name, "password": PASSWORD}
        answer = await client.post("/login", data=form, allow_redirects=False)
        assert answer.status == 303, await answer.text()
        return Person(client, user.id)

    yield enter
    for client in clients:
        await client.close()


@pytest.fixture
async def anybody(server: TestServer) -> AsyncIterator[TestClient[Any, Any]]:
    """A client that has not signed in."""
    client: TestClient[Any, Any] = TestClient(server)
    yield client
    await client.close()
