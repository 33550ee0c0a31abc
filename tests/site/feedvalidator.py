"""Every feed of the site of three hundred publications before the W3C's feed validator, out of a checkout of its repository.

    python -m tests.site.feedvalidator --checkout PATH

Prints every message with how often it was given and where first; exits with 1 when one of them is an error, with 2 when
there is no validator to ask. Nothing of the validator is in this project; it needs `html5lib`, which is not ours either.
It sees what a server would send: the bytes, the content type, the address. Asks the network for nothing.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from tests.render.situations import HOUSE
from tests.site.three_hundred import drafts, exported_sources

OPML = "text/x-opml; charset=utf-8"
FEEDS = ("feed.xml", "atom.xml", "cap.xml", ".opml")
LEVELS = ("Error", "Warning", "Info")
PLACES = ("line", "column", "backupline", "backupcolumn", "msgcount")


class NoValidator(Exception):
    """There is no feed validator that could be asked: look at the path, and install html5lib beside it."""


@dataclass(frozen=True)
class Document:
    """One feed as a server sends it."""

    address: str
    type: str
    body: bytes


@dataclass(frozen=True)
class Message:
    """What the validator says of one place; what it says in praise is left out."""

    level: str
    name: str
    address: str
    where: str
    about: str

    def __str__(self) -> str:
        return f"{self.level.lower():8}{self.name}  {self.address}  {self.where}  {self.about}"


def documents() -> Iterator[Document]:
    """Every feed of the site, its list of feeds, and the list of sources that an editor exports."""
    for draft in drafts():
        if draft.path.endswith(FEEDS):
            yield Document(HOUSE.base_url + draft.path, draft.type, draft.make())
    yield Document(f"{HOUSE.base_url}/admin/sources/export.opml", OPML, exported_sources())


def load(checkout: Path) -> Any:
    """The validator's package; raises NoValidator."""
    source = checkout / "src"
    if not (source / "feedvalidator" / "__init__.py").is_file():
        raise NoValidator(f"no src/feedvalidator in {checkout}")
    sys.path.insert(0, str(source))
    try:
        return importlib.import_module("feedvalidator")
    except ImportError as wrong:
        raise NoValidator(f"the validator in {checkout} can't be imported: {wrong}") from wrong
    finally:
        sys.path.remove(str(source))


def judge(validator: Any, document: Document, checkout: Path) -> Iterator[Message]:
    """What the validator says of one document, in its order."""
    sys.path.insert(0, str(checkout / "src"))  # it imports parts of itself only when it meets an element
    try:
        found = validator.validateStream(
            BytesIO(document.body), contentType=document.type, base=document.address
        )
    except ImportError as wrong:
        raise NoValidator(str(wrong)) from wrong
    finally:
        sys.path.remove(str(checkout / "src"))
    for event in found["loggedEvents"]:
        level = next((name for name in LEVELS if isinstance(event, getattr(validator.logging, name))), None)
        if level:
            yield _message(level, event, document.address)


def ask(checkout: Path) -> Counter[Message]:
    """Every message of every document with how often it came; the first place stands for the others."""
    validator = load(checkout)
    first: dict[tuple[str, ...], Message] = {}
    counted: Counter[Message] = Counter()
    for document in documents():
        for said in judge(validator, document, checkout):
            same = (said.level, said.name, said.address.rsplit("/", 1)[-1], said.about.split(" value=")[0])
            counted[first.setdefault(same, said)] += 1
    return counted


def main(argv: list[str] | None = None) -> int:
    """Print the messages; 0 without an error, 1 with one, 2 when there is nobody to ask."""
    parser = argparse.ArgumentParser(prog="python -m tests.site.feedvalidator", description=__doc__)
    parser.add_argument(
        "--checkout", type=Path, required=True, help="a checkout of the validator's repository"
    )
    checkout = parser.parse_args(argv).checkout
    try:
        counted = ask(checkout)
    except NoValidator as wrong:
        print(wrong, file=sys.stderr)
        return 2
    for said, times in sorted(counted.items(), key=lambda pair: LEVELS.index(pair[0].level)):
        print(f"{times:5} × {said}")
    errors = sum(times for said, times in counted.items() if said.level == "Error")
    print(
        f"{sum(1 for _ in documents())} documents, {errors} errors, {counted.total() - errors} other messages"
    )
    return 1 if errors else 0


def _message(level: str, event: Any, address: str) -> Message:
    params = event.params
    where = f"line {params.get('line', '?')}, column {params.get('column', '?')}"
    # The value comes last: it differs from place to place where the fault is one and the same.
    names = sorted(params.keys() - set(PLACES), key=lambda name: (name == "value", name))
    about = " ".join(f"{name}={str(params[name])[:100]!r}" for name in names)
    return Message(level, type(event).__name__, address, where, about)


if __name__ == "__main__":
    sys.exit(main())
