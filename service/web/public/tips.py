"""/tip: ask "is this true?" and follow the answer by a token. Bounded per visitor; a hidden field catches robots."""

from __future__ import annotations

import secrets

from aiohttp import web

from content.despair import despairs
from service.errors import Invalid
from service.pages.templates import localised
from service.site import current
from service.usecases import tips
from service.web.clients import Rate, client_ip
from service.web.forms import form
from service.web.i18n import locale_of
from service.web.keys import house
from service.web.public.layout import address, public_page
from service.web.templating import TEMPLATES
from service.web.wire import see_other

SENDING: web.AppKey[Rate] = web.AppKey("sending", Rate)
FIELDS = ("text", "url", "region", "contact")
TRAP = "website"


async def show(request: web.Request) -> web.Response:
    """The form; `?text=` fills it."""
    return await _form(request, {"text": request.query.get("text", "")[: tips.LONGEST]})


async def send(request: web.Request) -> web.Response:
    """Take the question and show its status page; wrong fields come back with what was written."""
    fields, here = await form(request), house(request)
    request.app[SENDING].take(client_ip(request))
    if fields.get(TRAP):
        return see_other(address(request, f"/tip/{secrets.token_urlsafe(24)}"))  # a robot; it learns nothing
    values = {name: fields.get(name, "") for name in FIELDS}
    try:
        async with here.db.write() as session:
            _, token = await tips.submit(
                here.ctx, session, values["text"], values["url"], values["region"] or None, values["contact"]
            )
    except Invalid as error:
        return await _form(request, values, wrong=str(error.details.get("field", "text")))
    return see_other(address(request, f"/tip/{token}"))


async def follow(request: web.Request) -> web.Response:
    """How far a question is, for whoever has its token."""
    token, here = request.match_info["token"], house(request)
    async with here.db.read() as session:
        status = await tips.status(session, token)
        wanted = [status.public_id] if status.public_id else []
        pages = await current.some(session, wanted, here.ctx.now())
        gone = await current.gone(session, wanted[0], here.ctx.now()) if wanted and not pages else None
    own = f"{here.ctx.settings.public_url}{address(request, f'/tip/{token}')}"
    over = gone is not None and gone.ended
    return await public_page(
        request,
        "tip_status",
        "/tip",
        tip=status,
        pages=pages,
        over=over,
        own=own,
        despair=despairs(status.text),
    )


async def _form(request: web.Request, values: dict[str, str], wrong: str = "") -> web.Response:
    locale, city = locale_of(request), request.app[TEMPLATES].city
    counties = [("", "—"), *((county.code, city.place(county.code, locale)) for county in city.counties)]
    return await public_page(
        request,
        "tip",
        "/tip",
        status=422 if wrong else 200,
        form=True,
        values={name: values.get(name, "") for name in FIELDS},
        wrong=wrong,
        counties=counties,
        trap=TRAP,
        limits=(tips.SHORTEST, tips.LONGEST, tips.LONGEST_CONTACT),
        action=localised("/tip", locale),
    )
