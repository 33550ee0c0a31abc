"""`audit verify · export`."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from service.cli.opening import run
from service.context import Context
from service.store.engine import Database
from service.usecases import audit

app = typer.Typer(help="The audit log: verify, export.", no_args_is_help=True)
HEADS = {
    "missing": "the signed head (audit-head.json) is missing",
    "forged": "the signed head (audit-head.json) is damaged or was not signed with this installation's key",
    "truncated": "entries at the end are missing: the signed head names a later one",
    "rewritten": "the log was rewritten: the signed head names another entry",
}


@app.command()
def verify(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Read the whole log; exit 1 when it was edited, reordered or cut."""

    async def work(ctx: Context, database: Database) -> audit.Report:
        async with database.read() as session:
            return await audit.verify(ctx, session)

    report = run(work)
    if as_json:
        found = {
            "good": report.good,
            "entries": report.entries,
            "broken_at": report.broken_at,
            "head": report.head,
        }
        print(json.dumps(found))
    elif report.good:
        print(f"good: {report.entries} entries, unbroken, signed")
    else:
        wrong = HEADS.get(report.head) or f"entry {report.broken_at} does not follow from the one before it"
        print(f"qingyuan: the audit log cannot be believed: {wrong}", file=sys.stderr)
    raise typer.Exit(0 if report.good else 1)


@app.command()
def export() -> None:
    """All entries as JSON lines, oldest first."""

    async def work(_ctx: Context, database: Database) -> None:
        async with database.read() as session:
            async for line in audit.export(session):
                print(line)

    run(work)
