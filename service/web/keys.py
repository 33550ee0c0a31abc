"""What handlers find on the application and on a request."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from content.permissions import Actor
from service.house import House

HOUSE: web.AppKey[House] = web.AppKey("house", House)
SECURE: web.AppKey[bool] = web.AppKey("secure", bool)  # the public address is https

NOBODY = Actor(id=None, name="")


@dataclass(frozen=True)
class Visitor:
    """Who sends this request. `csrf` is the token that their forms carry; `token` is the session cookie's value."""

    actor: Actor
    csrf: str
    token: str | None = None
    demo: bool = False

    @property
    def signed_in(self) -> bool:
        """Whether this is a user of the desk."""
        return self.actor.id is not None


FORM_COOKIE: web.RequestKey[bool] = web.RequestKey("form_cookie", bool)  # the page has a form for visitors
VISITOR: web.RequestKey[Visitor] = web.RequestKey("visitor", Visitor)


def house(request: web.Request) -> House:
    """The house that this request came to."""
    return request.app[HOUSE]


def visitor(request: web.Request) -> Visitor:
    """The visitor, set by the session middleware."""
    return request[VISITOR]


def actor(request: web.Request) -> Actor:
    """The visitor as the use cases know them."""
    return request[VISITOR].actor
