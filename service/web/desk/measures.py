"""How fast and how far: the figures of the last days or of a month, as tables and charts, as CSV and as a workbook."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from classifiers.taxonomy import AUDIENCES, HAZARDS
from service.pages.charts import bar, columns
from service.pages.formats import Formats
from service.usecases import city_facts, measures, measures_book
from service.web.forms import whole_number
from service.web.i18n import locale_of
from service.web.keys import actor, house
from service.web.staff import staff_page
from service.web.templating import TEMPLATES

PAGE = "/desk/measures"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Uncovered:
    """Codes without a page in the period: gaps are what one looks for."""

    counties: tuple[str, ...]
    audiences: tuple[str, ...]
    hazards: tuple[str, ...]


async def show(request: web.Request) -> web.Response:
    """The figures of the last days."""
    found = await _last_days(request)
    return staff_page(request, "desk/measures.html", periods=measures.PERIODS, **_shown(request, found))


async def download(request: web.Request) -> web.Response:
    """The figures as CSV, with the mark by which spreadsheets know UTF-8. Codes and seconds, for further reckoning."""
    found = await _last_days(request)
    out = io.StringIO()
    csv.writer(out).writerows(measures.rows(found))
    return _file(out.getvalue().encode("utf-8-sig"), f"measures-{found.days}.csv", "text/csv", "utf-8")


async def month(request: web.Request) -> web.Response:
    """The monthly report, made for printing; without a month, of the last one that is over."""
    found = await _month(request)
    now = house(request).ctx.now()
    over = found.period.ends(city_facts.zone(house(request).ctx)) <= now
    return staff_page(request, "desk/month.html", over=over, now=now, **_shown(request, found))


async def workbook(request: web.Request) -> web.Response:
    """The monthly report as .xlsx."""
    found = await _month(request)
    made = measures_book.book(found, request.app[TEMPLATES].city, locale_of(request))
    return _file(made, f"month-{found.month}.xlsx", XLSX)


async def _last_days(request: web.Request) -> measures.Report:
    here, days = house(request), whole_number(request.query.get("days")) or 30
    async with here.db.read() as session:
        return await measures.report(here.ctx, session, actor(request), days)


async def _month(request: web.Request) -> measures.Report:
    here = house(request)
    async with here.db.read() as session:
        return await measures.of_month(here.ctx, session, actor(request), request.query.get("month", ""))


def _shown(request: web.Request, found: measures.Report) -> dict[str, Any]:
    figures, formats = found.figures, request.app[TEMPLATES].formats(locale_of(request))
    uncovered = Uncovered(
        tuple(c for c in city_facts.counties(house(request).ctx) if c not in figures.counties),
        tuple(code for code in AUDIENCES if code not in figures.audiences),
        tuple(code for code in HAZARDS if code not in figures.hazards),
    )
    return {
        "found": found,
        "figures": figures,
        "uncovered": uncovered,
        "bar": bar,
        "columns": columns,
        "published": _labelled(found, formats, "pages"),
        "opened": _labelled(found, formats, "reads"),
    }


def _labelled(found: measures.Report, formats: Formats, name: str) -> list[tuple[str, int]]:
    return [(formats.day(step.first), getattr(step, name)) for step in found.steps]


def _file(body: bytes, name: str, kind: str, charset: str | None = None) -> web.Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return web.Response(body=body, content_type=kind, charset=charset, headers=headers)


def routes() -> list[web.RouteDef]:
    """The routes of the figures."""
    return [
        web.get(PAGE, show, name="desk.measures"),
        web.get(PAGE + ".csv", download, name="desk.measures.csv"),
        web.get(PAGE + "/month", month, name="desk.measures.month"),
        web.get(PAGE + "/month.xlsx", workbook, name="desk.measures.workbook"),
    ]
