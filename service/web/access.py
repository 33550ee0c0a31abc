"""Roles × endpoints: one table. A route that is missing here is refused, and a test fails.

PUBLIC needs nobody, SIGNED_IN any account; everything else names an act of `content.permissions`. What is forbidden
looks like what is absent: a visitor without the right gets 404 on a page, and a plain 403 only where a role already
lets them into that part of the house.
"""

from __future__ import annotations

from aiohttp import web

from content.permissions import may
from service.errors import Forbidden, NotFound
from service.web.keys import visitor
from service.web.problems import wants_json
from service.web.routes import ACCESS, PUBLIC, SIGNED_IN
from service.web.wire import Handler, see_other


class NotSignedIn(Forbidden):
    """Sign in first."""

    type = "not_signed_in"
    status = 401


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let through whom the table lets through."""
    name = request.match_info.route.name
    needed = ACCESS.get(name or "")
    if request.match_info.http_exception is not None or needed == PUBLIC:
        return await handler(request)
    if needed is None:
        raise NotFound()
    who = visitor(request)
    if not who.signed_in:
        if wants_json(request):
            raise NotSignedIn()
        return see_other(f"/login?next={request.path}" if request.method == "GET" else "/login")
    if needed != SIGNED_IN and not any(may(who.actor, act) for act in needed.split("|")):
        raise Forbidden()
    return await handler(request)
