"""Closing cases from the queue itself, one or many at once, and taking that back. The queue then says what was done."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from service.errors import Invalid
from service.usecases import bulk_dismissal
from service.usecases.bulk_dismissal import Pick
from service.web.desk.queue_query import PAGE, back_to
from service.web.forms import form, whole_number
from service.web.keys import actor, house
from service.web.paths import as_uuid, uuid_in
from service.web.wire import see_other

HERE: Final = PAGE + "/bulk"


async def dismiss(request: web.Request) -> web.StreamResponse:
    """Close what was ticked; `only` is one row's own button: its reason and its case."""
    here, fields = house(request), await form(request)
    reason, picks = fields.get("reason", ""), fields.getall("case", [])
    if only := fields.get("only"):
        reason, _, one = only.partition(":")
        picks = [one]
    async with here.db.write() as session:
        batch = await bulk_dismissal.dismiss_many(
            here.ctx,
            session,
            [_pick(one) for one in picks],
            reason,
            actor(request),
            note="" if only else fields.get("note", ""),
            said="" if only else fields.get("said", ""),
            named=[_pick(one).case_id for one in fields.getall("case", [])] if "named" in fields else (),
        )
    return see_other(back_to(fields.get("back", ""), batch=str(batch)) + "#done")


async def undo(request: web.Request) -> web.StreamResponse:
    """Put back what one batch closed."""
    here, batch, fields = house(request), uuid_in(request), await form(request)
    async with here.db.write() as session:
        await bulk_dismissal.undo_many(here.ctx, session, batch, actor(request))
    return see_other(back_to(fields.get("back", ""), batch=str(batch)) + "#done")


def _pick(text: str) -> Pick:
    name, _, version = text.partition(":")
    number = whole_number(version)
    if number is None:
        raise Invalid("this is no case of the page", field="case")
    return Pick(as_uuid(name), number)


def routes() -> list[web.RouteDef]:
    """The routes of closing in bulk."""
    return [
        web.post(HERE, dismiss, name="desk.bulk"),
        web.post(HERE + "/{id}/undo", undo, name="desk.bulk.undo"),
    ]
