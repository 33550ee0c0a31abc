"""`classify`, `train` and `evaluate`: the classifiers from the command line, without a database.

Heavy imports stay inside the functions so that every other command starts quickly.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from service.cli import lines

if TYPE_CHECKING:
    from classifiers.assess import Assessor
    from classifiers.model import Model
    from classifiers.text import Text
    from service.cli.authorities import Authorities
    from service.cli.training import Material

app = typer.Typer(help="Classifiers: classify texts, train and evaluate models.", no_args_is_help=True)

_BATCH: Final = 1_000

ModelFolder = Annotated[
    Path | None, typer.Option("--model", help="A model folder; the shipped one without it.")
]


@app.command()
def classify(model: ModelFolder = None) -> None:
    """JSON lines on stdin to JSON lines on stdout, in the same order. A bad line gives one error line.

    A line whose `source` (a name, host or address) is among the city's authorities is judged as an official one.
    """
    from service.cli import authorities

    assessor, official = _assessor(_load(model)), authorities.load(_city())
    good = bad = 0
    for batch in _batches(lines.arriving()):
        answers = list(_answers(assessor, official, batch))
        bad += sum("error" in answer for answer in answers)
        good += sum("error" not in answer for answer in answers)
        lines.say(answers)
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
    from service.cli import training

    material = _material([*data, *(more or [])], out)
    try:
        saved = model_file.save(training.fit(material, base=_shipped_or_none()), out)
    except ValueError as error:
        lines.stop(f"{error} ({training.too_few(material.examples)})")
    except OSError as error:
        lines.stop(f"{out}: {error.strerror}")
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
        lines.stop(str(error))
    report = measure.evaluate(_assessor(_load(model)), examples)
    if report.keys() <= {"examples", "model"}:
        lines.stop("no line has a label to measure by")
    _print(json.dumps(report, ensure_ascii=False, indent=1) if as_json else measure.as_text(report))


def _material(paths: list[Path], out: Path) -> Material:
    """The lines to learn from; stops where they cannot be read or `out` cannot be written, before any work is done."""
    from classifiers.examples import LabelError
    from service.cli import labelled, training

    try:
        material = training.collect(labelled.files(paths))
        out.mkdir(parents=True, exist_ok=True)
    except (labelled.NoData, LabelError) as error:
        lines.stop(str(error))
    except OSError as error:
        lines.stop(f"{out}: {error.strerror}")
    if material.torn:
        say = "lines contradict an earlier line with the same text; the earlier one counts"
        print(f"{material.torn} {say}", file=sys.stderr)
    return material


def _answers(
    assessor: Assessor, official: Authorities, batch: list[tuple[int, bytes]]
) -> Iterator[dict[str, object]]:
    parsed = [_parse(number, line) for number, line in batch]
    texts = [_text(found, official) for found in parsed if "error" not in found]
    assessments = iter(assessor.assess(texts))
    for found in parsed:
        if "error" in found:
            yield found
        else:
            yield {"id": found["id"], **next(assessments).to_json()}


def _parse(number: int, line: bytes) -> dict[str, Any]:
    """What is needed of the line's object, or an object with `line` and `error`."""
    try:
        found = lines.parse(line)
        lines.has_text(found)
        title, text = lines.string(found, "title"), lines.string(found, "text")
    except lines.BadLineError as error:
        return error.answer(number)
    source = found.get("source")
    said = source if isinstance(source, str) else ""
    return {"id": found.get("id", number), "title": title, "text": text, "source": said}


def _text(found: dict[str, Any], official: Authorities) -> Text:
    from classifiers.text import Text

    return Text(found["title"], found["text"], authority=official.know(found["source"]))


def _batches(arrivals: Iterator[list[tuple[int, bytes]]]) -> Iterator[list[tuple[int, bytes]]]:
    for numbered in arrivals:
        for start in range(0, len(numbered), _BATCH):
            yield numbered[start : start + _BATCH]


def _load(folder: Path | None) -> Model | None:
    """The asked model, or the shipped one; without a usable shipped model the rules carry on, and say so."""
    from classifiers import model_file

    try:
        return model_file.load(folder or model_file.SHIPPED)
    except model_file.ModelError as error:
        if folder is not None:
            lines.stop(str(error))
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

    rows = _city() / "divisions.jsonl"
    lines = rows.read_text("utf-8").splitlines() if rows.is_file() else []
    return Assessor(model, Gazetteer.from_rows(json.loads(line) for line in lines if line.strip()))


def _city() -> Path:
    """The folder of the configured city."""
    from service.settings import ROOT, load

    return ROOT / "deploy" / "cities" / load().city


def _print(text: str) -> None:
    print(text)
