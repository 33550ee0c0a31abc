"""An expert's assignments: accept, decline with a reason and a suggestion, ask back, name a colleague, answer with sources."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from aiohttp import web
from multidict import MultiDictProxy

from content.permissions import may
from expert_db.assignment_states import AssignmentState
from expert_db.errors import ExpertError
from expert_db.opinions import Report
from service import crash
from service.errors import NotFound, QingyuanError
from service.usecases import asking_back, assignments, clock_board, experts, handing_over
from service.web.forms import form, whole_number
from service.web.keys import actor, house
from service.web.paths import uuid_in
from service.web.staff import done, staff_page

PAGE = "/expert"
SOURCE_ROWS = 3
CODES = {
    "accept": "accepted",
    "decline": "declined",
    "answer": "replied",
    "ask": "asked_back",
    "propose": "proposed_hand_over",
}
WAITING = (AssignmentState.OFFERED, AssignmentState.ACCEPTED)


async def show_list(request: web.Request) -> web.Response:
    """Questions that wait first, then what is done."""
    here, who = house(request), actor(request)
    if who.expert_id is None:
        return staff_page(
            request, "expert/list.html", profile=None, waiting=(), past=(), left_of={}, now=here.ctx.now()
        )
    async with here.db.read() as session:
        mine = await assignments.mine(session, who.expert_id)
        profile = await experts.load(session, who.expert_id, who)
    return staff_page(
        request,
        "expert/list.html",
        profile=profile,
        waiting=[a for a in mine if a.state in WAITING],
        left_of={a.id: clock_board.of_assignment(a, here.ctx.now()) for a in mine},
        past=[a for a in mine if a.state not in WAITING],
        now=here.ctx.now(),
    )


async def show(request: web.Request) -> web.Response:
    """One question with its evidence."""
    return await _page(request, uuid_in(request))


async def _page(
    request: web.Request, assignment_id: UUID, typed: Any = None, error: Exception | None = None
) -> web.Response:
    here = house(request)
    async with here.db.read() as session:
        found = await assignments.page_for(session, assignment_id, actor(request))
    details = getattr(error, "details", {})
    return staff_page(
        request,
        "expert/assignment.html",
        status=getattr(error, "status", 200),
        found=found,
        asked=found.assignment,
        can=found.can if may(actor(request), "assignment.answer") else (),
        typed=typed or {},
        error=getattr(error, "type", None),
        wrong=str(details.get("field", "")),
        source_rows=SOURCE_ROWS,
        action=f"{PAGE}/{assignment_id}",
        now=here.ctx.now(),
    )


async def act(request: web.Request) -> web.StreamResponse:
    """Accept, decline, or answer. What was typed is never lost to an error."""
    assignment_id, fields = uuid_in(request), await form(request)
    if actor(request).expert_id is None:
        raise NotFound()
    name = request.match_info["act"]
    try:
        await _act(request, name, assignment_id, fields)
    except NotFound:
        raise
    except (QingyuanError, ExpertError) as error:
        return await _page(request, assignment_id, fields, error)
    crash.point("assign.after_commit")
    return done(request, f"{PAGE}/{assignment_id}", CODES[name])


async def _act(request: web.Request, name: str, assignment_id: UUID, fields: MultiDictProxy[str]) -> None:
    here, by, version = house(request), actor(request), whole_number(fields.get("version"))
    async with here.db.write() as session:
        if name == "accept":
            await assignments.accept(here.ctx, session, assignment_id, by, version)
        elif name == "ask":
            await asking_back.ask(here.ctx, session, assignment_id, fields.get("text", ""), by)
        elif name == "propose":
            colleague = fields.get("colleague", ""), fields.get("unit", ""), fields.get("reason", "")
            await handing_over.propose(here.ctx, session, assignment_id, *colleague, by)
        elif name == "decline":
            reason, suggestion = fields.get("reason", ""), fields.get("suggestion", "")
            await assignments.decline(here.ctx, session, assignment_id, reason, suggestion, by, version)
        else:
            text, verdict = fields.get("text", ""), fields.get("verdict") or None
            sources, report = sources_in(fields), report_in(fields)
            await assignments.answer(
                here.ctx, session, assignment_id, text, verdict, sources, by, version, report
            )


def sources_in(fields: MultiDictProxy[str]) -> list[dict[str, Any]]:
    """The sources of the answer form; empty lines are left out."""
    titles, urls = fields.getall("source_title", []), fields.getall("source_url", [])
    rows = zip(titles, urls, strict=False)
    return [{"title": t.strip(), "url": u.strip()} for t, u in rows if t.strip() or u.strip()]


def report_in(fields: MultiDictProxy[str]) -> Report | None:
    """What a team reports from the field; None when the form has no place for it."""
    if "reached" not in fields:
        return None
    return Report(whole_number(fields["reached"]), fields.get("place", ""))


def routes() -> list[web.RouteDef]:
    """The routes of assignments."""
    return [
        web.get(PAGE, show_list, name="expert.assignments"),
        web.get(PAGE + "/{id}", show, name="expert.assignment"),
        web.post(PAGE + "/{id}/{act:" + "|".join(CODES) + "}", act, name="expert.assignment.act"),
    ]
