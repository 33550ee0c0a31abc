"""How fast and how far: the figures of the last days as tables, and the same as CSV."""

from __future__ import annotations

import csv
import io

from aiohttp import web

from classifiers.taxonomy import HAZARDS
from service.usecases import measures
from service.web.forms import whole_number
from service.web.keys import actor, house
from service.web.staff import staff_page

PAGE = "/desk/measures"


async def show(request: web.Request) -> web.Response:
    """The tables; hazards without a page are named, since a gap is what one looks for."""
    found = await _report(request)
    uncovered = [code for code in HAZARDS if code not in found.figures.hazards]
    return staff_page(
        request,
        "desk/measures.html",
        found=found,
        figures=found.figures,
        periods=measures.PERIODS,
        uncovered=uncovered,
    )


async def download(request: web.Request) -> web.Response:
    """The figures as CSV, with the mark by which spreadsheets know UTF-8. Codes and seconds, for further reckoning."""
    found = await _report(request)
    out = io.StringIO()
    csv.writer(out).writerows(measures.rows(found))
    name = f"measures-{found.days}.csv"
    return web.Response(
        body=out.getvalue().encode("utf-8-sig"),
        content_type="text/csv",
        charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


async def _report(request: web.Request) -> measures.Report:
    here = house(request)
    async with here.db.read() as session:
        return await measures.report(
            here.ctx, session, actor(request), whole_number(request.query.get("days")) or 30
        )


def routes() -> list[web.RouteDef]:
    """The routes of the figures."""
    return [
        web.get(PAGE, show, name="desk.measures"),
        web.get(PAGE + ".csv", download, name="desk.measures.csv"),
    ]
