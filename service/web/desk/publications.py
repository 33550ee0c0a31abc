"""What has been published: where each version went, and correcting or taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from aiohttp import web

from content.publications import Publication, PublicationType
from content.render.told import told
from content.withdrawal import fates
from service import crash
from service.store import channels, deliveries, publications
from service.usecases import publish
from service.web.forms import form, whole_number
from service.web.keys import actor, house
from service.web.staff import done, staff_page

PAGE = "/desk/publications"


async def show_list(request: web.Request) -> web.Response:
    """Every version, newest first; retractions that wait for a second look come first of all."""
    here = house(request)
    async with here.db.read() as session:
        rows = await publications.page(session, whole_number(request.query.get("before")))
        waiting = await publish.unseen_retractions(session, here.ctx.now())
    return staff_page(
        request,
        "desk/publications.html",
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
    return staff_page(
        request,
        "desk/publication.html",
        current=current,
        seen=told(current),
        versions=[(v, [d for d in sent if d.publication_id == v.id]) for v in reversed(versions)],
        retracted=current.type == PublicationType.RETRACT,
        fates=fates(current, sent, kinds),
        needs_look=_needs_look(current, waiting, actor(request).id),
    )


def _needs_look(
    current: Publication, waiting: Sequence[tuple[Publication, timedelta]], me: UUID | None
) -> bool:
    return current.public_id in {row.public_id for row, _ in waiting} and current.by_id != me


async def act(request: web.Request) -> web.StreamResponse:
    """Begin a correction, retract, or confirm the second look."""
    here, public_id, fields = house(request), request.match_info["public_id"], await form(request)
    by, what = actor(request), request.match_info["act"]
    page = f"{PAGE}/{public_id}"
    async with here.db.write() as session:
        if what == "correct":
            piece = await publish.start_correction(here.ctx, session, public_id, by)
            page = f"/desk/pieces/{piece.id}"
        elif what == "retract":
            await publish.retract(here.ctx, session, public_id, fields.get("reason", ""), by)
        else:
            await publish.looked_at(here.ctx, session, public_id, by)
    crash.point("publish.after_commit")
    return done(request, page, {"correct": "correcting", "retract": "retracted", "looked": "resolved"}[what])


def routes() -> list[web.RouteDef]:
    """The routes of published things."""
    return [
        web.get(PAGE, show_list, name="desk.publications"),
        web.get(PAGE + "/{public_id}", show, name="desk.publication"),
        web.post(PAGE + "/{public_id}/{act:correct|retract|looked}", act, name="desk.publication.change"),
    ]
