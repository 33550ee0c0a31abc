"""A link that opens one assignment on a phone: made here, shown once, copied by hand, and made void again."""

from __future__ import annotations

from aiohttp import web

from service.usecases import assignment_links, assignments
from service.web.keys import actor, house
from service.web.paths import uuid_in
from service.web.staff import done, staff_page

PAGE = "/desk/assignments/{id}"


async def make(request: web.Request) -> web.Response:
    """The link, this once: only its hash is kept. An older one is void from now on."""
    here, assignment_id, by = house(request), uuid_in(request), actor(request)
    async with here.db.write() as session:
        token = await assignment_links.make(here.ctx, session, assignment_id, by)
    async with here.db.read() as session:
        found = await assignments.page_for(session, assignment_id, by)
    link = f"{here.ctx.settings.public_url}/a/{token}"
    return staff_page(request, "desk/assignment_link.html", found=found, asked=found.assignment, link=link)


async def revoke(request: web.Request) -> web.StreamResponse:
    """The link opens nothing any more."""
    here, assignment_id, by = house(request), uuid_in(request), actor(request)
    async with here.db.write() as session:
        await assignment_links.revoke(here.ctx, session, assignment_id, by)
    async with here.db.read() as session:
        found = await assignments.page_for(session, assignment_id, by)
    return done(request, f"/desk/cases/{found.assignment.case_id}#experts", "unlinked")


def routes() -> list[web.RouteDef]:
    """The routes of links."""
    return [
        web.post(PAGE + "/link", make, name="desk.assignment.link"),
        web.post(PAGE + "/unlink", revoke, name="desk.assignment.unlink"),
    ]
