"""Sources: what is polled and how it fares; add one by address, import a list (OPML), pause, resume, poll at once."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from service.errors import Invalid
from service.usecases import sources
from service.web.forms import form, upload
from service.web.keys import actor, house
from service.web.paths import uuid_in
from service.web.staff import done, staff_page

PAGE = "/admin/sources"
WORST_FIRST = {"gone": 0, "failing": 1, "degraded": 2, "new": 3, "ok": 4}
ACTS = {"pause": sources.pause, "resume": sources.resume, "poll": sources.poll_now}
CODES = {"pause": "paused", "resume": "resumed", "poll": "polling"}


async def show(request: web.Request) -> web.Response:
    """All sources, those in trouble first."""
    return await _page(request)


async def _page(request: web.Request, **data: Any) -> web.Response:
    here = house(request)
    async with here.db.read() as session:
        rows = await sources.listing(session)
    rows.sort(key=lambda s: (not s.enabled, WORST_FIRST.get(s.health, 2)))
    given: dict[str, Any] = {"found": (), "report": None} | data
    return staff_page(request, "admin/sources.html", sources=rows, now=here.ctx.now(), **given)


async def add(request: web.Request) -> web.StreamResponse:
    """Register a feed; when the address is a page, find its feed first."""
    here, fields = house(request), await form(request)
    url = fields.get("url", "").strip()
    if not fields.get("exact"):
        found = await sources.find_feed(here.part("feed_door"), url)
        if len(found) > 1:
            return await _page(request, found=found)
        url = found[0].url
    async with here.db.write() as session:
        await sources.add(
            here.ctx,
            session,
            url,
            actor(request),
            title=fields.get("title", ""),
            authority=bool(fields.get("authority")),
            region=fields.get("region") or None,
        )
    return done(request, PAGE, "added")


async def import_list(request: web.Request) -> web.StreamResponse:
    """Register every feed of an OPML file; the page says line by line what became of it."""
    here = house(request)
    data = await upload(request, "file")
    if not data:
        raise Invalid("the file is empty")
    async with here.db.write() as session:
        report = await sources.import_opml(here.ctx, session, data, actor(request))
    return await _page(request, report=report)


async def export_list(request: web.Request) -> web.Response:
    """All sources as OPML 2.0."""
    async with house(request).db.read() as session:
        body = await sources.export_opml(session, "清源")
    headers = {"Content-Disposition": 'attachment; filename="sources.opml"'}
    return web.Response(body=body, content_type="text/x-opml", charset="utf-8", headers=headers)


async def change(request: web.Request) -> web.StreamResponse:
    """Pause, resume, or poll now."""
    here, act = house(request), request.match_info["act"]
    async with here.db.write() as session:
        await ACTS[act](here.ctx, session, uuid_in(request), actor(request))
    if here.wake is not None:
        await here.wake("poll")
    return done(request, PAGE, CODES[act])


def routes() -> list[web.RouteDef]:
    """The routes of this page."""
    return [
        web.get(PAGE, show, name="admin.sources"),
        web.post(PAGE, add, name="admin.sources.add"),
        web.post(PAGE + "/import", import_list, name="admin.sources.upload"),
        web.get(PAGE + "/export.opml", export_list, name="admin.sources.export"),
        web.post(PAGE + "/{id}/{act:pause|resume|poll}", change, name="admin.sources.change"),
    ]
