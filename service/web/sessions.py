"""Who sends the request: the session cookie, checked against the database every time.

A disabled account or an ended session is out with its next request. The cookie is random; the store has its hash only.
"""

from __future__ import annotations

from aiohttp import web

from service.usecases import logins
from service.web import csrf
from service.web.keys import FORM_COOKIE, NOBODY, SECURE, VISITOR, Visitor, house
from service.web.wire import Handler

COOKIE = "qy_session"
STATIC = "/static/"


@web.middleware
async def identify(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Put a Visitor on the request; give a visitor without a session the cookie that their forms are bound to."""
    if request.path.startswith(STATIC):
        request[VISITOR] = Visitor(NOBODY, "")
        return await handler(request)
    token = request.cookies.get(COOKIE)
    known = await _known(request, token) if token else None
    if known is not None:
        request[VISITOR] = known
        return await handler(request)
    pre = request.cookies.get(csrf.PRE_COOKIE) or csrf.new_cookie()
    request[VISITOR] = Visitor(NOBODY, csrf.anonymous_token(house(request).ctx.keys.session, pre))
    response = await handler(request)
    if request.get(FORM_COOKIE) and csrf.PRE_COOKIE not in request.cookies and not response.prepared:
        set_cookie(request, response, csrf.PRE_COOKIE, pre, 24 * 3600)
    if token and not response.prepared and COOKIE not in response.cookies:
        response.del_cookie(COOKIE, path="/")
    return response


async def _known(request: web.Request, token: str) -> Visitor | None:
    here = house(request)
    async with here.db.read() as session:
        found = await logins.authenticate(here.ctx, session, token)
    if found is None:
        return None
    actor, login = found
    await logins.touch(here.ctx, here.db, token, login)
    return Visitor(actor, login.csrf, token)


def set_cookie(
    request: web.Request, response: web.StreamResponse, name: str, value: str, seconds: int
) -> None:
    """A cookie that scripts cannot read and other sites do not send."""
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=request.app[SECURE],
    )
