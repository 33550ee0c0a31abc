"""A text's sources: look at them now, and read what was kept of one."""

from __future__ import annotations

from aiohttp import web

from service.usecases import copies
from service.web.forms import form
from service.web.keys import actor, house
from service.web.paths import uuid_in
from service.web.staff import done, staff_page

PAGE = "/desk/pieces/{id}"


async def look(request: web.Request) -> web.StreamResponse:
    """Look at every source of the newest text; takes some seconds at most."""
    here, piece_id = house(request), uuid_in(request)
    await form(request)
    await copies.look_now(here.ctx, here.db, here.part("source_door"), piece_id, actor(request))
    return done(request, f"/desk/pieces/{piece_id}#sources", "sources_seen")


async def show(request: web.Request) -> web.Response:
    """What was kept of a source."""
    async with house(request).db.read() as session:
        copy = await copies.kept(session, uuid_in(request))
    return staff_page(request, "desk/copy.html", copy=copy)


def routes() -> list[web.RouteDef]:
    """The routes of sources."""
    return [
        web.post(PAGE + "/look", look, name="desk.piece.look"),
        web.get("/desk/copies/{id}", show, name="desk.copy"),
    ]
