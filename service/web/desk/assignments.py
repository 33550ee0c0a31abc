"""Questions to experts, departments and teams (任务) seen from the desk: what runs, and what experts wait for."""

from __future__ import annotations

from aiohttp import web

from service import crash
from service.usecases import asking_back, assignment_page, assignments, clock_board, handing_over
from service.usecases.names import names_of
from service.web.forms import form
from service.web.keys import actor, house
from service.web.paths import as_uuid, uuid_in
from service.web.staff import done, staff_page

PAGE = "/desk/assignments"
CODES = {"reply": "replied_back", "confirm": "handed_over", "refuse": "kept_with"}


async def show_list(request: web.Request) -> web.Response:
    """All open ones: first those for which the desk owes a reply, then the soonest end."""
    here, by = house(request), actor(request)
    async with here.db.read() as session:
        board = await assignment_page.board(session, by)
        colleagues = {one.to_expert_id for some in board.talk.hand_overs.values() for one in some}
        people = await names_of(session, {one.expert_id for one in board.rows} | colleagues)
    return staff_page(
        request,
        "desk/assignments.html",
        board=board,
        talk=board.talk,
        people=people,
        left_of={one.id: clock_board.of_assignment(one, here.ctx.now()) for one in board.rows},
    )


async def act(request: web.Request) -> web.StreamResponse:
    """Reply to a question back; confirm or refuse a hand-over."""
    here, by, fields = house(request), actor(request), await form(request)
    name, subject = request.match_info["act"], as_uuid(fields.get("subject", ""))
    async with here.db.write() as session:
        if name == "reply":
            await asking_back.reply(here.ctx, session, subject, fields.get("text", ""), by)
        elif name == "confirm":
            await handing_over.confirm(here.ctx, session, subject, by)
        else:
            await handing_over.refuse(here.ctx, session, subject, fields.get("note", ""), by)
        found = await assignments.page_for(session, uuid_in(request), by)
    crash.point("assign.after_commit")
    back = PAGE if fields.get("from") == "list" else f"/desk/cases/{found.assignment.case_id}#experts"
    return done(request, back, CODES[name])


def routes() -> list[web.RouteDef]:
    """The routes of assignments on the desk."""
    return [
        web.get(PAGE, show_list, name="desk.assignments"),
        web.post(PAGE + "/{id}/{act:reply|confirm|refuse}", act, name="desk.assignment.act"),
    ]
