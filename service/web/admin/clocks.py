"""The minutes of every clock (时限): the city's own, and the administrator's changes to them."""

from __future__ import annotations

from aiohttp import web

from content.clocks import BadClock
from service.usecases import clocks
from service.web.forms import form, whole_number
from service.web.keys import actor, house
from service.web.staff import done, staff_page

PAGE = "/admin/clocks"


async def show(request: web.Request) -> web.Response:
    """All clocks with their minutes."""
    return await _page(request)


async def _page(request: web.Request, wrong: str = "") -> web.Response:
    here = house(request)
    async with here.db.read() as session:
        table = await clocks.table(here.ctx, session)
    own = {one.code: one.minutes for one in clocks.of_city(here.ctx)}
    return staff_page(
        request, "admin/clocks.html", status=422 if wrong else 200, table=table, own=own, wrong=wrong
    )


async def save(request: web.Request) -> web.StreamResponse:
    """Set the minutes; a field that is empty goes back to the city's own."""
    here, fields = house(request), await form(request)
    own = {one.code: one.minutes for one in clocks.of_city(here.ctx)}
    wanted: dict[str, int] = {}
    for code, minutes in own.items():
        if text := fields.get(code, "").strip():
            given = whole_number(text)
            if given is None:
                return await _page(request, code)
            if given != minutes:
                wanted[code] = given
    try:
        async with here.db.write() as session:
            await clocks.edit(here.ctx, session, wanted, actor(request))
    except BadClock as error:
        return await _page(request, str(error.details.get("field", "")))
    return done(request, PAGE, "saved")


def routes() -> list[web.RouteDef]:
    """The routes of this page."""
    return [web.get(PAGE, show, name="admin.clocks"), web.post(PAGE, save, name="admin.clocks.save")]
