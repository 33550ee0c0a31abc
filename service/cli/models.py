"""`learn` and `model list · promote · rollback · labels`: learning from the desk, behind a gate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Final

import typer

from classifiers.examples import Example
from classifiers.sentences.compose import HERE
from service.cli import labelled
from service.cli.opening import operator, run
from service.context import Context
from service.errors import BadSetting
from service.store import models as shelf
from service.store.engine import Database
from service.usecases import learning, models

app = typer.Typer(
    help="The model in use: list, promote, roll back; labels of the desk.", no_args_is_help=True
)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Reason = Annotated[str, typer.Option("--reason", help="Why, for the audit log.")]
TROUBLES: Final = {
    "pointer": "models/current.json cannot be read: the shipped model is in use",
    "gone": "the model that should be in use is gone: the shipped one is in use",
    "changed": "the model that should be in use was changed: the shipped one is in use",
}


def learn(
    held_out: Annotated[
        list[Path] | None, typer.Option("--held-out", help="Labelled files to judge by as well.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a candidate model from the desk's decisions and put it before the gate; exit 1 when it is refused."""
    try:
        material = learning.Material(
            anchors=_examples([HERE / "labelled"]),
            canaries=_examples([HERE / "canaries.tsv"]),
            held_out=_examples(held_out or []),
        )
    except (labelled.NoData, ValueError) as error:
        raise BadSetting(str(error)) from None

    async def work(ctx: Context, database: Database) -> learning.Learned:
        return await learning.learn(ctx, database, material, operator())

    found = run(work)
    if as_json:
        print(json.dumps(found.candidate.report, ensure_ascii=False))
    else:
        print(f"{found.candidate.version}: {found.text}")
        if found.promote:
            print(f"put it to use with: qingyuan model promote {found.candidate.version}")
    raise typer.Exit(0 if found.promote else 1)


def _examples(paths: list[Path]) -> list[Example]:
    return [example for path in labelled.files(paths) for example in labelled.read(path)]


@app.command("list")
def listing(as_json: AsJson = False) -> None:
    """The model in use, and every one that was learned here."""

    async def work(ctx: Context, _database: Database) -> tuple[shelf.Current, list[shelf.Candidate]]:
        return shelf.current(ctx.settings.data_dir), shelf.candidates(ctx.settings.data_dir)

    current, found = run(work)
    if as_json:
        rows = [
            {"version": one.version, "current": one.version == current.version, **one.report} for one in found
        ]
        answer = {"current": current.version or models.SHIPPED, "trouble": current.trouble, "models": rows}
        print(json.dumps(answer, ensure_ascii=False))
        return
    print(f"{'→' if not current.version else ' '} {models.SHIPPED}")
    for one in found:
        mark = "→" if one.version == current.version else " "
        passed = "passed" if one.report.get("promote") else "refused"
        print(f"{mark} {one.version}  {str(one.report.get('at', '?'))[:16]}  gate: {passed}")
    if current.trouble:
        print(TROUBLES[current.trouble])


@app.command()
def promote(
    version: Annotated[str, typer.Argument(help="As `model list` names it.")],
    second: Annotated[
        str, typer.Option("--second", help="Login name of who answers with you for one the gate refused.")
    ] = "",
    reason: Reason = "",
) -> None:
    """Use this model from the next batch on; running processes notice by themselves."""

    async def work(ctx: Context, database: Database) -> shelf.Current:
        return await models.promote(ctx, database, version, operator(), second, reason)

    print(f"in use: {run(work).version}")


@app.command()
def rollback(reason: Reason = "") -> None:
    """Use what was in use before."""

    async def work(ctx: Context, database: Database) -> shelf.Current:
        return await models.rollback(ctx, database, operator(), reason)

    print(f"in use: {run(work).version or models.SHIPPED}")


@app.command()
def labels(
    out: Annotated[
        Path, typer.Option("--out", help="File to write; holds texts of the city's own database.")
    ],
) -> None:
    """Write the desk's labels with their texts, as `train --data` reads them."""

    async def work(_ctx: Context, database: Database) -> list[str]:
        return await learning.export(database, operator())

    lines = run(work)
    out.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    print(f"{out}: {len(lines)} texts")
