"""`qingyuan report`: the monthly report for the science association, as a workbook or as CSV."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Annotated

import typer

from service.cli.opening import operator, run
from service.context import Context
from service.errors import BadSetting
from service.pages import city
from service.store.engine import Database
from service.usecases import measures, measures_book


def report(
    out: Annotated[Path, typer.Option("--out", help="File to write: .xlsx or .csv.")],
    month: Annotated[str, typer.Option("--month", help="Like 2026-10; else the last that is over.")] = "",
    lang: Annotated[str, typer.Option("--lang", help="zh or en; for .xlsx.")] = "zh",
) -> None:
    """Write the figures of a month."""
    if out.suffix not in (".xlsx", ".csv"):
        raise BadSetting(f"{out.name}: the report is written as .xlsx or .csv")

    async def work(ctx: Context, database: Database) -> bytes:
        async with database.read() as session:
            found = await measures.of_month(ctx, session, operator(), month)
        if out.suffix == ".xlsx":
            return measures_book.book(found, city.read(ctx.settings.city_dir), lang)
        text = io.StringIO()
        csv.writer(text).writerows(measures.rows(found))
        return text.getvalue().encode("utf-8-sig")

    out.write_bytes(run(work))
    typer.echo(f"written: {out}")
