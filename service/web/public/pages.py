"""Rendered pages through aiohttp: for requests that the front hands over, and on connections that aiohttp already has."""

from __future__ import annotations

from aiohttp import web

from service.errors import NotFound, Unavailable
from service.site.serving import Site
from service.web.answers import Wish, answer
from service.web.headers import STAFF
from service.web.i18n import locale_of
from service.web.keys import SECURE


class NotRendered(Unavailable):
    """The public pages are being made; look again in a few seconds."""

    type = "not_rendered"


SITE: web.AppKey[Site] = web.AppKey("site", Site)


async def show(request: web.Request) -> web.StreamResponse:
    """The page at this address, a redirect to its proper address, or the page that says there is none."""
    site, path = request.app[SITE], request.path
    site.reload()  # one stat: a page that has just been rendered is there with the next request
    stored = site.find(path)
    if stored is None and (proper := _proper(site, path)):
        raise web.HTTPPermanentRedirect(proper)
    if stored is None and not path.startswith((*STAFF, "/static/")):
        stored = site.find("/en/404" if locale_of(request) == "en" else "/404")
    if stored is None:
        raise NotFound() if site.find("/") else NotRendered()
    wish = Wish(
        request.headers.get("Accept-Encoding", ""),
        request.headers.get("If-None-Match", ""),
        request.headers.get("If-Modified-Since", ""),
    )
    found = answer(stored, wish, request.app[SECURE])
    return web.Response(status=found.status, headers=list(found.headers), body=found.body)


def _proper(site: Site, path: str) -> str | None:
    """The address with or without its last slash, where something stands."""
    other = path.rstrip("/") if path.endswith("/") else f"{path}/"
    return other if other.startswith("/") and other != path and site.find(other) else None
