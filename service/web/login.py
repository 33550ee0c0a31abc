"""Signing in and out, the one-time set-up link, and one's own account page."""

from __future__ import annotations

from urllib.parse import urlsplit

from aiohttp import web

from content.permissions import Role
from service.errors import Invalid, QingyuanError
from service.usecases import accounts, logins
from service.web.clients import Rate, client_ip
from service.web.forms import form
from service.web.keys import FORM_COOKIE, actor, house, visitor
from service.web.sessions import COOKIE, set_cookie
from service.web.staff import staff_page
from service.web.wire import see_other

ATTEMPTS = web.AppKey("login_attempts", Rate)
HOMES = {
    Role.EDITOR: "/desk",
    Role.ISSUER: "/desk",
    Role.EXPERT: "/expert",
    Role.SYSADMIN: "/admin",
    Role.SECADMIN: "/admin/users",
    Role.AUDITOR: "/admin/audit",
}


def home_of(roles: frozenset[str]) -> str:
    """The page that somebody with these roles works on."""
    return next((path for role, path in HOMES.items() if role in roles), "/account")


def safe_next(target: str, default: str) -> str:
    """A path on this site, or the default: a link cannot send somebody elsewhere after login."""
    parts = urlsplit(target)
    local = (
        target.startswith("/")
        and not target.startswith(("//", "/\\"))
        and not parts.netloc
        and not parts.scheme
    )
    return target if local else default


async def show(request: web.Request) -> web.Response:
    """The login form."""
    if visitor(request).signed_in:
        return see_other(home_of(actor(request).roles))
    request[FORM_COOKIE] = True
    return staff_page(request, "login.html", next=request.query.get("next", ""), error=None, name="")


async def enter(request: web.Request) -> web.StreamResponse:
    """Check name, password and second factor; a new session id each time."""
    here, fields = house(request), await form(request)
    name = fields.get("name") or fields.get("username") or ""
    ip = client_ip(request)
    try:
        request.app[ATTEMPTS].take(ip)
        _, token = await logins.login(
            here.ctx, here.db, name, fields.get("password", ""), fields.get("totp", ""), ip
        )
    except QingyuanError as error:
        request[FORM_COOKIE] = True
        page = staff_page(
            request,
            "login.html",
            status=error.status,
            error=error.type,
            name=name,
            next=fields.get("next", ""),
        )
        if (wait := getattr(error, "retry_after", None)) is not None:
            page.headers["Retry-After"] = str(wait)
        return page
    async with here.db.read() as session:
        found = await logins.authenticate(here.ctx, session, token)
    roles = found[0].roles if found else frozenset()
    home = safe_next(fields.get("next", ""), home_of(roles))
    answer = see_other("/account/totp" if found and found[1].must_enroll else home)
    set_cookie(request, answer, COOKIE, token, here.ctx.settings.session_max)
    return answer


async def leave(request: web.Request) -> web.StreamResponse:
    """End the session on the server and drop the cookie."""
    here = house(request)
    async with here.db.write() as session:
        await logins.logout(here.ctx, session, visitor(request).token or "", actor(request))
    answer = see_other("/login")
    answer.del_cookie(COOKIE, path="/")
    return answer


async def show_setup(request: web.Request) -> web.Response:
    """The page behind a one-time link: choose a password."""
    request[FORM_COOKIE] = True
    return staff_page(request, "setup.html", token=request.match_info["token"], error=None)


async def finish_setup(request: web.Request) -> web.StreamResponse:
    """Set the password; the link is used up."""
    here, fields, token = house(request), await form(request), request.match_info["token"]
    try:
        if fields.get("password") != fields.get("repeat"):
            raise Invalid("the two passwords differ", code="passwords_differ")
        async with here.db.write() as session:
            await accounts.set_password(here.ctx, session, token, fields.get("password", ""))
    except QingyuanError as error:
        request[FORM_COOKIE] = True
        code = str(error.details.get("code", error.type))
        return staff_page(request, "setup.html", status=error.status, token=token, error=code)
    return see_other("/login")


async def home(request: web.Request) -> web.StreamResponse:
    """`/staff`: on to the page of one's role."""
    return see_other(home_of(actor(request).roles))
