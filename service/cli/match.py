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
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn

import typer

if TYPE_CHECKING:
    from classifiers.claims import Claim, ClaimIndex

_LINE_LIMIT: Final = 4 * 1024 * 1024
_MOST_TOP: Final = 1_000
_SHARED_WORDS: Final = 8  # headlines that a word must stand in to be in the background table


class BadLineError(ValueError):
    """A line is not what it should be; `kind` is for programs, the message for people."""

    def __init__(self, kind: str, message: str, id: object = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.id = id


def match(
    claims: Annotated[Path, typer.Option("--claims", help='JSON lines {"id","text"}, optional "body".')],
    top: Annotated[int, typer.Option("--top", min=1, max=_MOST_TOP, help="Matches for each query.")] = 10,
) -> None:
    """Find claims that say the same as the queries on stdin. A bad line gives one error line."""
    index = _index(claims)
    good = bad = 0
    for number, line in enumerate(sys.stdin.buffer, start=1):
        if not line.strip():
            continue
        answer = _answer(index, number, line, top)
        bad += "error" in answer
        good += "error" not in answer
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        sys.stdout.flush()
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
        _stop(str(error))
    print(f"held out: precision {fitted.precision:.3f}, recall {fitted.recall:.3f} → {out}")


def _answer(index: ClaimIndex, number: int, line: bytes, top: int) -> dict[str, object]:
    try:
        found = _object(line)
        query = "。".join(part for part in (_string(found, "title"), _string(found, "text")) if part)
    except BadLineError as error:
        failure = {"type": error.kind, "message": str(error)}
        return {"id": error.id, "line": number, "error": failure}
    matches = [{"id": one.id, "score": round(one.score, 6)} for one in index.match(query, top)]
    return {"id": found.get("id", number), "matches": matches}


def _index(path: Path) -> ClaimIndex:
    from classifiers.claims import ClaimIndex

    try:
        with path.open("rb") as lines:
            return ClaimIndex(_claims(path, lines))
    except OSError as error:
        _stop(f"{path}: {error.strerror}")


def _claims(path: Path, lines: Iterable[bytes]) -> Iterator[Claim]:
    """Every good claim; each bad line is told once on stderr."""
    from classifiers.claims import Claim

    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found = _object(line)
            text = _string(found, "text") or _string(found, "title")
            if "id" not in found or not text:
                raise BadLineError("incomplete", "a claim needs `id` and `text`")
            yield Claim(str(found["id"]), text, _string(found, "body"))
        except BadLineError as error:
            print(f"qingyuan: {path}:{number}: {error}", file=sys.stderr)


def _object(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line[:_LINE_LIMIT])
    except (ValueError, RecursionError) as error:
        raise BadLineError("not_json", str(error)) from error
    if not isinstance(found, dict):
        raise BadLineError("not_an_object", f"a JSON {type(found).__name__}")
    if found.get("text") is None and found.get("title") is None:
        raise BadLineError("no_text", "the field `text` is missing", found.get("id"))
    return found


def _string(found: dict[str, Any], name: str) -> str:
    value = found.get(name)
    if value is not None and not isinstance(value, str):
        raise BadLineError(f"bad_{name}", f"{name} is not a string", found.get("id"))
    return value or ""


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


def _stop(message: str) -> NoReturn:
    """One clear line, exit 2."""
    print(f"qingyuan: {message}", file=sys.stderr)
    raise typer.Exit(2)
