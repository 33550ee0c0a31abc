"""`match` and `train-matching`: known claims from the command line, without a database.

    claims file   JSON lines {"id","text"}, optional "body"
    stdin         JSON lines {"id","text"}, optional "title"
    → stdout      {"id","matches":[{"id","score"}…]}, same order, best first

Heavy imports stay inside the functions so that every other command starts quickly. Does not say which matches are good
enough: the score is the probability that it is the same claim.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from service.cli import labelled, lines

if TYPE_CHECKING:
    from classifiers.claims import Claim, ClaimIndex

Names = dict[str, object]
_SHARED_WORDS: Final = 8  # headlines that a word must stand in to be in the background table


def match(
    claims: Annotated[Path, typer.Option("--claims", help='JSON lines {"id","text"}, optional "body".')],
    top: Annotated[int, typer.Option("--top", min=1, help="Matches for each query, at most.")] = 10,
) -> None:
    """Find claims that say the same as the queries on stdin. A bad line gives one error line."""
    index, names = _index(claims)
    good = bad = 0
    for number, line in chain.from_iterable(lines.arriving()):
        answer = _answer(index, names, number, line, top)
        bad += "error" in answer
        good += "error" not in answer
        lines.say([answer])
    raise typer.Exit(1 if bad and not good else 0)


def train_matching(
    pairs: Annotated[Path, typer.Option("--pairs", help="Claim pairs: group, role, text.")],
    out: Annotated[Path, typer.Option("--out", help="The folder for pair_model.json and background.tsv.")],
    headlines: Annotated[
        list[Path] | None, typer.Option("--headlines", help="Headlines to count words in (.jsonl.gz).")
    ] = None,
) -> None:
    """Refit the pair model on our own lines; with --headlines count the background words anew first."""
    from classifiers.pair_training import fit, parse

    try:
        out.mkdir(parents=True, exist_ok=True)
        if headlines:
            (out / "background.tsv").write_text(_background(headlines), "utf-8")
        fitted = fit(parse(pairs.read_text("utf-8").splitlines()))
        (out / "pair_model.json").write_text(fitted.model.to_json(), "utf-8")
    except (OSError, ValueError) as error:
        lines.stop(str(error))
    print(f"held out: precision {fitted.precision:.3f}, recall {fitted.recall:.3f} → {out}")


def _answer(index: ClaimIndex, names: Names, number: int, line: bytes, top: int) -> dict[str, object]:
    try:
        found = lines.parse(line)
        lines.has_text(found)
        query = "。".join(
            part for part in (lines.string(found, "title"), lines.string(found, "text")) if part
        )
    except lines.BadLineError as error:
        return error.answer(number)
    matches = [{"id": names[one.id], "score": round(one.score, 6)} for one in index.match(query, top)]
    return {"id": found.get("id", number), "matches": matches}


def _index(path: Path) -> tuple[ClaimIndex, Names]:
    from classifiers.claims import ClaimIndex

    names: Names = {}
    try:
        with labelled.opened(path) as stream:
            return ClaimIndex(_claims(path, stream, names)), names
    except labelled.UNREADABLE as error:
        lines.stop(f"{path}: {labelled.reason(error)}")


def _claims(path: Path, stream: Iterable[bytes], names: Names) -> Iterator[Claim]:
    """Every good claim, its id as text in `names` beside the id as given; what is wrong is told once on stderr."""
    from classifiers.claims import Claim

    for number, line in enumerate(stream, start=1):
        if not line.strip():
            continue
        try:
            found = lines.parse(line)
            text = lines.string(found, "text") or lines.string(found, "title")
            given = found.get("id")
            if not isinstance(given, str | int | float) or not text:
                raise lines.BadLineError("incomplete", "a claim needs `id` and `text`")
            claim = Claim(str(given), text, lines.string(found, "body"))
        except lines.BadLineError as error:
            _tell(f"{path}:{number}: {error}")
            continue
        if claim.id in names:
            _tell(f"{path}:{number}: the id {given!r} again; this line counts, the earlier one does not")
        names[claim.id] = given
        yield claim


def _background(files: list[Path]) -> str:
    from classifiers.background import table_of
    from classifiers.claim_view import content_words
    from classifiers.text import normalise

    def documents() -> Iterator[list[str]]:
        for path in sorted(files):
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                for line in lines:
                    yield content_words(normalise(json.loads(line)["text"]))

    return table_of(documents(), _SHARED_WORDS)


def _tell(message: str) -> None:
    print(f"qingyuan: {message}", file=sys.stderr)
