"""Time limits (时限): everything that runs, the most urgent first, and the alarms that were raised."""

from __future__ import annotations

from aiohttp import web

from content.alarms import Alarm
from service.store import clocks as store
from service.usecases import alarms, clock_board
from service.web.keys import actor, house
from service.web.paths import uuid_in
from service.web.staff import done, staff_page

PAGE = alarms.PAGE


async def show(request: web.Request) -> web.Response:
    """The board, with what was said about each."""
    here = house(request)
    async with here.db.read() as session:
        rows = await clock_board.board(here.ctx, session)
        raised = await store.open_alarms(session)
    known: dict[tuple[object, str], Alarm] = {(one.subject_id, one.clock): one for one in raised}
    return staff_page(
        request,
        "desk/clocks.html",
        rows=[(row, known.get((row.id, row.reading.clock.code))) for row in rows],
        most=clock_board.MOST,
        now=here.ctx.now(),
    )


async def seen(request: web.Request) -> web.StreamResponse:
    """Somebody knows."""
    here, alarm_id = house(request), uuid_in(request)
    async with here.db.write() as session:
        await alarms.see(here.ctx, session, alarm_id, actor(request))
    return done(request, PAGE, "seen")


def routes() -> list[web.RouteDef]:
    """The routes of this page."""
    return [
        web.get(PAGE, show, name="desk.clocks"),
        web.post(PAGE + "/{id}/seen", seen, name="desk.clocks.seen"),
    ]
