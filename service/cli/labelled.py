"""Read labelled texts from files for `train` and `evaluate`.

    .jsonl, .jsonl.gz   one JSON object a line, as the contract says
    .tsv                our own sentences: text, labels (`rumor=1 hazard=flood topics=food,health`); a line
                        `# default: rumor=0` adds labels to the lines below it, and `\\n` in a text ends a line of it

A directory means the files directly in it, without those of our sentences that hold no texts. Lines without any label are marked so that `train` may label them by
the written rules. Reads only what it is given; the network and the database are not touched.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, cast

from classifiers.examples import Example, LabelError, from_line
from service.cli import lines

_ENDINGS: Final = (".jsonl", ".jsonl.gz", ".tsv")
UNREADABLE: Final = (OSError, EOFError, zlib.error)
"""What reading a file that may be packed can raise."""

_LISTS: Final = ("topics",)
_NO_TEXT: Final = ("headline_labels.tsv", "claim_pairs.tsv")
"""Files of `classifiers/sentences` that hold no labelled texts: hashes with labels, and pairs."""


class NoData(Exception):
    """There is nothing to read at this path."""


def files(paths: list[Path]) -> list[Path]:
    """The files that `paths` stand for, in a fixed order; NoData names a path that has none."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.name.endswith(_ENDINGS) and p.name not in _NO_TEXT)
        else:
            inside = [path] if path.is_file() else []
        if not inside:
            raise NoData(f"{path}: no {', '.join(_ENDINGS)} file there")
        found += inside
    return found


def read(path: Path) -> Iterator[Example]:
    """The examples of one file, in order; LabelError names file, line and field."""
    rows = _sentences(path) if path.suffix == ".tsv" else _json_lines(path)
    for number, line in rows:
        try:
            yield from_line(
                {"group": f"{path.name}:{number}" if path.suffix == ".tsv" else "", **line}, number
            )
        except LabelError as error:
            raise LabelError(f"{path.name}: {error}") from error


def replies(path: Path) -> Iterator[Example]:
    """What people answered to the rumors of one file (`rebuttal` beside `rumor` 1): texts that refute."""
    if path.suffix == ".tsv":
        return
    for number, line in _json_lines(path):
        if line.get("rumor") == 1 and isinstance(line.get("rebuttal"), str) and line["rebuttal"]:
            name = str(line.get("id") or number)
            answer = {"id": f"{name}-reply", "text": line["rebuttal"], "date": line.get("date")}
            yield from_line({**answer, "rumor": 0, "debunk": 1, "group": f"reply:{name}"}, number)


def opened(path: Path) -> BinaryIO:
    """A file, unpacked if its name ends with .gz."""
    return cast("BinaryIO", gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")


def reason(error: Exception) -> str:
    """Why a file cannot be read, in a few words."""
    return getattr(error, "strerror", None) or str(error)


def _json_lines(path: Path) -> Iterator[tuple[int, dict[str, object]]]:
    try:
        with opened(path) as stream:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    yield number, _object(path, number, line)
    except UNREADABLE as error:
        raise LabelError(f"{path}: {reason(error)}") from error


def _object(path: Path, number: int, line: bytes) -> dict[str, object]:
    try:
        return lines.parse(line)
    except lines.BadLineError as error:
        raise LabelError(f"{path.name}, line {number}: {error}") from error


def _sentences(path: Path) -> Iterator[tuple[int, dict[str, object]]]:
    default: dict[str, object] = {}
    try:
        content = path.read_text("utf-8-sig")
    except (OSError, ValueError) as error:
        raise LabelError(f"{path}: {reason(error)}") from error
    for number, line in enumerate(content.splitlines(), start=1):
        if line.startswith("# default:"):
            default = _labels(line.removeprefix("# default:"))
        elif line.strip() and not line.startswith("#"):
            text, _, labels = line.partition("\t")
            yield number, {"text": text.replace("\\n", "\n"), **default, **_labels(labels)}


def _labels(text: str) -> dict[str, object]:
    pairs = [part.partition("=") for part in text.split()]
    return {
        name: [item for item in value.split(",") if item] if name in _LISTS else value
        for name, _, value in pairs
    }
