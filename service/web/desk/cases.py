"""One case on one page: what was seen and by whom, what the classifiers say, who could answer, and every act."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from aiohttp import web
from multidict import MultiDictProxy
from sqlmodel.ext.asyncio.session import AsyncSession

from content.clocks import ordered
from content.permissions import may
from content.render.told import told
from expert_db.assignments import AssignmentKind
from service import crash
from service.errors import Invalid
from service.usecases import assignments, cases, clock_board, prepared, warnings
from service.usecases.assignment_page import talk_of
from service.usecases.case_reading import CasePage
from service.usecases.names import names_of
from service.web.forms import form, whole_number
from service.web.keys import actor, house
from service.web.paths import as_uuid, uuid_in
from service.web.staff import done, staff_page

PAGE = "/desk/cases/{id}"
Fields = MultiDictProxy[str]
Act = Callable[[web.Request, AsyncSession, UUID, Fields], Awaitable[object]]


async def show(request: web.Request) -> web.Response:
    """The page of a case; a merged one sends on to where it went."""
    here, who = house(request), actor(request)
    wanted = request.query.get("ask", "")
    ask = wanted if wanted in set(AssignmentKind) else AssignmentKind.OPINION
    async with here.db.read() as session:
        found = await cases.case_page(
            session, uuid_in(request), here.ctx, who if may(who, "expert.read") else None, ask
        )
        talk = await talk_of(session, [one.id for one in found.assignments])
        standing = await assignments.standing(session, found.case.id)
        readings = (await clock_board.of_cases(here.ctx, session, [found.case])).get(found.case.id, [])
        for late in (await clock_board.of_pieces(here.ctx, session, found.pieces)).values():
            readings += late
        colleagues = {one.to_expert_id for some in talk.hand_overs.values() for one in some}
        people = await names_of(session, _people(found) | colleagues)
        official = await warnings.of_case(here.ctx, session, found.evidence)
        others = await cases.queue(
            session, cases.QueueView("all", text=request.query.get("merge", "")[:60]), limit=8
        )
    return staff_page(
        request,
        "desk/case.html",
        found=found,
        case=found.case,
        standing=standing,
        ask=ask,
        asking=bool(wanted),
        talk=talk,
        official=official,
        readings=ordered(readings),
        left_of={one.id: clock_board.of_assignment(one, here.ctx.now()) for one in found.assignments},
        people=people,
        prepared=await prepared.fitting(found.case, found.evidence),
        suggestion=told(found.suggestion) if found.suggestion else None,
        answer=told(found.answer) if found.answer else None,
        others=[row.case for row in others.rows if row.case.id != found.case.id]
        if "merge" in request.query
        else [],
        merging="merge" in request.query,
        now=here.ctx.now(),
    )


def _people(found: CasePage) -> set[UUID]:
    return {one.expert_id for one in found.assignments} | {one.expert_id for one in found.answers}


async def _claim(r: web.Request, s: AsyncSession, i: UUID, f: Fields) -> object:
    return await cases.claim(house(r).ctx, s, i, actor(r), _version(f))


async def _release(r: web.Request, s: AsyncSession, i: UUID, f: Fields) -> object:
    return await cases.release(house(r).ctx, s, i, actor(r), _version(f))


async def _dismiss(r: web.Request, s: AsyncSession, i: UUID, f: Fields) -> object:
    said = f.get("said", "")
    return await cases.dismiss(house(r).ctx, s, i, f.get("reason", ""), actor(r), _version(f), said)


async def _label(r: web.Request, s: AsyncSession, i: UUID, f: Fields) -> object:
    return await cases.label(house(r).ctx, s, i, f.get("said", ""), actor(r), f.get("hazard") or None)


async def _reopen(r: web.Request, s: AsyncSession, i: UUID, f: Fields) -> object:
    return await cases.reopen(house(r).ctx, s, i, f.get("reason", ""), actor(r), _version(f))


async def _merge(r: web.Request, s: AsyncSession, i: UUID, f: Fields) -> object:
    return await cases.merge(house(r).ctx, s, i, as_uuid(f.get("into", "")), actor(r), _version(f))


async def _unmerge(r: web.Request, s: AsyncSession, i: UUID, f: Fields) -> object:
    return await cases.unmerge(house(r).ctx, s, i, actor(r))


async def _split(r: web.Request, s: AsyncSession, i: UUID, f: Fields) -> object:
    chosen = [as_uuid(one) for one in f.getall("evidence", [])]
    return await cases.split(house(r).ctx, s, i, chosen, f.get("title", ""), actor(r), _version(f))


async def _answer(r: web.Request, s: AsyncSession, i: UUID, f: Fields) -> object:
    return await cases.answer_with(house(r).ctx, s, i, f.get("public_id", "").strip(), actor(r), _version(f))


async def _refuse(r: web.Request, s: AsyncSession, i: UUID, f: Fields) -> object:
    return await cases.refuse_suggestion(house(r).ctx, s, i, actor(r))


async def _noted(r: web.Request, s: AsyncSession, i: UUID, f: Fields) -> object:
    return await cases.acknowledge_change(house(r).ctx, s, i, actor(r))


async def _undo(r: web.Request, s: AsyncSession, i: UUID, f: Fields) -> object:
    return await cases.undo(house(r).ctx, s, i, actor(r), _version(f))


ACTS: dict[str, tuple[Act, str]] = {
    "claim": (_claim, "claimed"),
    "release": (_release, "released"),
    "dismiss": (_dismiss, "dismissed"),
    "label": (_label, "labelled"),
    "reopen": (_reopen, "reopened"),
    "merge": (_merge, "merged"),
    "unmerge": (_unmerge, "unmerged"),
    "split": (_split, "split"),
    "answer": (_answer, "answered"),
    "refuse": (_refuse, "resolved"),
    "noted": (_noted, "resolved"),
    "undo": (_undo, "undone"),
}


async def change(request: web.Request) -> web.StreamResponse:
    """One act on a case; back to its page, or to where it led."""
    here, case_id, fields = house(request), uuid_in(request), await form(request)
    act, code = ACTS[request.match_info["act"]]
    async with here.db.write() as session:
        result: Any = await act(request, session, case_id, fields)
    back = "/desk" if fields.get("from") == "queue" else f"/desk/cases/{result.id}"
    return done(request, back, code)


async def offer(request: web.Request) -> web.StreamResponse:
    """Ask an expert."""
    here, case_id, fields = house(request), uuid_in(request), await form(request)
    async with here.db.write() as session:
        await assignments.offer(
            here.ctx,
            session,
            case_id,
            as_uuid(fields.get("expert", "")),
            fields.get("question", ""),
            actor(request),
            kind=fields.get("kind", "opinion"),
            why_not_first=fields.get("why_not_first", ""),
        )
    crash.point("assign.after_commit")
    return done(request, f"/desk/cases/{case_id}#experts", "offered")


async def assignment(request: web.Request) -> web.StreamResponse:
    """Withdraw a question, or decide between two opinions."""
    here, case_id, fields = house(request), uuid_in(request), await form(request)
    async with here.db.write() as session:
        if request.match_info["act"] == "withdraw":
            asked = as_uuid(fields.get("assignment", ""))
            await assignments.withdraw(here.ctx, session, asked, fields.get("reason", ""), actor(request))
        elif fields.get("verdict"):
            by = actor(request)
            await assignments.decide(
                here.ctx, session, case_id, fields["verdict"], fields.get("reason", ""), by
            )
        else:
            raise Invalid("choose a verdict", field="verdict")
    code = "withdrawn" if request.match_info["act"] == "withdraw" else "resolved"
    return done(request, f"/desk/cases/{case_id}#experts", code)


def _version(fields: Fields) -> int | None:
    return whole_number(fields.get("version"))


def routes() -> list[web.RouteDef]:
    """The routes of a case."""
    acts = "|".join(ACTS)
    return [
        web.get(PAGE, show, name="desk.case"),
        web.post(PAGE + "/{act:" + acts + "}", change, name="desk.case.change"),
        web.post(PAGE + "/offer", offer, name="desk.case.offer"),
        web.post(PAGE + "/{act:withdraw|decide}", assignment, name="desk.case.assignment"),
    ]
