"""Asking the language model for a draft, and taking a paragraph of one over."""

from __future__ import annotations

from aiohttp import web

from service.errors import NotFound
from service.usecases import machine_drafts
from service.web.forms import form, whole_number
from service.web.keys import actor, house
from service.web.paths import uuid_in
from service.web.staff import done


async def ask(request: web.Request) -> web.StreamResponse:
    """Ask; the page shows the draft once it is there."""
    here, piece_id = house(request), uuid_in(request)
    await form(request)
    async with here.db.write() as session:
        await machine_drafts.ask(here.ctx, session, piece_id, actor(request))
    return done(request, f"/desk/pieces/{piece_id}#machine", "draft_asked")


async def take(request: web.Request) -> web.StreamResponse:
    """One paragraph, named by its field and number."""
    here, fields = house(request), await form(request)
    name, _, number = fields.get("place", "").partition(" ")
    if (place := whole_number(number)) is None:
        raise NotFound
    async with here.db.write() as session:
        revision = await machine_drafts.take(here.ctx, session, uuid_in(request), name, place, actor(request))
    return done(request, f"/desk/pieces/{revision.piece_id}#machine", "draft_taken")


def routes() -> list[web.RouteDef]:
    """The routes of machine drafts."""
    return [
        web.post("/desk/pieces/{id}/drafts", ask, name="desk.piece.draft"),
        web.post("/desk/drafts/{id}/take", take, name="desk.draft.take"),
    ]
