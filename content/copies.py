"""Copies of sources (来源留存): when an address is looked at, what is kept of it, and what the desk is told.

    while writing   once after a save, and whenever an editor asks; a newer copy replaces an older one
    going out       once more; tried again for half a day; what was kept then stays
    afterwards      once a week: is it still there, does it still say the same?

A source that cannot be had never stops a text: it is told and people judge. Does not fetch, store or know the time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from content.body import PieceBody
from content.findings import Problem

WEEK: Final = timedelta(days=7)
WAITS: Final = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=2), timedelta(hours=9))
TEXT: Final = 20_000  # characters of a source that are kept
LINE, STILL = 12, 0.6  # lines of so many characters are compared; so many of them must still be there
GONE: Final = frozenset({"http_404", "http_410", "bad_address"})
"""What an editor must mend. Everything else (403, a time limit, no name server) may work in a reader's browser."""


class Seen(Protocol):
    """What the checks read of a copy."""

    @property
    def url(self) -> str: ...

    @property
    def fault(self) -> str: ...

    @property
    def checked_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class Look:
    """One look at an address: what was there, or `fault`, a code of why nothing was."""

    fault: str = ""
    sha256: str = ""
    landed: str = ""
    media: str = ""
    text: str = ""


@dataclass(frozen=True)
class Standing:
    """How a copy stands before a look.

    `out`: the text is published. `settled`: what is kept stays. `kept`: the words kept, None when nothing was.
    `tries`: looks in a row that found nothing.
    """

    out: bool
    settled: bool
    kept: str | None
    tries: int


@dataclass(frozen=True)
class After:
    """What a look means: keep what came (or not), does it say something else, and when to look again."""

    keep: bool
    settled: bool
    changed: bool
    tries: int
    next_at: datetime | None


def key(url: str) -> str:
    """The name of an address within a piece."""
    return hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()


def addresses(body: PieceBody) -> tuple[str, ...]:
    """The addresses of all sources, each once."""
    return tuple(dict.fromkeys(source.url for source in body.sources if source.url))


def after(standing: Standing, look: Look, now: datetime) -> After:
    """The step after one look."""
    week = now + WEEK if standing.out else None
    if look.fault:
        tries = standing.tries + 1
        given_up = standing.settled or tries > len(WAITS)
        again = week if given_up or not standing.out else now + WAITS[tries - 1]
        settled = standing.settled or (standing.out and given_up and standing.kept is not None)
        return After(False, settled, False, tries, again)
    if standing.settled:
        return After(False, True, says_something_else(standing.kept or "", look.text), 0, week)
    return After(True, standing.out, False, 0, week)


def says_something_else(before: str, now: str) -> bool:
    """Whether most of what was said is gone. Counters, dates and menus change on every visit and do not count."""
    lines = {line for line in before.splitlines() if len(line) >= LINE}
    return bool(lines) and len(lines & set(now.splitlines())) < STILL * len(lines)


def problems(body: PieceBody, copies: Iterable[Seen]) -> list[Problem]:
    """What looking at the sources has shown, for the editor and for whoever approves. Advice: people judge."""
    seen = {copy.url: copy for copy in copies}
    found: list[Problem] = []
    for number, source in enumerate(body.sources, 1):
        copy = seen.get(source.url)
        if copy is None or copy.checked_at is None or not copy.fault:
            continue
        code = "dead_link" if copy.fault in GONE else "unread_link"
        data = {"number": number, "fault": copy.fault, "url": source.url}
        found.append(Problem(code, "sources", "should", data))
    return found
