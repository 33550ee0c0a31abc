"""A public page that needs the database, in the language of its path, with what its layout wants."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from service.pages.templates import localised
from service.site import current
from service.web.answers import PUBLIC_CSP
from service.web.i18n import locale_of
from service.web.keys import FORM_COOKIE, house, visitor
from service.web.templating import page


async def public_page(
    request: web.Request, name: str, path: str, /, status: int = 200, form: bool = False, **data: Any
) -> web.Response:
    """Render `public/<name>.html`. `path` is the Chinese address; `form`: the page has one that is posted."""
    request[FORM_COOKIE] = form or request.get(FORM_COOKIE, False)
    async with house(request).db.read() as session:
        banner = await current.banner(session)
    response = page(
        request,
        f"public/{name}.html",
        status=status,
        path=path,
        banner=banner,
        csrf_token=visitor(request).csrf,
        **data,
    )
    response.headers["Content-Security-Policy"] = PUBLIC_CSP
    response.headers["Cache-Control"] = "no-store"  # questions are nobody else's business
    return response


def address(request: web.Request, path: str) -> str:
    """A page of ours in the language of this request."""
    return localised(path, locale_of(request))
