"""`experts import · export · match · learn-weights`: the expert directory, by whoever has a shell on this machine."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from classifiers.assess import Assessor
from classifiers.regions import Gazetteer
from classifiers.taxonomy import HAZARDS, TOPICS
from classifiers.text import Text
from expert_db.assignments import AssignmentKind
from expert_db.importing import Preview, RowError
from expert_db.learning import Lesson
from expert_db.match import Candidate
from expert_db.need import Need
from service.cli.opening import operator, run
from service.context import Context
from service.errors import Invalid
from service.store.engine import Database
from service.usecases import experts, matching, matching_weights

app = typer.Typer(help="The expert directory: import, export, match.", no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON lines.")]


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A CSV or XLSX file.", exists=True, dir_okay=False)],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    as_json: AsJson = False,
) -> None:
    """Import the file, all of it or nothing; every error is named with row and column."""

    async def work(ctx: Context, database: Database) -> Preview:
        data = file.read_bytes()
        async with database.read() as session:
            preview = await experts.import_preview(ctx, session, data, operator())
        if not preview.errors and not dry_run:
            async with database.write() as session:
                await experts.import_apply(ctx, session, data, operator(), preview.digest)
        return preview

    preview = run(work)
    for error in preview.errors:
        print(json.dumps(vars(error), ensure_ascii=False) if as_json else _line(error), file=_where(as_json))
    counts = {"new": preview.count("new"), "changed": preview.count("changed"), "same": preview.count("same")}
    if preview.errors:
        print(f"nothing was imported: {len(preview.errors)} errors", file=sys.stderr)
        raise typer.Exit(1)
    if as_json:
        print(json.dumps({**counts, "applied": not dry_run}))
    else:
        verb = "would be" if dry_run else "are"
        print(f"{counts['new']} {verb} new, {counts['changed']} changed, {counts['same']} the same")


def _line(error: RowError) -> str:
    return f"row {error.row}, {error.column}: {error.code} {error.detail}".rstrip()


def _where(as_json: bool) -> Any:
    return sys.stdout if as_json else sys.stderr


@app.command()
def export(
    file: Annotated[
        Path,
        typer.Argument(help="Where to; .csv or .xlsx, - for CSV on stdout.", dir_okay=False, allow_dash=True),
    ],
) -> None:
    """Write the directory, contact data masked. The file can be edited and imported again."""
    form: Any = "xlsx" if file.suffix.lower() == ".xlsx" else "csv"

    async def work(ctx: Context, database: Database) -> bytes:
        async with database.write() as session:  # the export stands in the audit log
            return await experts.export(ctx, session, operator(), form)

    data = run(work)
    if str(file) == "-":
        sys.stdout.buffer.write(data)
    else:
        file.write_bytes(data)


@app.command()
def match(
    text: Annotated[str, typer.Argument(help="The question or claim.")],
    hazard: Annotated[
        str | None, typer.Option("--hazard", help="A hazard code; else what the text says.")
    ] = None,
    topic: Annotated[list[str] | None, typer.Option("--topic", help="A topic code; may be repeated.")] = None,
    region: Annotated[
        list[str] | None, typer.Option("--region", help="A division code; may be repeated.")
    ] = None,
    kind: Annotated[str, typer.Option("--kind", help="opinion, fact or field.")] = "opinion",
    limit: Annotated[int, typer.Option("--limit", min=1, max=50, help="How many.")] = 8,
    as_json: AsJson = False,
) -> None:
    """Who could answer this, best first, with the reasons that add up to the score."""
    _known(hazard, topic or [], kind)

    async def work(ctx: Context, database: Database) -> list[Candidate]:
        need = _need(ctx, text, hazard, topic, region, kind)
        async with database.read() as session:
            return await matching.for_need(ctx, session, need, operator(), limit)

    for one in run(work):
        if as_json:
            print(json.dumps(_shown(one), ensure_ascii=False))
        else:
            because = "  ".join(f"{r.code} {r.points:+d} {'、'.join(r.data)}".rstrip() for r in one.reasons)
            print(f"{one.score:4}  {one.profile.name}  {one.profile.unit}\n      {because}")


@app.command("learn-weights")
def learn_weights(
    apply: Annotated[
        bool, typer.Option("--apply", help="Use it from now on, if nothing speaks against it.")
    ] = False,
    put_back: Annotated[bool, typer.Option("--put-back", help="Use the house's own weights again.")] = False,
    named: Annotated[
        Path | None, typer.Option("--named", help="Named cases (JSON lines); else the city's.")
    ] = None,
    directory: Annotated[
        Path | None, typer.Option("--directory", help="The sheet that they name experts of.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Learn the weights of matching from the editors' choices; print before and after. Changes nothing without --apply."""

    async def work(ctx: Context, database: Database) -> Lesson | None:
        if put_back:
            async with database.write() as session:
                await matching_weights.put_back(ctx, session, operator())
            return None
        async with database.read() as session:
            learnt = await matching_weights.lesson(ctx, session, operator(), named, directory)
        if apply and not learnt.refused:
            async with database.write() as session:
                await matching_weights.apply(ctx, session, learnt, operator())
        return learnt

    learnt = run(work)
    if learnt is None:
        print("the house's own weights are in use again")
        return
    print(json.dumps(asdict(learnt), ensure_ascii=False) if as_json else _told(learnt, apply))
    if apply and learnt.refused:
        raise typer.Exit(1)


def _told(learnt: Lesson, apply: bool) -> str:
    scales = "  ".join(f"{code} ×{scale:.2f}" for code, scale in learnt.scales.items())
    lines = [f"{learnt.choices} choices, {learnt.held_out} of them put aside for judging", scales]
    for name, shares, found in (
        ("before", learnt.before, learnt.named_before),
        ("after", learnt.after, learnt.named_after),
    ):
        lines.append(
            f"{name:7} first {shares.first:.1%}  in first three {shares.first_three:.1%}  "
            f"likelihood {shares.likelihood:.3f}  named cases {found:.1%}"
        )
    verdict = "in use from now on" if apply else "may be used: --apply"
    return "\n".join([*lines, f"refused: {', '.join(learnt.refused)}" if learnt.refused else verdict])


def _known(hazard: str | None, topics: list[str], kind: str) -> None:
    if hazard is not None and hazard not in HAZARDS:
        raise Invalid(f"there is no hazard '{hazard}'")
    if unknown := [code for code in topics if code not in TOPICS]:
        raise Invalid(f"there is no topic '{unknown[0]}'")
    if kind not in set(AssignmentKind):
        raise Invalid(f"there is no kind '{kind}': opinion, fact or field")


def _need(
    ctx: Context,
    text: str,
    hazard: str | None,
    topics: list[str] | None,
    regions: list[str] | None,
    kind: str,
) -> Need:
    """The need of a bare text: what the written rules say of it, and what the options say instead."""
    rows = (ctx.settings.city_dir / "divisions.jsonl").read_text("utf-8").splitlines()
    gazetteer = Gazetteer.from_rows(json.loads(row) for row in rows if row.strip())
    seen = Assessor(None, gazetteer).assess([Text(title="", body=text)])[0]
    return Need(
        text=text,
        when=ctx.now(),
        kind=kind,
        hazard=hazard or seen.emergency.hazard,
        topics=tuple(topics or (one.topic for one in seen.topics)),
        regions=tuple(regions or seen.regions),
        audiences=seen.audiences,
    )


def _shown(one: Candidate) -> dict[str, Any]:
    return {
        "id": str(one.expert_id),
        "name": one.profile.name,
        "kind": one.profile.kind,
        "unit": one.profile.unit,
        "score": one.score,
        "on_duty": one.on_duty,
        "open": one.open,
        "reasons": [reason.to_json() for reason in one.reasons],
    }
