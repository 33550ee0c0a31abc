"""Signing in and out over the API. The session is a cookie; changing requests carry its token in X-CSRF-Token."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from service.usecases import logins
from service.web import login as login_pages
from service.web.api.endpoint import Answer, Call, Endpoint
from service.web.api.shapes import Nothing, Sent, Shown
from service.web.clients import client_ip
from service.web.keys import visitor
from service.web.openness import PUBLIC, SIGNED_IN


class Credentials(Sent):
    """Who wants in. `totp`: the six digits of the second factor, for those who have one."""

    name: str = Field(max_length=200)
    password: str = Field(max_length=1000)
    totp: str = Field(default="", max_length=20)


class Session(Shown):
    """Who is signed in. `must_enroll`: no rights until the second factor is set up on the account page."""

    id: UUID
    name: str
    roles: list[str]
    expert_id: UUID | None
    csrf: str
    must_enroll: bool = False


async def enter(call: Call) -> Answer:
    """Check name, password and second factor; a new session each time."""
    sent, ip = call.sent(Credentials), client_ip(call.request)
    call.request.app[login_pages.ATTEMPTS].take(ip)
    login, token = await logins.login(call.ctx, call.house.db, sent.name, sent.password, sent.totp, ip)
    async with call.house.db.read() as session:
        found = await logins.authenticate(call.ctx, session, token)
    if found is None:  # disabled in this very moment
        raise logins.LoginRefused()
    actor, login = found
    return Answer(
        Session(
            id=login.user_id,
            name=actor.name,
            roles=sorted(actor.roles),
            expert_id=actor.expert_id,
            csrf=login.csrf,
            must_enroll=login.must_enroll,
        ),
        cookie=token,
    )


async def show(call: Call) -> Session:
    """Who the cookie belongs to."""
    who = visitor(call.request)
    assert who.actor.id is not None
    return Session(
        id=who.actor.id,
        name=who.actor.name,
        roles=sorted(who.actor.roles),
        expert_id=who.actor.expert_id,
        csrf=who.csrf,
        must_enroll=not who.actor.roles,
    )


async def leave(call: Call) -> Answer:
    """End the session on the server and drop the cookie."""
    await logins.logout(call.ctx, call.session, visitor(call.request).token or "", call.by)
    return Answer(cookie="")


ENDPOINTS = (
    Endpoint(
        "POST", "/session", "session.enter", "Sign in", PUBLIC, enter,
        answer=Session, body=Credentials, errors=(401, 429), own=True,
    ),
    Endpoint("GET", "/session", "session", "Who is signed in", SIGNED_IN, show, answer=Session),
    Endpoint("DELETE", "/session", "session.leave", "Sign out", SIGNED_IN, leave, body=Nothing, status=204),
)  # fmt: skip
