"""How long experts, departments and teams have (专家时限), by gear and kind of task: the house's minutes and the changes to them."""

from __future__ import annotations

from datetime import timedelta

from aiohttp import web

from expert_db.deadlines import TABLE, Terms
from expert_db.errors import BadTerms
from service.usecases import assignment_terms
from service.web.forms import form, whole_number
from service.web.keys import actor, house
from service.web.staff import done, staff_page

PAGE = "/admin/terms"
SPANS = ("respond", "answer", "grace", "remind")
Rows = list[tuple[str, str, list[tuple[str, int, int]]]]


async def show(request: web.Request) -> web.Response:
    """All spans in minutes."""
    return await _page(request)


async def _page(request: web.Request, wrong: str = "") -> web.Response:
    async with house(request).db.read() as session:
        table = await assignment_terms.terms(session)
    rows: Rows = [
        (gear, str(kind), [(span, _minutes(table[gear][kind], span), _minutes(own, span)) for span in SPANS])
        for gear, kinds in TABLE.items()
        for kind, own in kinds.items()
    ]
    return staff_page(request, "admin/terms.html", status=422 if wrong else 200, rows=rows, wrong=wrong)


def _minutes(terms: Terms, span: str) -> int:
    length: timedelta = getattr(terms, span)
    return round(length / timedelta(minutes=1))


async def save(request: web.Request) -> web.StreamResponse:
    """Set the minutes; a field that is empty goes back to the house's own."""
    here, fields = house(request), await form(request)
    wanted: dict[str, dict[str, dict[str, int]]] = {}
    for gear, kinds in TABLE.items():
        for kind, own in kinds.items():
            for span in SPANS:
                name = f"{gear}.{kind}.{span}"
                if not (text := fields.get(name, "").strip()):
                    continue
                if (minutes := whole_number(text)) is None:
                    return await _page(request, name)
                if minutes != _minutes(own, span):
                    wanted.setdefault(gear, {}).setdefault(str(kind), {})[span] = minutes
    try:
        async with here.db.write() as session:
            await assignment_terms.set_terms(here.ctx, session, wanted, actor(request))
    except BadTerms as error:
        return await _page(request, str(error.details.get("span", "terms")))
    return done(request, PAGE, "saved")


def routes() -> list[web.RouteDef]:
    """The routes of this page."""
    return [web.get(PAGE, show, name="admin.terms"), web.post(PAGE, save, name="admin.terms.save")]
