"""/search and /check: find a page by words, and see what is known about something heard."""

from __future__ import annotations

from aiohttp import web

from content.render.told import Told
from service.site import current, search
from service.web.clients import Rate, client_ip
from service.web.forms import form
from service.web.keys import house
from service.web.public.known import LONGEST, Known
from service.web.public.layout import public_page

KNOWN: web.AppKey[Known] = web.AppKey("known", Known)
ASKING: web.AppKey[Rate] = web.AppKey("asking", Rate)
MOST = 30
LONGEST_SEARCH = 200


async def search_page(request: web.Request) -> web.Response:
    """Results for `?q=`; the form alone without it."""
    question, here = request.query.get("q", "").strip()[:LONGEST_SEARCH], house(request)
    pages: list[Told] = []
    if question:
        request.app[ASKING].take(client_ip(request))
        ids = await search.find(here.db, question, MOST)
        async with here.db.read() as session:
            pages = await current.some(session, ids, here.ctx.now())
    return await public_page(request, "search", "/search", question=question, pages=pages)


async def check_page(request: web.Request) -> web.Response:
    """The form, and with `?text=` (or the posted text) what is known about it."""
    sent = (
        (await form(request)).get("text", "") if request.method == "POST" else request.query.get("text", "")
    )
    question, found, here = sent.strip()[:LONGEST], None, house(request)
    if question:
        request.app[ASKING].take(client_ip(request))
        found = await request.app[KNOWN].ask(here.db, question, here.ctx.now())
    return await public_page(request, "check", "/check", form=True, question=question, found=found)
