"""The calendar (日历): campaign days and seasons ahead, what to prepare for them, reviews and scheduled pieces."""

from __future__ import annotations

from aiohttp import web

from content.render.ics import TYPE
from service.usecases import calendar
from service.web.forms import form, whole_number
from service.web.i18n import locale_of
from service.web.keys import actor, house
from service.web.staff import done, staff_page

PAGE = "/desk/calendar"


async def show(request: web.Request) -> web.Response:
    """What is ahead."""
    here, days = house(request), whole_number(request.query.get("days")) or calendar.HORIZONS[0]
    async with here.db.read() as session:
        found = await calendar.agenda(here.ctx, session, actor(request), days)
    return staff_page(request, "desk/calendar.html", found=found, horizons=calendar.HORIZONS)


async def plan(request: web.Request) -> web.StreamResponse:
    """Begin to prepare; leads to the campaign's case, where pieces are written and experts asked."""
    here, fields = house(request), await form(request)
    key, texts = request.match_info["key"], fields.getall("texts", [])
    async with here.db.write() as session:
        case = await calendar.plan(here.ctx, session, key, texts, actor(request))
    return done(request, f"/desk/cases/{case.id}", "planned")


async def download(request: web.Request) -> web.Response:
    """A year ahead as a calendar file."""
    here = house(request)
    async with here.db.read() as session:
        body = await calendar.file(here.ctx, session, actor(request), locale_of(request))
    headers = {"Content-Disposition": 'attachment; filename="qingyuan.ics"', "Cache-Control": "no-store"}
    return web.Response(body=body, content_type=TYPE, charset="utf-8", headers=headers)


def routes() -> list[web.RouteDef]:
    """The routes of the calendar."""
    return [
        web.get(PAGE, show, name="desk.calendar"),
        web.get(PAGE + ".ics", download, name="desk.calendar.file"),
        web.post(PAGE + "/{key}", plan, name="desk.calendar.plan"),
    ]
