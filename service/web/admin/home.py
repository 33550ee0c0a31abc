"""How the service runs: what waits, which sources and channels are in trouble, which model judges, who works."""

from __future__ import annotations

from aiohttp import web
from sqlmodel import col, func, select

from content.delivery import Delivery
from content.delivery_states import DeliveryState
from service.store.tables import Channel, Lease, PendingItem, Source
from service.web.keys import house
from service.web.staff import staff_page

PAGE = "/admin"


async def show(request: web.Request) -> web.Response:
    """One page of figures."""
    here = house(request)
    now = here.ctx.now()
    async with here.db.read() as session:
        pending = (await session.exec(select(func.count()).select_from(PendingItem))).one()
        health = dict((await session.exec(select(Source.health, func.count()).group_by(Source.health))).all())
        outbox = dict(
            (await session.exec(select(Delivery.state, func.count()).group_by(Delivery.state))).all()
        )
        troubled = (
            await session.exec(select(Channel).where(col(Channel.health).in_(("failing", "degraded"))))
        ).all()
        leases = (await session.exec(select(Lease).where(Lease.until > now).order_by(Lease.name))).all()
    model = getattr(here.assessors, "health", None)
    return staff_page(
        request,
        "admin/home.html",
        pending=pending,
        health=health,
        outbox=outbox,
        troubled=troubled,
        leases=leases,
        model=model() if callable(model) else None,
        uncertain=outbox.get(DeliveryState.UNCERTAIN, 0),
        now=now,
    )


def routes() -> list[web.RouteDef]:
    """The route of this page."""
    return [web.get(PAGE, show, name="admin")]
