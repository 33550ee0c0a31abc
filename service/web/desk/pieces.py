"""Writing: the list of pieces, the editor, saving, handing in, comments, and what changed between two revisions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from aiohttp import web
from sqlmodel.ext.asyncio.session import AsyncSession

from content import machine
from content.body import PieceBody
from content.errors import Incomplete
from content.piece_states import PIECE, PieceEvent, PieceState
from content.warnings import ELEMENTS
from service.errors import Invalid, NotFound, QingyuanError
from service.site import current
from service.store import accounts
from service.usecases import clock_board, pieces, prepared, review, warning_ends
from service.usecases.beside import beside
from service.web.desk import body_form
from service.web.forms import form, json_object, whole_number
from service.web.keys import actor, house
from service.web.paths import as_uuid, uuid_in
from service.web.staff import done, staff_page
from service.web.wire import see_other

PAGE = "/desk/pieces"
OPEN = (PieceState.DRAFT, PieceState.IN_REVIEW, PieceState.RETURNED, PieceState.APPROVED)


async def show_list(request: web.Request) -> web.Response:
    """Pieces under way, or all of one state."""
    state = request.query.get("state", "")
    states = (state,) if state else OPEN
    before = request.query.get("before")
    here = house(request)
    async with here.db.read() as session:
        rows = await pieces.listing(session, states, before=as_uuid(before) if before else None)
        readings = await clock_board.of_pieces(here.ctx, session, rows)
    return staff_page(
        request,
        "desk/pieces.html",
        pieces=rows,
        clocks={piece: clock_board.urgent(found) for piece, found in readings.items()},
        state=state,
        states=list(PieceState),
        searching="prepared" in request.query,
        stock=await prepared.stock(request.query.get("prepared", "")),
    )


async def create(request: web.Request) -> web.StreamResponse:
    """Begin a piece, for a case or on its own; with `prepared` from the prepared text of that name."""
    here, fields = house(request), await form(request)
    case = as_uuid(fields["case"]) if fields.get("case") else None
    start = prepared.chosen(fields["prepared"]) if fields.get("prepared") else None
    kind, template = (start.kind, start.body) if start else (fields.get("kind", ""), None)
    async with here.db.write() as session:
        piece = await pieces.create(here.ctx, session, case, kind, actor(request), template)
    return see_other(f"{PAGE}/{piece.id}")


async def show(request: web.Request) -> web.Response:
    """The editor; `?restore=1` fills it with what was being typed."""
    here, piece_id = house(request), uuid_in(request)
    if "restore" not in request.query:
        return await _editor(request, piece_id)
    async with here.db.read() as session:
        found = await pieces.page(here.ctx, session, piece_id)
    typed = body_form.typed(found.piece.autosave or {})
    try:
        body = body_form.read(typed, found.body) if typed else found.body
    except QingyuanError as error:  # what was being typed was not complete
        return await _editor(request, piece_id, typed=typed, error=error)
    return await _editor(request, piece_id, body=body, typed=typed)


async def save(request: web.Request) -> web.StreamResponse:
    """Keep the text as a new revision; with `submit` also hand it in. What was typed is never lost to an error."""
    here, piece_id, fields = house(request), uuid_in(request), await form(request)
    base = whole_number(fields.get("base_revision")) or 0
    async with here.db.read() as session:
        found = await pieces.page(here.ctx, session, piece_id)
    try:
        body = body_form.read(fields, found.body)
    except QingyuanError as error:
        return await _editor(request, piece_id, typed=fields, error=error)
    try:
        async with here.db.write() as session:
            revision = await pieces.save(here.ctx, session, piece_id, body, actor(request), base)
        if "submit" not in fields:
            return done(request, f"{PAGE}/{piece_id}", "saved")
        async with here.db.write() as session:
            await review.submit(here.ctx, session, piece_id, revision.number, revision.sha256, actor(request))
    except Incomplete as error:
        return await _editor(request, piece_id, error=error)
    except QingyuanError as error:
        return await _editor(request, piece_id, body=body, error=error)
    return done(request, f"{PAGE}/{piece_id}/review", "submitted")


async def autosave(request: web.Request) -> web.Response:
    """What is being typed, as it is; from the page's script."""
    here = house(request)
    async with here.db.write() as session:
        await pieces.autosave(here.ctx, session, uuid_in(request), await json_object(request), actor(request))
    return web.json_response({"saved_at": here.ctx.now().isoformat()})


async def comment(request: web.Request) -> web.StreamResponse:
    """A remark for colleagues."""
    here, piece_id, fields = house(request), uuid_in(request), await form(request)
    async with here.db.write() as session:
        await pieces.comment(here.ctx, session, piece_id, fields.get("note", ""), actor(request))
    back = "/review" if fields.get("from") == "review" else ""
    return done(request, f"{PAGE}/{piece_id}{back}", "commented")


async def show_diff(request: web.Request) -> web.Response:
    """What changed between two revisions."""
    here, piece_id = house(request), uuid_in(request)
    a, b = (whole_number(request.query.get(name)) for name in ("a", "b"))
    async with here.db.read() as session:
        found = await pieces.page(here.ctx, session, piece_id)
        numbers = [r.number for r in found.revisions]
        a, b = a or (numbers[-2] if len(numbers) > 1 else numbers[-1]), b or numbers[-1]
        if a not in numbers or b not in numbers:
            raise NotFound()
        changes = await pieces.diff(session, piece_id, a, b)
    return staff_page(request, "desk/diff.html", found=found, changes=changes, a=a, b=b)


async def _editor(
    request: web.Request,
    piece_id: UUID,
    body: PieceBody | None = None,
    typed: Any = None,
    error: Exception | None = None,
) -> web.Response:
    here = house(request)
    async with here.db.read() as session:
        found = await pieces.page(here.ctx, session, piece_id)
        holder = await _name_of(session, found.holder, actor(request).id)
        earlier = await current.some(session, (body or found.body).earlier, here.ctx.now())
        lies_beside = await beside(session, found.piece)
        over = await warning_ends.of_piece(here.ctx, session, found.piece, found.revision.body)
    shown, original = body or found.body, pieces.kind_of(found.piece, found.published)
    return staff_page(
        request,
        "desk/piece.html",
        status=getattr(error, "status", 200),
        found=found,
        piece=found.piece,
        body=shown,
        typed=typed or {},
        error=getattr(error, "type", None),
        wrong={f["field"].split(".")[0]: f["problem"] for f in _wrong_fields(error)},
        elements=ELEMENTS,
        official_words=frozenset(found.revisions[0].body.get("warning") or ()),
        names=body_form.fields_of(found.piece.kind, original, shown),
        sources=body_form.source_rows(shown),
        earlier=earlier,
        over=over,
        before=[one for one in lies_beside.earlier if one.public_id not in shown.earlier],
        reference=lies_beside,
        model=bool(here.ctx.settings.llm_url),
        drafted={
            d.id: machine.findings(found.piece.kind, shown, d.paragraphs, original) for d in found.drafts
        },
        unsaved=found.piece.autosave is not None and PIECE.allows(found.piece.state, PieceEvent.EDIT),
        restored="restore" in request.query,
        holder=holder,
        editable=PIECE.allows(found.piece.state, PieceEvent.EDIT),
    )


def _wrong_fields(error: Exception | None) -> list[dict[str, str]]:
    return list(error.details.get("fields", ())) if isinstance(error, Invalid) else []  # type: ignore[call-overload]


async def _name_of(session: AsyncSession, holder: UUID | None, me: UUID | None) -> str | None:
    """Who else is editing now."""
    if holder is None or holder == me:
        return None
    user = await accounts.load(session, holder)
    return user.display_name or user.name


def routes() -> list[web.RouteDef]:
    """The routes of writing."""
    return [
        web.get(PAGE, show_list, name="desk.pieces"),
        web.post(PAGE, create, name="desk.pieces.create"),
        web.get(PAGE + "/{id}", show, name="desk.piece"),
        web.post(PAGE + "/{id}", save, name="desk.piece.save"),
        web.post(PAGE + "/{id}/autosave", autosave, name="desk.piece.autosave"),
        web.post(PAGE + "/{id}/comment", comment, name="desk.piece.comment"),
        web.get(PAGE + "/{id}/diff", show_diff, name="desk.piece.diff"),
    ]
