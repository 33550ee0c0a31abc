"""Accounts: make one (the set-up link is shown once), give rights, disable, enable, reset."""

from __future__ import annotations

from uuid import UUID

from aiohttp import web

from content.permissions import Role
from service.errors import Invalid
from service.usecases import accounts
from service.web.forms import form
from service.web.keys import actor, house
from service.web.paths import uuid_in
from service.web.staff import done, staff_page

PAGE = "/admin/users"


async def show(request: web.Request) -> web.Response:
    """All accounts by name."""
    return await _page(request)


async def _page(request: web.Request, link: tuple[str, str] | None = None) -> web.Response:
    here = house(request)
    async with here.db.read() as session:
        users = await accounts.listing(session, actor(request), request.query.get("after", ""))
    return staff_page(
        request, "admin/users.html", users=users, roles=list(Role), link=link, now=here.ctx.now()
    )


async def add(request: web.Request) -> web.StreamResponse:
    """A new account; shows its one-time link."""
    here, fields = house(request), await form(request)
    async with here.db.write() as session:
        user, token = await accounts.create_user(
            here.ctx,
            session,
            fields.get("name", ""),
            fields.getall("role", []),
            actor(request),
            display_name=fields.get("display_name", ""),
        )
    return await _page(request, (user.name, f"{here.ctx.settings.public_url}/setup/{token}"))


async def change(request: web.Request) -> web.StreamResponse:
    """Disable, enable, reset, or give other roles."""
    here, fields, user_id = house(request), await form(request), uuid_in(request)
    act = request.match_info["act"]
    if act == "reset":
        async with here.db.write() as session:
            user, token = await accounts.reset(here.ctx, session, user_id, actor(request))
        return await _page(request, (user.name, f"{here.ctx.settings.public_url}/setup/{token}"))
    await _change(request, act, user_id, fields.get("reason", ""), fields.getall("role", []))
    return done(request, PAGE, {"disable": "disabled", "enable": "enabled", "roles": "saved"}[act])


async def _change(request: web.Request, act: str, user_id: UUID, reason: str, roles: list[str]) -> None:
    here, by = house(request), actor(request)
    async with here.db.write() as session:
        if act == "disable":
            await accounts.disable(here.ctx, session, user_id, by, reason)
        elif act == "enable":
            await accounts.enable(here.ctx, session, user_id, by)
        elif act == "roles":
            await accounts.edit_roles(here.ctx, session, user_id, roles, by)
        else:
            raise Invalid("there is no such act")


def routes() -> list[web.RouteDef]:
    """The routes of this page."""
    return [
        web.get(PAGE, show, name="admin.users"),
        web.post(PAGE, add, name="admin.users.add"),
        web.post(PAGE + "/{id}/{act:disable|enable|reset|roles}", change, name="admin.users.change"),
    ]
