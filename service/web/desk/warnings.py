"""Relaying an official warning, or ending it, from the evidence of a case."""

from __future__ import annotations

from aiohttp import web

from service import crash
from service.usecases import warnings
from service.web.keys import actor, house
from service.web.paths import uuid_in
from service.web.staff import done


async def relay(request: web.Request) -> web.StreamResponse:
    """Begin the piece that says what the issuer says; on to its page."""
    here = house(request)
    async with here.db.write() as session:
        piece = await warnings.relay(here.ctx, session, uuid_in(request), actor(request))
    return done(request, f"/desk/pieces/{piece.id}", "relayed")


async def end(request: web.Request) -> web.StreamResponse:
    """The issuer has cancelled it: take down what was relayed; on to where that stands."""
    here = house(request)
    async with here.db.write() as session:
        [first, *_] = await warnings.end(here.ctx, session, uuid_in(request), actor(request))
    crash.point("publish.after_commit")
    return done(request, f"/desk/publications/{first.public_id}", "warning_over")


def routes() -> list[web.RouteDef]:
    """The routes of warnings; `id` is that of the evidence."""
    return [
        web.post("/desk/warnings/{id}/relay", relay, name="desk.warning.relay"),
        web.post("/desk/warnings/{id}/end", end, name="desk.warning.end"),
    ]
