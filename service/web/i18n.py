"""Which language a request wants: `?lang=`, else the `lang` cookie that the footer's switch sets, else Chinese.

Public pages have their language in the path (/en/…); this is for the pages behind the login. Browsers' Accept-Language
is not asked: the desk of a Chinese city reads Chinese until somebody says otherwise.
"""

from __future__ import annotations

from aiohttp import web

from service.pages import i18n

COOKIE = "lang"


def locale_of(request: web.Request) -> str:
    """The language of the answer."""
    if request.path == "/en" or request.path.startswith("/en/"):
        return "en"
    return i18n.known(request.query.get("lang")) or i18n.known(request.cookies.get(COOKIE)) or i18n.DEFAULT


def remember(request: web.Request, response: web.StreamResponse) -> None:
    """Keep a choice made by `?lang=` for a year. Holds no personal data."""
    chosen = i18n.known(request.query.get("lang"))
    if chosen and chosen != request.cookies.get(COOKIE):
        response.set_cookie(COOKIE, chosen, max_age=365 * 86400, httponly=True, samesite="Lax", path="/")
