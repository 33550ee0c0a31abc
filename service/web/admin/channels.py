"""Channels: add one (its secret is shown once), try it out, switch it on and off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from service.channels.kinds import KINDS
from service.usecases import channels
from service.web.forms import form
from service.web.keys import actor, house
from service.web.paths import uuid_in
from service.web.staff import done, staff_page

PAGE = "/admin/channels"


async def show(request: web.Request) -> web.Response:
    """All channels with their health."""
    return await _page(request)


async def _page(request: web.Request, **data: Any) -> web.Response:
    here = house(request)
    async with here.db.read() as session:
        rows = await channels.listing(session)
    given: dict[str, Any] = {"secret": None, "result": None} | data
    shown = [(row, channels.masked(row.url)) for row in rows]
    kinds = [(kind, kind) for kind in KINDS if kind != "site"]
    return staff_page(
        request, "admin/channels.html", channels=shown, kinds=kinds, now=here.ctx.now(), **given
    )


async def add(request: web.Request) -> web.StreamResponse:
    """A new channel."""
    here, fields = house(request), await form(request)
    async with here.db.write() as session:
        channel, secret = await channels.add(
            here.ctx,
            session,
            fields.get("name", ""),
            fields.get("kind", ""),
            fields.get("url", "").strip(),
            actor(request),
            secret=fields.get("secret") or None,
            settings=_settings(fields),
        )
    return await _page(request, secret=(channel.name, secret))


def _settings(fields: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {name: fields[name].strip() for name in ("appid", "cover") if fields.get(name)}
    if to := fields.get("to", "").split():
        found["to"] = to
    return found | {name: True for name in ("exercise", "desk", "experts") if fields.get(name)}


async def change(request: web.Request) -> web.StreamResponse:
    """Switch on or off, or send a marked test message."""
    here, channel_id, fields = house(request), uuid_in(request), await form(request)
    act, by = request.match_info["act"], actor(request)
    if act == "test":
        result = await channels.test(here.ctx, here.db, here.part("outlets"), channel_id, by)
        return await _page(request, result=result)
    async with here.db.write() as session:
        if act == "disable":
            await channels.disable(here.ctx, session, channel_id, by, fields.get("reason", ""))
        else:
            await channels.enable(here.ctx, session, channel_id, by)
    return done(request, PAGE, "paused" if act == "disable" else "resumed")


def routes() -> list[web.RouteDef]:
    """The routes of this page."""
    return [
        web.get(PAGE, show, name="admin.channels"),
        web.post(PAGE, add, name="admin.channels.add"),
        web.post(PAGE + "/{id}/{act:test|disable|enable}", change, name="admin.channels.change"),
    ]
