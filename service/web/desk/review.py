"""Reading exactly what would go out, and approving, returning or publishing it."""

from __future__ import annotations

from datetime import datetime

from aiohttp import web

from content.permissions import may
from content.piece_states import PIECE, PieceEvent, PieceState
from content.render.told import House as Speaker
from content.review import Text
from content.scheduling import read
from service import crash
from service.errors import Invalid
from service.pages.city import City
from service.usecases import pieces, publish, review, scheduling, warning_ends
from service.usecases.preview import preview
from service.web.forms import form, whole_number
from service.web.keys import actor, house
from service.web.paths import uuid_in
from service.web.staff import done, staff_page
from service.web.templating import TEMPLATES

PAGE = "/desk/pieces/{id}/review"


def speaker(city: City, base_url: str) -> Speaker:
    """Who speaks on the public pages."""
    return Speaker(city.desk, "清源", base_url, city.zone, city.name, city.code)


async def show(request: web.Request) -> web.Response:
    """The text as the public would read it, its renditions, who touched it, and what may be done now."""
    here = house(request)
    async with here.db.read() as session:
        found = await pieces.page(here.ctx, session, uuid_in(request))
        held = await publish.is_held(session, found.piece)
        over = await warning_ends.of_piece(here.ctx, session, found.piece, found.revision.body)
    who, state = actor(request), found.piece.state
    approvable = PIECE.allows(state, PieceEvent.APPROVE) and may(who, "piece.approve")
    return staff_page(
        request,
        "desk/review.html",
        found=found,
        piece=found.piece,
        seen=preview(here.ctx, found, speaker(request.app[TEMPLATES].city, here.ctx.settings.public_url)),
        approvable=approvable,
        held=held,
        over=over if found.piece.state != PieceState.PUBLISHED else None,
        planned=read(found.piece.schedule),
        own_hand=who.id in found.hands,
        returnable=PIECE.allows(state, PieceEvent.RETURN) and may(who, "piece.approve"),
        publishable=PIECE.allows(state, PieceEvent.PUBLISH) and may(who, "piece.publish"),
    )


async def decide(request: web.Request) -> web.StreamResponse:
    """Approve or return the very text that the page showed."""
    here, piece_id, fields = house(request), uuid_in(request), await form(request)
    revision, sha256 = whole_number(fields.get("revision")) or 0, fields.get("sha256", "")
    note, by, act = fields.get("note", ""), actor(request), request.match_info["act"]
    async with here.db.write() as session:
        if act == "approve":
            await review.approve(here.ctx, session, piece_id, revision, sha256, by, note)
        else:
            await review.return_(here.ctx, session, piece_id, revision, sha256, note, by)
    crash.point("review.after_commit")
    return done(request, f"/desk/pieces/{piece_id}/review", "approved" if act == "approve" else "returned")


async def let_out(request: web.Request) -> web.StreamResponse:
    """Publish what was approved; during an incident everyday texts need a reason."""
    here, piece_id, fields = house(request), uuid_in(request), await form(request)
    override = fields.get("override", "")
    async with here.db.write() as session:
        published = await publish.publish(here.ctx, session, piece_id, actor(request), override)
    crash.point("publish.after_commit")
    return done(request, f"/desk/publications/{published.public_id}", "published")


async def schedule(request: web.Request) -> web.StreamResponse:
    """Choose when the very text that the page showed goes out; the moment is in the city's time."""
    here, piece_id, fields = house(request), uuid_in(request), await form(request)
    text = Text(whole_number(fields.get("revision")) or 0, fields.get("sha256", ""))
    try:
        at = datetime.fromisoformat(fields.get("at", ""))
    except ValueError:
        raise Invalid("this is not a moment") from None
    at = at.replace(tzinfo=request.app[TEMPLATES].city.zone) if at.tzinfo is None else at
    embargo, override = bool(fields.get("embargo")), fields.get("override", "")
    async with here.db.write() as session:
        await scheduling.schedule(
            here.ctx, session, piece_id, at, text, actor(request), embargo=embargo, override=override
        )
    return done(request, f"/desk/pieces/{piece_id}/review", "scheduled")


async def unschedule(request: web.Request) -> web.StreamResponse:
    """It waits for a person again."""
    here, piece_id = house(request), uuid_in(request)
    async with here.db.write() as session:
        await scheduling.unschedule(here.ctx, session, piece_id, actor(request))
    return done(request, f"/desk/pieces/{piece_id}/review", "unscheduled")


def routes() -> list[web.RouteDef]:
    """The routes of review."""
    return [
        web.get(PAGE, show, name="desk.review"),
        web.post("/desk/pieces/{id}/{act:approve|return}", decide, name="desk.review.decide"),
        web.post("/desk/pieces/{id}/publish", let_out, name="desk.review.publish"),
        web.post("/desk/pieces/{id}/schedule", schedule, name="desk.review.schedule"),
        web.post("/desk/pieces/{id}/unschedule", unschedule, name="desk.review.unschedule"),
    ]
