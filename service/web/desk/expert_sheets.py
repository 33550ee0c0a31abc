"""The directory as a spreadsheet on the desk: import in two steps, export masked, export with contact data by two people."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from aiohttp import web

from content.permissions import may
from expert_db.errors import BadSheet
from service.errors import Invalid
from service.usecases import experts
from service.usecases.expert_sheets import Format
from service.web.forms import form, upload
from service.web.keys import actor, house
from service.web.staff import done, staff_page

PAGE = "/desk/experts/sheet"
LARGEST = 4 * 2**20  # the file comes back with the second step, a third longer, and must fit into a request
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {"csv": "text/csv", "xlsx": XLSX}


async def show(request: web.Request) -> web.Response:
    """What can come in and go out, and the exports that wait for a second person."""
    return await _page(request)


async def _page(request: web.Request, status: int = 200, **data: Any) -> web.Response:
    here, by = house(request), actor(request)
    waiting: list[experts.Waiting] = []
    if may(by, "expert.reveal"):
        async with here.db.read() as session:
            waiting = await experts.waiting_exports(here.ctx, session, by)
    given: dict[str, Any] = {"preview": None, "file": "", "problem": None} | data
    return staff_page(request, "desk/expert_sheet.html", status=status, waiting=waiting, **given)


async def preview(request: web.Request) -> web.Response:
    """What importing the file would do; nothing has changed yet."""
    data = await upload(request, "file")
    if len(data) > LARGEST:
        return await _page(request, 422, problem={"code": "too_large"})
    return await _preview(request, data)


async def _preview(request: web.Request, data: bytes) -> web.Response:
    here = house(request)
    try:
        async with here.db.read() as session:
            found = await experts.import_preview(here.ctx, session, data, actor(request))
    except BadSheet as error:
        return await _page(request, 422, problem=error.details)
    return await _page(request, preview=found, file=base64.b64encode(data).decode())


async def apply(request: web.Request) -> web.StreamResponse:
    """Import what the preview showed, all of it; Conflict when the directory has changed since."""
    here, fields = house(request), await form(request)
    try:
        data = base64.b64decode(fields.get("data", ""), validate=True)
    except (binascii.Error, ValueError):
        raise Invalid("the file did not come back whole", field="data") from None
    try:
        async with here.db.write() as session:
            await experts.import_apply(here.ctx, session, data, actor(request), fields.get("digest", ""))
    except BadSheet as error:
        return await _page(request, 422, problem=error.details)
    return done(request, "/desk/experts", "imported")


async def export(request: web.Request) -> web.Response:
    """The whole directory, contact data masked."""
    here, kind = house(request), _format(request.match_info["format"])
    async with here.db.write() as session:
        body = await experts.export(here.ctx, session, actor(request), kind)
    return _file(body, f"experts.{kind}", kind)


async def ask(request: web.Request) -> web.StreamResponse:
    """Ask for an export with contact data."""
    here, fields = house(request), await form(request)
    async with here.db.write() as session:
        await experts.ask_export(here.ctx, session, fields.get("reason", ""), actor(request))
    return done(request, PAGE, "export_asked")


async def release(request: web.Request) -> web.Response:
    """The export with contact data, once, to the second person."""
    here, fields = house(request), await form(request)
    kind = _format(fields.get("format", "xlsx"))
    async with here.db.write() as session:
        body = await experts.release_export(
            here.ctx, session, request.match_info["request"], actor(request), kind
        )
    return _file(body, f"experts-contact.{kind}", kind)


def _format(text: str) -> Format:
    return "csv" if text == "csv" else "xlsx"


def _file(body: bytes, name: str, kind: Format) -> web.Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return web.Response(body=body, content_type=TYPES[kind], headers=headers)


def routes() -> list[web.RouteDef]:
    """The routes of the spreadsheet; they stand before those of single experts."""
    return [
        web.get(PAGE, show, name="desk.expert.sheet"),
        web.post(PAGE + "/preview", preview, name="desk.expert.preview"),
        web.post(PAGE + "/apply", apply, name="desk.expert.apply"),
        web.get(PAGE + "/experts.{format:csv|xlsx}", export, name="desk.expert.export"),
        web.post(PAGE + "/ask", ask, name="desk.expert.ask"),
        web.post(PAGE + "/release/{request}", release, name="desk.expert.release"),
    ]
