"""One's own account: change the password, set up the second factor."""

from __future__ import annotations

import segno
from aiohttp import web

from service.errors import Invalid, QingyuanError
from service.usecases import accounts
from service.web.forms import form
from service.web.keys import actor, house
from service.web.staff import staff_page
from service.web.wire import see_other


async def show(request: web.Request) -> web.Response:
    """The account page."""
    return staff_page(request, "account/show.html", error=None)


async def change_password(request: web.Request) -> web.StreamResponse:
    """A new password; all sessions end, so the next page is the login."""
    here, fields = house(request), await form(request)
    try:
        if fields.get("password") != fields.get("repeat"):
            raise Invalid("the two passwords differ", code="passwords_differ")
        async with here.db.write() as session:
            await accounts.change_password(
                here.ctx, session, fields.get("old", ""), fields.get("password", ""), actor(request)
            )
    except QingyuanError as error:
        return staff_page(request, "account/show.html", status=error.status, error=_code(error))
    return see_other("/login")


async def show_totp(request: web.Request) -> web.Response:
    """The QR code for an authenticator app. Nothing is stored until a right code comes back."""
    return await _totp_page(request, None, 200)


async def enroll_totp(request: web.Request) -> web.StreamResponse:
    """Store the second factor after a right code."""
    here, fields = house(request), await form(request)
    try:
        async with here.db.write() as session:
            await accounts.enroll_totp(
                here.ctx, session, fields.get("sealed", ""), fields.get("code", ""), actor(request)
            )
    except QingyuanError as error:
        return await _totp_page(request, _code(error), error.status)
    return see_other("/login")


async def _totp_page(request: web.Request, error: str | None, status: int) -> web.Response:
    here = house(request)
    async with here.db.read() as session:
        begun = await accounts.start_totp(here.ctx, session, actor(request))
    picture = segno.make(begun.uri, micro=False).svg_data_uri(
        scale=5, border=2, dark="#17211f", light="#ffffff"
    )
    return staff_page(request, "account/totp.html", status=status, begun=begun, picture=picture, error=error)


def _code(error: QingyuanError) -> str:
    return str(error.details.get("code", error.type))


def routes() -> list[web.RouteDef]:
    """The routes of one's own account; any signed-in user."""
    return [
        web.get("/account", show, name="account"),
        web.post("/account/password", change_password, name="account.password"),
        web.get("/account/totp", show_totp, name="account.totp"),
        web.post("/account/totp", enroll_totp, name="account.totp.enroll"),
    ]
