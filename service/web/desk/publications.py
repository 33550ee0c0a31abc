"""What has been published: where each version went, and correcting or taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from aiohttp import web

from content import shelf_life
from content.publications import Publication, PublicationType
from content.render.told import told
from content.withdrawal import fates
from service import crash
from service.store import channels, copies, deliveries, pieces, publications, shelf
from service.usecases import publish, warning_ends, warnings
from service.usecases import shelf_life as reviewing
from service.web.forms import form, whole_number
from service.web.keys import actor, house
from service.web.staff import done, staff_page
from service.web.templating import TEMPLATES

PAGE = "/desk/publications"
AFTER = {
    "correct": "correcting",
    "retract": "retracted",
    "looked": "resolved",
    "reviewed": "reviewed",
    "end": "warning_over",
}


async def show_list(request: web.Request) -> web.Response:
    """Every version, newest first; retractions that wait for a second look come first of all."""
    here = house(request)
    async with here.db.read() as session:
        rows = await publications.page(session, whole_number(request.query.get("before")))
        waiting = await publish.unseen_retractions(session, here.ctx.now())
        stale = await reviewing.stale(here.ctx, session)
    return staff_page(
        request,
        "desk/publications.html",
        stale=[(one, told(one.publication)) for one in stale],
        rows=[(row, told(row)) for row in rows],
        waiting=[(row, told(row), left) for row, left in waiting],
        older=f"{PAGE}?before={rows[-1].sequence}" if len(rows) == 50 else None,
    )


async def show(request: web.Request) -> web.Response:
    """One page of the site: its versions and what became of them channel by channel."""
    here, public_id = house(request), request.match_info["public_id"]
    async with here.db.read() as session:
        current = await publications.current(session, public_id)
        versions = await publications.versions(session, public_id)
        sent = await deliveries.of_publication(session, public_id)
        waiting = await publish.unseen_retractions(session, here.ctx.now())
        kinds = {channel.id: channel.kind for channel in await channels.listing(session)}
        piece = await pieces.load(session, current.piece_id)
        over = await warning_ends.of_piece(here.ctx, session, piece, current.snapshot["body"])
        kept = [copy for copy in await copies.of_publication(session, public_id) if copy.piece_id == piece.id]
        troubled = (await shelf.troubled(session, [public_id])).get(public_id, [])
    today = here.ctx.now().astimezone(request.app[TEMPLATES].city.zone).date()
    return staff_page(
        request,
        "desk/publication.html",
        current=current,
        seen=told(current),
        versions=[(v, [d for d in sent if d.publication_id == v.id]) for v in reversed(versions)],
        over=over if current.type != PublicationType.RETRACT else None,
        retracted=current.type == PublicationType.RETRACT,
        fates=fates(current, sent, kinds),
        review_due=piece.review_due,
        overdue=piece.review_due is not None and piece.review_due <= here.ctx.now(),
        review_next=shelf_life.suggested(str(current.snapshot["kind"]), today),
        troubled=len(troubled),
        kept=kept,
        needs_look=_needs_look(current, waiting, actor(request).id),
    )


def _needs_look(
    current: Publication, waiting: Sequence[tuple[Publication, timedelta]], me: UUID | None
) -> bool:
    return current.public_id in {row.public_id for row, _ in waiting} and current.by_id != me


async def act(request: web.Request) -> web.StreamResponse:
    """Begin a correction, retract, say that it is still right, or confirm the second look."""
    here, public_id, fields = house(request), request.match_info["public_id"], await form(request)
    by, what = actor(request), request.match_info["act"]
    page = f"{PAGE}/{public_id}"
    async with here.db.write() as session:
        if what == "correct":
            piece = await publish.start_correction(here.ctx, session, public_id, by)
            page = f"/desk/pieces/{piece.id}"
        elif what == "retract":
            await publish.retract(here.ctx, session, public_id, fields.get("reason", ""), by)
        elif what == "end":
            await warnings.close(here.ctx, session, public_id, fields.get("reason", ""), by)
        elif what == "reviewed":
            until = _day(fields.get("until", ""))
            await reviewing.still_right(here.ctx, session, public_id, until, by, fields.get("note", ""))
        else:
            await publish.looked_at(here.ctx, session, public_id, by)
    crash.point("publish.after_commit")
    return done(request, page, AFTER[what])


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise shelf_life.BadReviewDate from None


def routes() -> list[web.RouteDef]:
    """The routes of published things."""
    return [
        web.get(PAGE, show_list, name="desk.publications"),
        web.get(PAGE + "/{public_id}", show, name="desk.publication"),
        web.post(
            PAGE + "/{public_id}/{act:correct|retract|looked|reviewed|end}",
            act,
            name="desk.publication.change",
        ),
    ]
