"""Sources (信源): register feeds, change them, pause, poll now, import a list."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from service.store import sources as store
from service.usecases import sources
from service.web.api.cursors import pack, unpack
from service.web.api.endpoint import Call, Endpoint, Run
from service.web.api.shapes import Listed, Nothing, Page, Paged, Plain, Region, Sent, Shown, Version


class NewSource(Sent):
    """A feed. With `discover` the address may be a page that names its feed; the first one is taken."""

    url: str = Field(max_length=2000)
    title: str = Field(default="", max_length=200)
    category: str = Field(default="", max_length=100)
    authority: bool = False
    region: Region | None = None
    discover: bool = False


class SourceChanges(Sent):
    """Fields to change; what is not sent stays."""

    url: str | None = Field(default=None, max_length=2000)
    title: str | None = Field(default=None, max_length=200)
    category: str | None = Field(default=None, max_length=100)
    authority: bool | None = None
    region: Region | None = None
    version: Version = None


class SourceOut(Shown):
    """A source and how it fares."""

    id: UUID
    url: str
    title: str
    category: str
    authority: bool
    region: str | None
    enabled: bool
    health: Plain
    reason: str
    failures: int
    next_poll: datetime
    last_poll: datetime | None
    last_success: datetime | None
    items_seen: int
    version: int


class Line(Shown):
    """What became of one line of a list."""

    url: str
    title: str
    outcome: Literal["added", "duplicate", "invalid"]
    reason: str


class Imported(Shown):
    """Line by line, in the order of the list."""

    added: int
    lines: list[Line]


async def listing(call: Call) -> Listed:
    """All sources by id, page by page."""
    wanted = call.asked(Paged)
    after = unpack(wanted.cursor, UUID)[0] if wanted.cursor else None
    rows = sorted(await sources.listing(call.session), key=lambda row: row.id)
    rows = [row for row in rows if after is None or row.id > after]
    shown = rows[: wanted.limit]
    return Listed(shown, pack(shown[-1].id) if len(rows) > wanted.limit else None)


async def show(call: Call) -> object:
    """One source."""
    return await store.load(call.session, call.id)


async def find(call: Call) -> str:
    """The feed's own address; asks the other side when that is wanted, outside of any transaction."""
    sent = call.sent(NewSource)
    if not sent.discover:
        return sent.url
    return (await sources.find_feed(call.house.part("feed_door"), sent.url))[0].url


async def add(call: Call) -> object:
    """Register a feed."""
    sent = call.sent(NewSource)
    return await sources.add(
        call.ctx, call.session, call.found, call.by,
        title=sent.title, authority=sent.authority, region=sent.region, category=sent.category,
    )  # fmt: skip


async def edit(call: Call) -> object:
    """Change some fields."""
    sent = call.sent(SourceChanges)
    fields: dict[str, Any] = sent.model_dump(exclude_unset=True, exclude={"version"})
    fields = {name: value for name, value in fields.items() if value is not None or name == "region"}
    return await sources.edit(call.ctx, call.session, call.id, call.by, sent.version, **fields)


async def import_list(call: Call) -> object:
    """Register every feed of an OPML list."""
    return await sources.import_opml(call.ctx, call.session, call.raw, call.by)


def _act(of: Any) -> Run:
    async def run(call: Call) -> object:
        return await of(call.ctx, call.session, call.id, call.by)

    return run


ACTS = (
    ("pause", "Stop polling", sources.pause),
    ("resume", "Poll again", sources.resume),
    ("poll", "Poll now", sources.poll_now),
)
ENDPOINTS = (
    Endpoint(
        "GET", "/sources", "sources", "All sources", "source.read", listing, answer=Page[SourceOut], query=Paged
    ),
    Endpoint(
        "POST", "/sources", "sources.add", "Register a feed", "source.edit", add,
        answer=SourceOut, body=NewSource, status=201, errors=(409,), wake="poll", prepare=find,
    ),
    Endpoint(
        "POST", "/sources/import", "sources.upload", "Register the feeds of an OPML list", "source.edit", import_list,
        answer=Imported, upload=("text/x-opml", "text/xml", "application/xml"), wake="poll",
    ),
    Endpoint("GET", "/sources/{id}", "source", "One source", "source.read", show, answer=SourceOut, errors=(404,)),
    Endpoint(
        "PATCH", "/sources/{id}", "source.edit", "Change a source", "source.edit", edit,
        answer=SourceOut, body=SourceChanges, errors=(404, 409), wake="poll",
    ),
    *(
        Endpoint(
            "POST", f"/sources/{{id}}/{name}", f"source.{name}", summary, "source.edit", _act(of),
            answer=SourceOut, body=Nothing, errors=(404, 409), wake="poll",
        )
        for name, summary, of in ACTS
    ),
)  # fmt: skip
