"""/a/{token}: one assignment on a phone, without a login. The token opens this page and nothing else.

    question, evidence → accept · ask back · propose a colleague · decline · answer → thanks; from then on the link opens nothing

Wrong, old and revoked tokens all look alike: not found. Works without script.
"""

from __future__ import annotations

from typing import Any

from aiohttp import web
from multidict import MultiDictProxy

from content.errors import ContentError
from expert_db.errors import ExpertError
from service import crash
from service.errors import NotFound, QingyuanError
from service.usecases import assignment_links as links
from service.web.clients import Rate, client_ip
from service.web.expert.assignments import CODES, SOURCE_ROWS, report_in, sources_in
from service.web.forms import form
from service.web.keys import FORM_COOKIE, house
from service.web.staff import done, staff_page

TRIES: web.AppKey[Rate] = web.AppKey("link_tries", Rate)
PAGE = "/a/{token}"
THANKS = "/a/thanks"
ENDING = ("decline", "answer")  # the link opens nothing afterwards


async def show(request: web.Request) -> web.Response:
    """The question with its evidence."""
    request.app[TRIES].take(client_ip(request))
    return await _page(request)


async def _page(request: web.Request, typed: Any = None, error: Exception | None = None) -> web.Response:
    here, token = house(request), request.match_info["token"]
    async with here.db.read() as session:
        found = await links.page(here.ctx, session, token)
    request[FORM_COOKIE] = True
    details: dict[str, object] = getattr(error, "details", {})
    page = staff_page(
        request,
        "expert/link.html",
        status=getattr(error, "status", 200),
        found=found,
        asked=found.assignment,
        can=found.can,
        typed=typed or {},
        error=getattr(error, "type", None),
        wrong=str(details.get("field", "")),
        source_rows=SOURCE_ROWS,
        action=f"/a/{token}",
    )
    return _private(page)


async def act(request: web.Request) -> web.StreamResponse:
    """Accept, decline or answer. What was typed is never lost to an error."""
    request.app[TRIES].take(client_ip(request))
    fields, name = await form(request), request.match_info["act"]
    try:
        await _act(request, name, fields)
    except NotFound:
        raise
    except (QingyuanError, ContentError, ExpertError) as error:
        return await _page(request, fields, error)
    crash.point("assign.after_commit")
    back = THANKS if name in ENDING else f"/a/{request.match_info['token']}"
    return done(request, back, CODES[name])


async def _act(request: web.Request, name: str, fields: MultiDictProxy[str]) -> None:
    here, token = house(request), request.match_info["token"]
    async with here.db.write() as session:
        if name == "accept":
            await links.accept(here.ctx, session, token)
        elif name == "ask":
            await links.ask(here.ctx, session, token, fields.get("text", ""))
        elif name == "propose":
            colleague = fields.get("colleague", ""), fields.get("unit", ""), fields.get("reason", "")
            await links.hand_over(here.ctx, session, token, *colleague)
        elif name == "decline":
            reason, suggestion = fields.get("reason", ""), fields.get("suggestion", "")
            await links.decline(here.ctx, session, token, reason, suggestion)
        else:
            text, verdict = fields.get("text", ""), fields.get("verdict") or None
            report = report_in(fields)
            await links.answer(here.ctx, session, token, text, verdict, sources_in(fields), report)


async def thanks(request: web.Request) -> web.Response:
    """After a refusal or an answer; knows nothing of whose it was."""
    return _private(staff_page(request, "expert/link_thanks.html"))


def _private(page: web.Response) -> web.Response:
    # The address itself is the key: no cache keeps the page and no other site learns where a reader came from. Not
    # "no-referrer": with that browsers send `Origin: null` with the page's own forms, and the guard refuses them.
    page.headers["Cache-Control"] = "no-store"
    page.headers["Referrer-Policy"] = "same-origin"
    return page


def equip(app: web.Application) -> None:
    """The limit on guessing."""
    app[TRIES] = Rate(limit=60, seconds=60)


def routes() -> list[web.RouteDef]:
    """The routes of links."""
    return [
        web.get(THANKS, thanks, name="link.thanks"),
        web.get(PAGE, show, name="link"),
        web.post(PAGE + "/{act:" + "|".join(CODES) + "}", act, name="link.act"),
    ]
