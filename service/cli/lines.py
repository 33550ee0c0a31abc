"""JSON lines in on stdin and out on stdout, as `classify` and `match` speak them.

    stdin
    | arriving   numbered lines that are not blank, as soon as they are whole
    | parse      one object a line; BadLineError says what is wrong with it
    → say        UTF-8 whatever the locale, flushed, so that a program that waits gets its answer

A line that cannot be used costs nobody but itself. Does not know what the fields mean.
"""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NoReturn

import typer

from service.errors import QingyuanError

LONGEST: Final = 16 * 1024 * 1024
"""Bytes of a line; of a longer one nothing is kept. A text's first 8,000 characters are read anyway."""

_CHUNK: Final = 1 << 18


class BadLineError(ValueError):
    """A line is not what it should be; `kind` is for programs, the message for people."""

    def __init__(self, kind: str, message: str, id: object = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.id = id

    def answer(self, number: int) -> dict[str, object]:
        """The error line of the contract."""
        return {"id": self.id, "line": number, "error": {"type": self.kind, "message": str(self)}}


class CannotWrite(QingyuanError):
    """What was found out cannot be written to standard output."""

    type = "output"


def arriving() -> Iterator[list[tuple[int, bytes]]]:
    """Whole lines with their numbers as they arrive; of a line over `LONGEST` only the beginning."""
    rest, number = bytearray(), 0
    while chunk := _read():
        first, *others = chunk.split(b"\n")
        if len(rest) <= LONGEST:
            rest += first
        if others:
            whole = [bytes(rest), *others[:-1]]
            rest = bytearray(others[-1])
            yield [(number + at, line) for at, line in enumerate(whole, start=1) if line.strip()]
            number += len(whole)
    if rest.strip():
        yield [(number + 1, bytes(rest))]


def parse(line: bytes) -> dict[str, Any]:
    """The object of a line; BadLineError otherwise. NaN and numbers too large for a float are no JSON."""
    if len(line) > LONGEST:
        raise BadLineError("too_long", f"the line is longer than {LONGEST} bytes")
    try:
        found = json.loads(line, parse_constant=_no_json, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise BadLineError("not_json", str(error)) from error
    if not isinstance(found, dict):
        raise BadLineError("not_an_object", f"a JSON {type(found).__name__}")
    return found


def string(found: Mapping[str, Any], name: str) -> str:
    """A field that is a string; empty where it is missing or null."""
    value = found.get(name)
    if value is not None and not isinstance(value, str):
        raise BadLineError(f"bad_{name}", f"{name} is not a string", found.get("id"))
    return value or ""


def has_text(found: Mapping[str, Any]) -> None:
    """BadLineError where neither text nor title is given."""
    if found.get("text") is None and found.get("title") is None:
        raise BadLineError("no_text", "the field `text` is missing", found.get("id"))


def say(answers: Iterable[Mapping[str, object]]) -> None:
    """Write one JSON line an answer. Half a character of UTF-16 is written as JSON escapes it; nothing else is escaped."""
    write("".join(json.dumps(answer, ensure_ascii=False) + "\n" for answer in answers))


def write(text: str) -> None:
    """Write and flush; CannotWrite where the disk is full."""
    try:
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read has enough
        raise
    except OSError as error:
        # Or the same would be said again when the process ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise CannotWrite(f"standard output: {error.strerror}") from error


def stop(message: str) -> NoReturn:
    """One clear line, exit 2."""
    print(f"qingyuan: {message}", file=sys.stderr)
    raise typer.Exit(2)


def _read() -> bytes:
    return os.read(sys.stdin.fileno(), _CHUNK) if sys.stdin else b""


def _no_json(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _finite(number: str) -> float:
    value = float(number)
    if math.isinf(value):
        raise ValueError(f"{number} is too large a number")
    return value
