"""Deliveries that need a person: what became of an uncertain one, whether to send again, what to call off."""

from __future__ import annotations

from aiohttp import web

from content.delivery_states import DELIVERY, DeliveryEvent, DeliveryState
from content.render.told import told
from service.usecases import outbox
from service.web.forms import form
from service.web.keys import actor, house
from service.web.paths import uuid_in
from service.web.staff import done, staff_page

PAGE = "/desk/deliveries"


async def show_list(request: web.Request) -> web.Response:
    """Those that need a person; `?state=` for others."""
    state = request.query.get("state", "")
    async with house(request).db.read() as session:
        rows = await outbox.listing(session, (state,)) if state else await outbox.listing(session)
        titles = await outbox.titles(session, rows)
    return staff_page(
        request, "desk/deliveries.html", rows=rows, titles=titles, state=state, states=list(DeliveryState)
    )


async def show(request: web.Request) -> web.Response:
    """One delivery with every attempt."""
    async with house(request).db.read() as session:
        found = await outbox.page(session, uuid_in(request))
    possible = {event.value for event in DELIVERY.possible(found.delivery.state)}
    return staff_page(
        request,
        "desk/delivery.html",
        found=found,
        seen=told(found.publication),
        can_confirm=found.delivery.state == DeliveryState.UNCERTAIN,
        can_resend=DeliveryEvent.RESEND in possible and not found.blocked_by_newer,
        can_cancel=DeliveryEvent.CANCEL in possible,
    )


async def decide(request: web.Request) -> web.StreamResponse:
    """A person has looked."""
    here, delivery_id, act = house(request), uuid_in(request), request.match_info["act"]
    fields = await form(request)
    async with here.db.write() as session:
        if act == "cancel":
            await outbox.cancel(here.ctx, session, delivery_id, actor(request), fields.get("reason", ""))
        else:
            await outbox.resolve(
                here.ctx, session, delivery_id, "sent" if act == "sent" else "resend", actor(request)
            )
    return done(request, f"{PAGE}/{delivery_id}", "resolved")


def routes() -> list[web.RouteDef]:
    """The routes of deliveries."""
    return [
        web.get(PAGE, show_list, name="desk.deliveries"),
        web.get(PAGE + "/{id}", show, name="desk.delivery"),
        web.post(PAGE + "/{id}/{act:sent|resend|cancel}", decide, name="desk.delivery.decide"),
    ]
