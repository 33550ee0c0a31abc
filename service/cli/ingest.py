"""`qingyuan ingest`: feed files and addresses to entries, without a database.

    path, folder or URL
    | read or fetch    bytes; addresses go through the guard
    | parse            killable children, two at a time
    → one JSON line an entry, or a table

Stores nothing and remembers nothing. A source that is no feed gives one error line and the rest go on.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from service.cli import lines
from service.feeds.clean import NewItem, clean
from service.feeds.errors import ParseError
from service.feeds.fetch import Fetched, FetchError, fetch_url
from service.feeds.guard import guarded_session
from service.feeds.parser_pool import ParserPool
from service.feeds.policy import FetchPolicy

MOST_ENTRIES = 10_000
AT_A_TIME = 2
# A local file has the same five seconds of CPU as any document; the wall clock may be busier than on a server.
WALL_SECONDS = 20.0
URL_STARTS = ("http://", "https://")


@dataclass(frozen=True)
class Outcome:
    """What one file or address gave: its entries, or the reason there are none."""

    feed: str
    items: tuple[NewItem, ...] = ()
    error: tuple[str, str] | None = None


def ingest(
    sources: Annotated[
        list[str], typer.Argument(metavar="PATH_OR_URL...", help="Feed files, folders or addresses.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line an entry.")] = False,
) -> None:
    """Read feeds and print their entries; needs no database."""
    raise typer.Exit(asyncio.run(run(sources, as_json, policy_from_settings())))


def policy_from_settings() -> FetchPolicy:
    """The operator's limits and exceptions."""
    from service.settings import load

    settings = load()
    return FetchPolicy(
        allow=settings.fetch_allow, max_bytes=settings.fetch_max_bytes, timeout=settings.fetch_timeout
    )


async def run(sources: list[str], as_json: bool, policy: FetchPolicy) -> int:
    """Print every source's entries in the order given; exit code 1 only when all failed, 2 when there is nothing to read."""
    names = list(expand(sources))
    if not names:
        print("ingest: no files there", file=sys.stderr)
        return 2
    failed = 0
    async for outcome in outcomes(names, policy):
        failed += outcome.error is not None
        if as_json:
            lines.say(json_objects(outcome))
        else:
            lines.write("".join(f"{line}\n" for line in table_lines(outcome)))
    return 1 if failed == len(names) else 0


def expand(sources: list[str]) -> Iterator[str]:
    """Files of folders in place of the folders, sorted, at any depth; hidden files are left out."""
    for source in sources:
        if not source.startswith(URL_STARTS) and Path(source).is_dir():
            for path in sorted(Path(source).rglob("*")):
                if path.is_file() and not any(
                    part.startswith(".") for part in path.relative_to(source).parts
                ):
                    yield str(path)
        else:
            yield source


async def outcomes(names: list[str], policy: FetchPolicy) -> AsyncIterator[Outcome]:
    """Outcomes in the order of `names`; a few sources are worked on at a time."""
    async with ParserPool(AT_A_TIME, WALL_SECONDS) as pool, guarded_session(policy) as session:
        running: list[asyncio.Task[Outcome]] = []
        waiting = iter(names)

        async def one(name: str) -> Outcome:
            try:
                body, content_type, base = await load(name)
                feed = await pool.parse(body, content_type, base, max_items=MOST_ENTRIES)
            except SourceFailed as error:
                return Outcome(name, error=(error.kind, str(error)))
            except ParseError as error:
                return Outcome(name, error=(error.kind, str(error)))
            return Outcome(name, tuple(clean(entry, feed.weak_guids) for entry in feed.entries))

        async def load(name: str) -> tuple[bytes, str | None, str]:
            if not name.startswith(URL_STARTS):
                return await asyncio.to_thread(read_file, name, policy.max_bytes), None, ""
            answer = await fetch_url(session, name, policy)
            if isinstance(answer, Fetched):
                return answer.body, answer.content_type, answer.url
            if isinstance(answer, FetchError):
                raise SourceFailed(answer.kind, answer.message)
            raise SourceFailed("http_304", "The server answered 304.")

        try:
            while True:
                while len(running) < AT_A_TIME * 2 and (name := next(waiting, None)) is not None:
                    running.append(asyncio.create_task(one(name)))
                if not running:
                    return
                yield await running.pop(0)
        finally:
            for task in running:
                task.cancel()


class SourceFailed(Exception):
    """A file or an address that gave no bytes."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def read_file(name: str, most: int) -> bytes:
    """The bytes of a file, or SourceFailed."""
    try:
        with Path(name).open("rb") as file:
            body = file.read(most + 1)
    except OSError as error:
        raise SourceFailed("unreadable", f"The file cannot be read: {error.strerror}.") from error
    if len(body) > most:
        raise SourceFailed("too_big", "The file is larger than the limit.")
    return body


def json_objects(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """The contract's lines."""
    if outcome.error:
        kind, message = outcome.error
        yield {"feed": outcome.feed, "error": {"type": kind, "message": message}}
    for item in outcome.items:
        yield {
            "feed": outcome.feed,
            "guid": item.guid,
            "url": item.url or None,
            "title": item.title,
            "summary": item.summary,
            "text": item.text,
            "authors": list(item.authors),
            "published": _time(item.published),
            "updated": _time(item.updated),
            "language": item.language,
            "enclosures": [
                {"url": enclosure.url, "type": enclosure.type, "length": enclosure.length}
                for enclosure in item.enclosures
            ],
        }


def table_lines(outcome: Outcome) -> Iterator[str]:
    """Lines for people: the source, then date and title of each entry."""
    if outcome.error:
        yield f"✗ {outcome.feed}: {outcome.error[1]}"
        return
    yield f"✓ {outcome.feed}: {len(outcome.items)}"
    for item in outcome.items:
        when = item.published or item.updated
        yield f"  {when:%Y-%m-%d %H:%M}  {item.title}" if when else f"  {'':16}  {item.title}"


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None
