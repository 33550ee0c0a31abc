"""What an endpoint of the API is, and what its handler gets. The routes and the OpenAPI document are both made of these.

A handler returns a row, a value or an `Answer`; `serve` shapes it by the endpoint's answer model. It neither opens a
transaction nor knows HTTP beyond what is here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from aiohttp import web
from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession

from content.permissions import Actor
from service.context import Context
from service.errors import NotFound
from service.house import House
from service.web.keys import actor, house
from service.web.paths import as_uuid

PREFIX = "/api/v1"
M = TypeVar("M", bound=BaseModel)


@dataclass
class Call:
    """One request on its way through a handler. `found` is what `prepare` brought from outside the transaction."""

    request: web.Request
    query: BaseModel | None = None
    body: BaseModel | None = None
    raw: bytes = b""
    found: Any = None
    opened: AsyncSession | None = None

    @property
    def house(self) -> House:
        """The house."""
        return house(self.request)

    @property
    def ctx(self) -> Context:
        """The surroundings for use cases."""
        return self.house.ctx

    @property
    def by(self) -> Actor:
        """Who asks."""
        return actor(self.request)

    @property
    def session(self) -> AsyncSession:
        """The transaction of this request."""
        assert self.opened is not None, "this endpoint manages its own transactions"
        return self.opened

    @property
    def id(self) -> UUID:
        """The UUID in the path, or NotFound."""
        return as_uuid(self.request.match_info["id"])

    @property
    def public_id(self) -> str:
        """The public id in the path, or NotFound when it cannot be one."""
        text = self.request.match_info["public_id"]
        if not (text.isascii() and text.isalnum() and len(text) <= 32):
            raise NotFound()
        return text

    def asked(self, model: type[M]) -> M:
        """The query parameters."""
        assert isinstance(self.query, model)
        return self.query

    def sent(self, model: type[M]) -> M:
        """The body."""
        assert isinstance(self.body, model)
        return self.body


@dataclass(frozen=True)
class Answer:
    """A value with more than the endpoint's usual status and headers. `cookie`: set (or, empty, drop) the session."""

    value: object = None
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    cookie: str | None = None


Run = Callable[[Call], Awaitable[object]]


@dataclass(frozen=True)
class Endpoint:
    """One line of the table.

    `act` is an entry of `content.permissions.ACTS` (several parted by `|`), `public` or `signed_in`. `own`: the handler
    opens its own transactions, so a repeat cannot be recognised by `Idempotency-Key`. `after`: crash point passed when
    the transaction has committed. `wake`: job to run then. `upload`: media types of a body that is no JSON.
    """

    method: str
    path: str
    name: str
    summary: str
    act: str
    run: Run
    answer: Any = None
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    status: int = 200
    errors: tuple[int, ...] = ()
    own: bool = False
    after: str = ""
    wake: str = ""
    prepare: Run | None = None
    upload: tuple[str, ...] = ()
    etag: bool = False
    if_match: bool = False

    @property
    def route(self) -> str:
        """The name of its route."""
        return f"api.{self.name}"

    @property
    def address(self) -> str:
        """The path as aiohttp takes it."""
        return PREFIX + self.path

    @property
    def writes(self) -> bool:
        """Whether it may change something."""
        return self.method != "GET"

    @property
    def repeatable(self) -> bool:
        """Whether it takes an Idempotency-Key."""
        return self.method == "POST" and not self.own
