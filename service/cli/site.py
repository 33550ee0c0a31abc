"""`site export DIR`."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer

from service.cli.opening import run
from service.context import Context
from service.site.export import ExportReport, export
from service.site.render import render_all
from service.site.serving import Site
from service.store.engine import Database

app = typer.Typer(help="The public site as static files.", no_args_is_help=True)


@app.callback()
def site() -> None:
    """The public site as static files."""


@app.command("export")
def export_site(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the files go; made when missing.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Write the whole public site into DIR, with .gz and .br beside each text. Run it again to bring DIR up to date."""

    async def work(ctx: Context, database: Database) -> ExportReport:
        await render_all(ctx, database)
        return await asyncio.to_thread(export, Site(ctx.settings.site_dir), folder)

    report = run(work)
    if as_json:
        print(json.dumps({"files": report.files, "written": report.written, "removed": report.removed}))
    else:
        print(f"{folder}: {report.files} files, {report.written} written, {report.removed} removed")
