"""The model (模型): which one is in use, what the desk has taught, and whether what comes in moves away from it."""

from __future__ import annotations

from datetime import datetime

from aiohttp import web

from service.usecases import model_page
from service.web.keys import house
from service.web.staff import staff_page

PAGE = "/desk/model"


async def show(request: web.Request) -> web.Response:
    """The page of the model. What moves models is on the command line."""
    here = house(request)
    async with here.db.read() as session:
        found = await model_page.of_desk(here.ctx, session)
    return staff_page(request, "desk/model.html", found=found, moment=moment)


def moment(text: object) -> datetime | None:
    """A time as it stands in a file, or None."""
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None


def routes() -> list[web.RouteDef]:
    """The route of this page."""
    return [web.get(PAGE, show, name="desk.model")]
