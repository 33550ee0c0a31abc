"""`classify`, `train` and `evaluate`: the classifiers from the command line, without a database.

Heavy imports stay inside the functions so that every other command starts quickly.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

if TYPE_CHECKING:
    from classifiers.assess import Assessor
    from classifiers.model import Model

app = typer.Typer(help="Classifiers: classify texts, train and evaluate models.", no_args_is_help=True)

_CHUNK: Final = 1 << 18
_BATCH: Final = 1_000
_LINE_LIMIT: Final = 4 * 1024 * 1024

ModelFolder = Annotated[
    Path | None, typer.Option("--model", help="A model folder; the shipped one without it.")
]


@app.command()
def classify(model: ModelFolder = None) -> None:
    """JSON lines on stdin to JSON lines on stdout, in the same order. A bad line gives one error line."""
    assessor = _assessor(_load(model))
    good = bad = 0
    for lines in _batches(_stdin_lines()):
        answers = list(_answers(assessor, lines))
        bad += sum("error" in answer for answer in answers)
        good += sum("error" not in answer for answer in answers)
        sys.stdout.write("".join(json.dumps(answer, ensure_ascii=False) + "\n" for answer in answers))
        sys.stdout.flush()
    raise typer.Exit(1 if bad and not good else 0)


@app.command()
def train(
    data: Annotated[
        list[Path], typer.Option("--data", help="Labelled files or directories; may be repeated.")
    ],
    out: Annotated[Path, typer.Option("--out", help="The model folder to write.")],
    more: Annotated[list[Path] | None, typer.Argument(help="More files or directories.")] = None,
) -> None:
    """Fit a model on labelled lines; unlabelled lines are labelled by the written rules where those are sure."""
    from classifiers import model_file
    from classifiers.examples import LabelError
    from service.cli import labelled, training

    try:
        material = training.collect(labelled.files([*data, *(more or [])]))
        model = training.fit(material, base=_shipped_or_none())
    except (labelled.NoData, LabelError, ValueError) as error:
        _stop(str(error))
    saved = model_file.save(model, out)
    _print(f"{saved.version}: {len(material.examples)} examples → {out}")


@app.command()
def evaluate(
    data: Annotated[
        list[Path], typer.Option("--data", help="Labelled files or directories; may be repeated.")
    ],
    model: ModelFolder = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    more: Annotated[list[Path] | None, typer.Argument(help="More files or directories.")] = None,
) -> None:
    """Measure a model on labelled lines: every task that has labels, with calibration."""
    from classifiers import evaluate as measure
    from classifiers.examples import LabelError
    from service.cli import labelled

    try:
        paths = labelled.files([*data, *(more or [])])
        examples = [example for path in paths for example in labelled.read(path)]
    except (labelled.NoData, LabelError) as error:
        _stop(str(error))
    report = measure.evaluate(_assessor(_load(model)), examples)
    _print(json.dumps(report, ensure_ascii=False, indent=1) if as_json else measure.as_text(report))


def _answers(assessor: Assessor, lines: list[tuple[int, bytes]]) -> Iterator[dict[str, object]]:
    parsed = [_parse(number, line) for number, line in lines]
    texts = [_text(found) for found in parsed if "error" not in found]
    assessments = iter(assessor.assess(texts))
    for found in parsed:
        if "error" in found:
            yield found
        else:
            yield {"id": found["id"], **next(assessments).to_json()}


def _parse(number: int, line: bytes) -> dict[str, Any]:
    """The line's object, or an object with `line` and `error`."""
    try:
        found = json.loads(line[:_LINE_LIMIT])
    except (ValueError, RecursionError) as error:
        return _bad(number, None, "not_json", str(error))
    if not isinstance(found, dict):
        return _bad(number, None, "not_an_object", f"a JSON {type(found).__name__}")
    for name in ("text", "title"):
        if not isinstance(found.get(name) or "", str):
            return _bad(number, found.get("id"), f"bad_{name}", f"{name} is not a string")
    if found.get("text") is None:
        return _bad(number, found.get("id"), "no_text", "the field `text` is missing")
    return {**found, "id": found.get("id", number)}


def _bad(number: int, name: object, kind: str, message: str) -> dict[str, Any]:
    return {"id": name, "line": number, "error": {"type": kind, "message": message}}


def _text(found: dict[str, Any]) -> Any:
    from classifiers.text import Text

    return Text(title=found.get("title") or "", body=found["text"])


def _stdin_lines() -> Iterator[list[tuple[int, bytes]]]:
    """Whole lines as they arrive, so that a program that waits for each answer gets it."""
    rest, number = b"", 0
    while chunk := os.read(sys.stdin.fileno(), _CHUNK):
        *whole, rest = (rest + chunk).split(b"\n")
        numbered = [(number + at, line) for at, line in enumerate(whole, start=1) if line.strip()]
        number += len(whole)
        yield numbered
    if rest.strip():
        yield [(number + 1, rest)]


def _batches(arrivals: Iterator[list[tuple[int, bytes]]]) -> Iterator[list[tuple[int, bytes]]]:
    for lines in arrivals:
        for start in range(0, len(lines), _BATCH):
            yield lines[start : start + _BATCH]


def _load(folder: Path | None) -> Model | None:
    """The asked model, or the shipped one; without a usable shipped model the rules carry on, and say so."""
    from classifiers import model_file

    try:
        return model_file.load(folder or model_file.SHIPPED)
    except model_file.ModelError as error:
        if folder is not None:
            _stop(str(error))
        print(f"no model ({error}); the written rules carry on alone", file=sys.stderr)
        return None


def _shipped_or_none() -> Model | None:
    from classifiers import model_file

    try:
        return model_file.load(model_file.SHIPPED)
    except model_file.ModelError:
        return None


def _assessor(model: Model | None) -> Assessor:
    from classifiers.assess import Assessor
    from classifiers.regions import Gazetteer
    from service.settings import ROOT, load

    settings = load()
    rows = ROOT / "deploy" / "cities" / settings.city / "divisions.jsonl"
    lines = rows.read_text("utf-8").splitlines() if rows.is_file() else []
    return Assessor(model, Gazetteer.from_rows(json.loads(line) for line in lines if line.strip()))


def _print(text: str) -> None:
    print(text)


def _stop(message: str) -> Any:
    """One clear line, exit 2."""
    print(f"qingyuan: {message}", file=sys.stderr)
    raise typer.Exit(2)
