"""Every changing request carries a token bound to the session, and the browser's own headers must agree.

A visitor without a session (login, tip) gets a random cookie, and the form an HMAC of it (double submit, signed).
JSON requests without any cookie of ours need no token: a foreign page cannot make a browser send them with one.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

from aiohttp import web

from service.errors import Forbidden
from service.web.forms import form
from service.web.keys import house, visitor
from service.web.wire import Handler

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FIELD = "csrf"
HEADER = "X-CSRF-Token"
PRE_COOKIE = "qy_pre"


class BadToken(Forbidden):
    """The form is too old or came from somewhere else; open it again."""

    type = "csrf"


def anonymous_token(key: bytes, cookie: str) -> str:
    """The form token that belongs to a pre-login cookie."""
    return hmac.new(key, b"csrf:" + cookie.encode(), hashlib.sha256).hexdigest()


def new_cookie() -> str:
    """A fresh pre-login cookie value."""
    return secrets.token_urlsafe(24)


def same_origin(request: web.Request) -> bool:
    """Whether the browser says that one of our own pages sent this. No header at all: not a browser."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    sent = urlsplit(origin).netloc.lower()
    own = urlsplit(house(request).ctx.settings.public_url).netloc.lower()
    return sent in {own, request.host.lower()}


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a changing request that does not carry its visitor's token."""
    if request.method not in SAFE:
        if not same_origin(request):
            raise BadToken()
        if not await _carries_token(request):
            raise BadToken()
    return await handler(request)


async def _carries_token(request: web.Request) -> bool:
    expected = visitor(request).csrf
    if request.content_type == "application/json":
        if not visitor(request).signed_in:
            return True
        sent = request.headers.get(HEADER, "")
    else:
        sent = request.headers.get(HEADER) or str((await form(request)).get(FIELD, ""))
    return bool(expected) and hmac.compare_digest(sent.encode(), expected.encode())
