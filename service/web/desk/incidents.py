"""Incidents (应急): proposals, what is active, and one page an incident with every act, question and clock."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from aiohttp import web
from multidict import MultiDictProxy
from sqlmodel.ext.asyncio.session import AsyncSession

from classifiers.taxonomy import HAZARDS, LEVELS
from content.incident_states import IncidentState
from content.permissions import may
from service.usecases import clocks, held, incident_help, incidents
from service.usecases.names import names_of
from service.web.forms import form, whole_number
from service.web.keys import actor, house
from service.web.paths import as_uuid, uuid_in
from service.web.staff import done, staff_page

PAGE = "/desk/incidents"
Fields = MultiDictProxy[str]
Act = Callable[[web.Request, AsyncSession, UUID, Fields], Awaitable[object]]


async def show_list(request: web.Request) -> web.Response:
    """All incidents, active ones first, and the form that proposes one."""
    async with house(request).db.read() as session:
        rows, waiting = await incidents.listing(session), await held.listing(session)
    return staff_page(
        request,
        "desk/incidents.html",
        rows=rows,
        waiting=waiting,
        hazards=list(HAZARDS),
        levels=list(LEVELS),
    )


async def propose(request: web.Request) -> web.StreamResponse:
    """Propose one by hand."""
    here, fields = house(request), await form(request)
    async with here.db.write() as session:
        made = await incidents.propose(
            here.ctx,
            session,
            fields.get("name", ""),
            fields.get("hazard", ""),
            fields.get("level") or None,
            fields.getall("regions", []),
            fields.get("reason", ""),
            actor(request),
            order_source=fields.get("order_source", ""),
            exercise=fields.get("exercise") == "1",
        )
    return done(request, f"{PAGE}/{made.id}", "proposed")


async def show(request: web.Request) -> web.Response:
    """One incident: who said what, what may be done now, whom to ask, what is prepared."""
    here, who = house(request), actor(request)
    async with here.db.read() as session:
        found = await incidents.page(session, uuid_in(request))
        incident, panel = found.incident, None
        stock: list[incident_help.Ready] = []
        if incident.state == IncidentState.ACTIVE:
            panel = await incident_help.panel(here.ctx, session, incident, who)
            stock = await incident_help.ready(session, incident.hazard)
        readings = await clocks.readings(here.ctx, session, found)
        people = await names_of(session, {one.expert_id for one in found.asked})
    return staff_page(
        request,
        "desk/incident.html",
        found=found,
        incident=incident,
        panel=panel,
        stock=stock,
        people=people,
        readings=readings,
        first=incident.proposed_by is None,
        own=incident.proposed_by == who.id,
        writes=may(who, "piece.write"),
        now=here.ctx.now(),
    )


async def _endorse(r: web.Request, s: AsyncSession, i: UUID, f: Fields) -> object:
    return await incidents.endorse(house(r).ctx, s, i, f.get("reason", ""), actor(r), _version(f))


async def _activate(r: web.Request, s: AsyncSession, i: UUID, f: Fields) -> object:
    return await incidents.activate(house(r).ctx, s, i, f.get("reason", ""), actor(r), _version(f))


async def _stand_down(r: web.Request, s: AsyncSession, i: UUID, f: Fields) -> object:
    return await incidents.stand_down(house(r).ctx, s, i, f.get("reason", ""), actor(r), _version(f))


async def _close(r: web.Request, s: AsyncSession, i: UUID, f: Fields) -> object:
    return await incidents.close(house(r).ctx, s, i, f.get("reason", ""), actor(r), _version(f))


async def _press(r: web.Request, s: AsyncSession, i: UUID, f: Fields) -> object:
    return await incidents.press(house(r).ctx, s, i, f.get("reason", ""), actor(r), _version(f))


async def _set_aside(r: web.Request, s: AsyncSession, i: UUID, f: Fields) -> object:
    return await incidents.set_aside(house(r).ctx, s, i, f.get("reason", ""), actor(r), _version(f))


async def _offer(r: web.Request, s: AsyncSession, i: UUID, f: Fields) -> object:
    experts, departments = _ids(f.getall("experts", [])), _ids(f.getall("departments", []))
    question = f.get("question", "")
    return await incident_help.offer_all(house(r).ctx, s, i, experts, departments, question, actor(r))


async def _prepare(r: web.Request, s: AsyncSession, i: UUID, f: Fields) -> object:
    return await incident_help.prepare(house(r).ctx, s, i, actor(r), f.getall("texts", []))


ACTS: dict[str, tuple[Act, str]] = {
    "endorse": (_endorse, "endorsed"),
    "activate": (_activate, "activated"),
    "stand-down": (_stand_down, "stood_down"),
    "close": (_close, "saved"),
    "set-aside": (_set_aside, "saved"),
    "press": (_press, "saved"),
    "offer": (_offer, "offered"),
    "prepare": (_prepare, "prepared"),
}


def _ids(texts: Sequence[str]) -> list[UUID]:
    return [as_uuid(one) for one in texts]


def _version(fields: Fields) -> int | None:
    return whole_number(fields.get("version"))


async def act(request: web.Request) -> web.StreamResponse:
    """Do one of ACTS."""
    here, incident_id, fields = house(request), uuid_in(request), await form(request)
    do, code = ACTS[request.match_info["act"]]
    async with here.db.write() as session:
        await do(request, session, incident_id, fields)
    page = PAGE if request.match_info["act"] == "set-aside" else f"{PAGE}/{incident_id}"
    return done(request, page, code)


def routes() -> list[web.RouteDef]:
    """The routes of incidents."""
    acts = "|".join(ACTS)
    return [
        web.get(PAGE, show_list, name="desk.incidents"),
        web.post(PAGE, propose, name="desk.incidents.propose"),
        web.get(PAGE + "/{id}", show, name="desk.incident"),
        web.post(PAGE + "/{id}/{act:" + acts + "}", act, name="desk.incident.act"),
    ]
