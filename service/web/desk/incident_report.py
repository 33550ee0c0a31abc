"""The after-action report of an incident (总结报告): a page made for printing, and the same time line as CSV."""

from __future__ import annotations

from aiohttp import web

from service.usecases import reports
from service.web.desk.incidents import PAGE
from service.web.keys import house
from service.web.paths import uuid_in
from service.web.staff import staff_page


async def show(request: web.Request) -> web.Response:
    """The report as a page."""
    here = house(request)
    found = await _report(request)
    return staff_page(
        request,
        "desk/incident_report.html",
        found=found,
        incident=found.page.incident,
        now=here.ctx.now(),
    )


async def download(request: web.Request) -> web.Response:
    """The report as CSV, with the mark by which spreadsheets know UTF-8."""
    found = await _report(request)
    return web.Response(
        body=reports.as_csv(found),
        content_type="text/csv",
        charset="utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="incident-{found.page.incident.id}.csv"',
            "Cache-Control": "no-store",
        },
    )


async def _report(request: web.Request) -> reports.Report:
    here = house(request)
    async with here.db.read() as session:
        return await reports.report(here.ctx, session, uuid_in(request))


def routes() -> list[web.RouteDef]:
    """The routes of the report."""
    return [
        web.get(PAGE + "/{id}/report", show, name="desk.incident.report"),
        web.get(PAGE + "/{id}/report.csv", download, name="desk.incident.report.csv"),
    ]
