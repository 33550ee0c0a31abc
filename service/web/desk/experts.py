"""The expert database (专家库) on the desk: the directory, one expert, new and changed ones, and where it has holes."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from aiohttp import web

from expert_db.availability import local
from expert_db.errors import BadExpert
from expert_db.experts import Expert, ExpertKind
from expert_db.privacy import Contact
from service.usecases import assignments, city_facts, experts
from service.web.desk import expert_form
from service.web.forms import form, whole_number
from service.web.keys import actor, house
from service.web.paths import uuid_in
from service.web.staff import done, staff_page

PAGE = "/desk/experts"
ONE = PAGE + "/{id}"
ACTIVE = {"": True, "no": False, "all": None}
OPEN = ("offered", "accepted")
SHOWN = 20  # newest assignments on the page of an expert


async def show_list(request: web.Request) -> web.Response:
    """A page of the directory by name."""
    query = request.query
    kind, active = query.get("kind", ""), query.get("active", "")
    async with house(request).db.read() as session:
        rows, cursor = await experts.listing(
            session,
            actor(request),
            text=query.get("q", "")[:100],
            kind=kind if kind in set(ExpertKind) else "",
            active=ACTIVE.get(active, True),
            cursor=query.get("cursor", ""),
        )
    older = PAGE + "?" + str(request.rel_url.update_query(cursor=cursor).query_string) if cursor else ""
    return staff_page(request, "desk/experts.html", rows=rows, older=older, query=query)


async def show(request: web.Request) -> web.Response:
    """One expert with everything but contact data."""
    return await _page(request, uuid_in(request))


async def _page(request: web.Request, expert_id: UUID, contact: Contact | None = None) -> web.Response:
    here = house(request)
    async with here.db.read() as session:
        row = await experts.load(session, expert_id, actor(request))
        asked = await assignments.mine(session, expert_id)
    return staff_page(
        request,
        "desk/expert.html",
        row=row,
        form=expert_form.shown(row, city_facts.regions(here.ctx)),
        asked=asked[:SHOWN],
        load=sum(one.state in OPEN for one in asked),
        contact=contact,
    )


async def reveal(request: web.Request) -> web.Response:
    """The contact data once, for a reason that the audit log keeps."""
    here, expert_id, fields = house(request), uuid_in(request), await form(request)
    async with here.db.write() as session:
        contact = await experts.reveal(here.ctx, session, expert_id, fields.get("reason", ""), actor(request))
    return await _page(request, expert_id, contact)


async def switch(request: web.Request) -> web.StreamResponse:
    """Out of the directory, or back into it, with a reason."""
    here, expert_id, fields = house(request), uuid_in(request), await form(request)
    out = request.match_info["act"] == "deactivate"
    act = experts.deactivate if out else experts.activate
    async with here.db.write() as session:
        await act(
            here.ctx,
            session,
            expert_id,
            fields.get("reason", ""),
            actor(request),
            whole_number(fields.get("version")),
        )
    return done(request, f"{PAGE}/{expert_id}", "expert_out" if out else "expert_back")


async def show_new(request: web.Request) -> web.Response:
    """An empty form."""
    return _form(request, None, expert_form.shown(None, city_facts.regions(house(request).ctx)), {})


async def show_edit(request: web.Request) -> web.Response:
    """The form of a stored expert."""
    here = house(request)
    async with here.db.read() as session:
        row = await experts.load(session, uuid_in(request), actor(request))
    return _form(request, row, expert_form.shown(row, city_facts.regions(here.ctx)), {})


def _form(
    request: web.Request,
    row: Expert | None,
    filled: expert_form.Typed,
    wrong: dict[str, str],
    version: int | None = None,
) -> web.Response:
    return staff_page(
        request,
        "desk/expert_form.html",
        status=422 if wrong else 200,
        row=row,
        form=filled,
        wrong=wrong,
        version=version if version is not None else (row.version if row else 0),
    )


async def create(request: web.Request) -> web.StreamResponse:
    """Somebody new."""
    return await _save(request, None)


async def edit(request: web.Request) -> web.StreamResponse:
    """Changes to somebody; StaleVersion when a colleague was faster."""
    async with house(request).db.read() as session:
        row = await experts.load(session, uuid_in(request), actor(request))
    return await _save(request, row)


async def _save(request: web.Request, row: Expert | None) -> web.StreamResponse:
    here, by, fields = house(request), actor(request), await form(request)
    filled, version = expert_form.typed(fields), whole_number(fields.get("version"))
    today = local(here.ctx.now(), city_facts.zone(here.ctx)).date()
    given = expert_form.read(filled, row.consent if row else {}, city_facts.regions(here.ctx), today)
    if given.wrong:
        return _form(request, row, filled, dict(given.wrong), version)
    try:
        async with here.db.write() as session:
            saved = (
                await experts.edit(here.ctx, session, row.id, given.values, by, version)
                if row
                else await experts.create(here.ctx, session, given.values, by)
            )
    except BadExpert as error:
        return _form(request, row, filled, _named(error), version)
    return done(request, f"{PAGE}/{saved.id}", "saved")


def _named(error: BadExpert) -> dict[str, str]:
    """The fields at fault as the form calls them: `contact.phone` is `phone`, `hazards.0` is `hazards`."""
    fields: Any = error.details.get("fields", ())
    names = [str(field).removeprefix("contact.").split(".")[0] for field in fields]
    return {name: "required" if name == "name" else "bad" for name in names}


async def show_gaps(request: web.Request) -> web.Response:
    """Hazards × counties: who is missing, who has no backup, where nobody is on duty now."""
    here, wanted = house(request), request.query.get("kind", "")
    kind = wanted if wanted in set(ExpertKind) else ExpertKind.PERSON
    async with here.db.read() as session:
        cells = await experts.gaps(here.ctx, session, actor(request), kind)
    table: dict[str, list[Any]] = {}
    for cell in cells:
        table.setdefault(cell.hazard, []).append(cell)
    rows = sorted(table.items(), key=lambda row: -sum(bool(cell.gap) for cell in row[1]))
    found = Counter(cell.gap for cell in cells if cell.gap)
    counties = city_facts.counties(here.ctx)
    return staff_page(
        request,
        "desk/expert_gaps.html",
        rows=rows,
        counties=counties,
        found=found,
        cells=len(cells),
        kind=kind,
    )


def routes() -> list[web.RouteDef]:
    """The routes of the directory; fixed addresses before `{id}`."""
    return [
        web.get(PAGE, show_list, name="desk.experts"),
        web.get(PAGE + "/new", show_new, name="desk.expert.new"),
        web.post(PAGE + "/new", create, name="desk.expert.create"),
        web.get(PAGE + "/gaps", show_gaps, name="desk.expert.gaps"),
        web.get(ONE, show, name="desk.expert"),
        web.get(ONE + "/edit", show_edit, name="desk.expert.form"),
        web.post(ONE + "/edit", edit, name="desk.expert.edit"),
        web.post(ONE + "/reveal", reveal, name="desk.expert.reveal"),
        web.post(ONE + "/{act:deactivate|activate}", switch, name="desk.expert.switch"),
    ]
