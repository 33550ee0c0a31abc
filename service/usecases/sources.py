"""Sources (信源): register, list, edit, pause. Polling itself is `polling`.

Does not fetch: finding the feed behind a page's address is `find_feed`, called before and outside of any transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import urlsplit
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from content import permissions
from content.permissions import Actor
from service.context import Context
from service.errors import Conflict, Invalid, QingyuanError
from service.feeds.discover import FoundFeed, discover
from service.feeds.opml import OpmlSource, read_opml, write_opml
from service.feeds.urls import canonical_url, web_url
from service.store import audit
from service.store import sources as store
from service.store.notify import announce
from service.store.tables import Source
from service.usecases.item_rows import key
from service.usecases.polling import FeedDoor

LONGEST: Final = 2000
EDITABLE: Final = frozenset({"title", "category", "authority", "region", "url"})


class DuplicateSource(Conflict):
    """This feed is registered already."""

    type = "duplicate_source"


@dataclass(frozen=True)
class OpmlLine:
    """What became of one line of a list of feeds; `reason` is an error's type."""

    url: str
    title: str
    outcome: Literal["added", "duplicate", "invalid"]
    reason: str = ""


@dataclass(frozen=True)
class OpmlReport:
    """Line by line, in the order of the list."""

    lines: tuple[OpmlLine, ...]

    @property
    def added(self) -> int:
        """How many sources are new."""
        return sum(line.outcome == "added" for line in self.lines)


async def find_feed(door: FeedDoor, url: str) -> list[FoundFeed]:
    """The feed at this address, or those its page names, best first. DiscoveryFailed when there is none."""
    return await discover(door.session, door.pool, url, door.policy)


async def add(
    ctx: Context,
    s: AsyncSession,
    url: str,
    by: Actor,
    title: str = "",
    authority: bool = False,
    region: str | None = None,
    category: str = "",
    demo: bool = False,
) -> Source:
    """Register a feed; it is polled at once. DuplicateSource when its canonical address is known."""
    permissions.require(by, "source.edit")
    address = _address(url)
    if (known := await store.same(s, identity(address))) is not None:
        raise DuplicateSource(source=str(known.id))
    source = _new(ctx, address, by, title, category, authority, _region(region), demo)
    s.add(source)
    await audit.record(ctx, s, by, "source.add", "source", source.id, after=_shown(source))
    await announce(s, "sources", str(source.id))
    return source


async def import_opml(
    ctx: Context, s: AsyncSession, data: bytes, by: Actor, demo: bool = False
) -> OpmlReport:
    """Register all feeds of a list that are not registered yet. OpmlError when it is no list; bad lines are reported."""
    permissions.require(by, "source.edit")
    known = await store.canonical_urls(s)
    lines = []
    for outline in read_opml(data):
        line, source = _line(ctx, outline, by, known, demo)
        lines.append(line)
        if source is not None:
            s.add(source)
    report = OpmlReport(tuple(lines))
    after = {"added": report.added, "lines": len(lines)}
    await audit.record(ctx, s, by, "source.import", "source", "opml", after=after)
    await announce(s, "sources")
    return report


async def export_opml(s: AsyncSession, title: str) -> bytes:
    """All sources as OPML 2.0."""
    return write_opml(
        [OpmlSource(x.url, x.title or x.url, x.category) for x in await store.listing(s)], title
    )


async def edit(
    ctx: Context, s: AsyncSession, source_id: UUID, by: Actor, version: int | None = None, **fields: Any
) -> Source:
    """Change title, category, authority, region or url. A new url begins with a fresh polling state."""
    permissions.require(by, "source.edit")
    if unknown := fields.keys() - EDITABLE:
        raise Invalid(f"a source has no {', '.join(sorted(unknown))} to edit")
    source = await store.load(s, source_id)
    changes = dict(fields)
    if "region" in changes:
        changes["region"] = _region(changes["region"])
    if "title" in changes:
        changes["title"] = str(changes["title"]).strip()[:200]
    if "url" in changes and (address := _address(str(changes.pop("url")))) != source.url:
        changes |= await _moved(ctx, s, source, address)
    return await _save(ctx, s, source, changes, by, "source.edit", version)


async def pause(
    ctx: Context, s: AsyncSession, source_id: UUID, by: Actor, version: int | None = None
) -> Source:
    """Stop polling; what was stored stays."""
    permissions.require(by, "source.edit")
    source = await store.load(s, source_id)
    return await _save(ctx, s, source, {"enabled": False}, by, "source.pause", version)


async def resume(
    ctx: Context, s: AsyncSession, source_id: UUID, by: Actor, version: int | None = None
) -> Source:
    """Poll again, at once; failures of the past are forgiven."""
    permissions.require(by, "source.edit")
    source = await store.load(s, source_id)
    changes = {"enabled": True, "next_poll": ctx.now(), "failures": 0}
    return await _save(ctx, s, source, changes, by, "source.resume", version)


async def poll_now(ctx: Context, s: AsyncSession, source_id: UUID, by: Actor) -> Source:
    """Put the source at the head of those that are due."""
    permissions.require(by, "source.edit")
    source = await store.load(s, source_id)
    return await _save(ctx, s, source, {"next_poll": ctx.now()}, by, "source.poll_now", None)


async def listing(s: AsyncSession) -> list[Source]:
    """All sources, by title."""
    return await store.listing(s)


def host_of(url: str) -> str:
    """`host:port` of an http(s) address."""
    parts = urlsplit(url)
    return f"{(parts.hostname or '').lower()}:{parts.port or (443 if parts.scheme == 'https' else 80)}"


def identity(url: str) -> str:
    """The canonical form of an address: by it two spellings of one feed are recognised."""
    return key(canonical_url(url))


async def _save(
    ctx: Context,
    s: AsyncSession,
    source: Source,
    changes: dict[str, Any],
    by: Actor,
    act: str,
    version: int | None,
) -> Source:
    before = _shown(source)
    saved = await store.save(s, source, changes, version, ctx.now())
    await audit.record(ctx, s, by, act, "source", source.id, before=before, after=_shown(saved))
    await announce(s, "sources", str(source.id))
    return saved


async def _moved(ctx: Context, s: AsyncSession, source: Source, address: str) -> dict[str, Any]:
    """The columns of a source that is found elsewhere now. A poll under way loses its claim, and so its result."""
    canonical = identity(address)
    known = await store.same(s, canonical)
    if known is not None and known.id != source.id:
        raise DuplicateSource(source=str(known.id))
    return {
        "url": address,
        "canonical_url": canonical,
        "host": host_of(address),
        "state": {},
        "health": "new",
        "reason": "",
        "failures": 0,
        "next_poll": ctx.now(),
        "claimed_by": None,
        "claimed_until": None,
    }


def _line(
    ctx: Context, outline: OpmlSource, by: Actor, known: set[str], demo: bool
) -> tuple[OpmlLine, Source | None]:
    try:
        address = _address(outline.url)
    except QingyuanError as error:
        return OpmlLine(outline.url, outline.title, "invalid", error.type), None
    canonical = identity(address)
    if canonical in known:
        return OpmlLine(outline.url, outline.title, "duplicate"), None
    known.add(canonical)
    title = "" if outline.title == outline.url else outline.title
    source = _new(ctx, address, by, title, outline.category, False, None, demo)
    return OpmlLine(outline.url, outline.title, "added"), source


def _new(
    ctx: Context,
    url: str,
    by: Actor,
    title: str,
    category: str,
    authority: bool,
    region: str | None,
    demo: bool,
) -> Source:
    now = ctx.now()
    return Source(
        id=ctx.new_id(),
        url=url,
        canonical_url=identity(url),
        host=host_of(url),
        title=title.strip()[:200],
        category=category.strip()[:100],
        authority=authority,
        region=region,
        demo=demo,
        next_poll=now,
        added_by=by.id,
        created_at=now,
        updated_at=now,
    )


def _address(raw: str) -> str:
    """An http(s) address that fits; Invalid otherwise. Whether it may be connected to is decided when connecting."""
    url = web_url(raw.strip())
    if not url or len(url) > LONGEST:
        raise Invalid("this is not an http or https address", field="url")
    return url


def _region(code: str | None) -> str | None:
    if not code:
        return None
    if len(code) != 6 or not code.isdigit() or not code.isascii():
        raise Invalid("a region is a division code of six digits", field="region")
    return code


def _shown(source: Source) -> dict[str, Any]:
    return {
        "url": source.url,
        "title": source.title,
        "category": source.category,
        "authority": source.authority,
        "region": source.region,
        "enabled": source.enabled,
    }
