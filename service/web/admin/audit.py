"""The audit log as its readers see it: newest first, filtered, and whether the chain holds."""

from __future__ import annotations

from aiohttp import web

from service.usecases import audit
from service.web.forms import whole_number
from service.web.keys import actor, house
from service.web.staff import staff_page

PAGE = "/admin/audit"


async def show(request: web.Request) -> web.Response:
    """One page of entries."""
    query = request.query
    async with house(request).db.read() as session:
        found = await audit.page(
            session,
            actor(request),
            before=whole_number(query.get("before")),
            act=query.get("act", ""),
            subject_id=query.get("subject", ""),
        )
    return staff_page(request, "admin/audit.html", entries=found, query=query, report=None)


async def check(request: web.Request) -> web.Response:
    """Read the whole log again and say whether it can be believed."""
    here = house(request)
    async with here.db.read() as session:
        report = await audit.verify(here.ctx, session)
        found = await audit.page(session, actor(request))
    return staff_page(request, "admin/audit.html", entries=found, query={}, report=report)


def routes() -> list[web.RouteDef]:
    """The routes of this page."""
    return [
        web.get(PAGE, show, name="admin.audit"),
        web.post(PAGE + "/verify", check, name="admin.audit.verify"),
    ]
