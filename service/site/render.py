"""Bring the public site up to date with the database. The entrance for channels, jobs and the command line.

    lock → read what holds now → make what has changed, in a thread → replace the manifest → the search index follows

Idempotent: the same publications give the same site. Runs in any number of processes; whoever comes second finds the work
done. Reading happens inside the lock, so a site never goes back in time.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from content.render.told import House
from service.context import Context
from service.pages import city as cities
from service.pages import i18n
from service.pages.assets import shipped
from service.pages.city import City
from service.pages.templates import FOLDER, Templates
from service.settings import Settings
from service.site import current, search
from service.site.current import Public
from service.site.plan import Surroundings, every
from service.site.shelf import Entry, Manifest, Shelf
from service.store.engine import Database

DAY = 86_400.0
SET_BACK = 60.0  # seconds; a site made so far ahead of now was made by a clock that has been set back


@dataclass(frozen=True)
class SiteReport:
    """What a run did: addresses on the site, how many were made anew, how many went away."""

    pages: int
    made: int
    gone: int
    sequence: int


async def render_all(ctx: Context, db: Database) -> SiteReport:
    """Make the whole site agree with the database; also removes what no longer belongs to it.

    Raises OSError when the disk is full: the old site goes on standing.
    """
    shelf = Shelf(ctx.settings.site_dir)
    async with shelf.locked():
        report = await _render(ctx, db, shelf)
        await asyncio.to_thread(shelf.sweep, ctx.now().timestamp())
    return report


async def render_publication(ctx: Context, db: Database, public_id: str) -> SiteReport:
    """Show the newest version of one page and of every list and feed that it stands in.

    Anything else that was published in the meantime comes along. An exercise changes nothing.
    """
    shelf = Shelf(ctx.settings.site_dir)
    async with shelf.locked():
        return await _render(ctx, db, shelf)


BANNER_SLACK = 2.0  # seconds: a banner set while a site is being made is seen by the next look


async def is_stale(ctx: Context, db: Database, manifest: Manifest) -> bool:
    """Whether the site lags behind the database or this program, is a day old or of a clock set back since, or a warning on it has ended."""
    now = ctx.now().timestamp()
    if (
        manifest.build != build_id(ctx.settings)
        or not manifest.made_at - SET_BACK <= now <= manifest.made_at + DAY
    ):
        return True
    if manifest.until is not None and now >= manifest.until:
        return True
    async with db.read() as session:
        newest = await current.newest_sequence(session)
        banner_at = await current.banner_changed(session)
    late = banner_at is not None and banner_at.timestamp() > manifest.made_at - BANNER_SLACK
    return newest > manifest.sequence or late


async def _render(ctx: Context, db: Database, shelf: Shelf) -> SiteReport:
    async with db.read() as session:
        public = await current.load(session, ctx.now())
    report = await asyncio.to_thread(make, ctx, public, shelf)
    await search.sync(db, public)
    return report


def make(ctx: Context, public: Public, shelf: Shelf) -> SiteReport:
    """Let the site on `shelf` be that of `public`. The caller holds the shelf's lock."""
    now, old = ctx.now(), shelf.manifest()
    around = surroundings(ctx)
    entries: dict[str, Entry] = {}
    made = 0
    for draft in every(public, around):
        known = old.entries.get(draft.path)
        if known is not None and known.source == draft.source and shelf.whole(known):
            entries[draft.path] = known
            continue
        made += 1
        entry = shelf.keep(draft.make(), draft.type, draft.source, draft.status, now)
        # The same bytes as before keep their date: a client that has them need not fetch them again.
        same = known is not None and (known.object, known.status) == (entry.object, entry.status)
        kept = known.modified if same and known is not None else _newer(entry.modified, known)
        entries[draft.path] = replace(entry, modified=kept, scripted=draft.scripted)
    lapse = public.next_lapse(now)
    until = lapse.timestamp() if lapse else None
    shelf.replace(Manifest(entries, public.sequence, around.build, now.timestamp(), until))
    return SiteReport(len(entries), made, len(old.entries.keys() - entries.keys()), public.sequence)


def _newer(modified: float, known: Entry | None) -> float:
    """The date of changed bytes: a second after the last at least, also where the clock was set back."""
    return modified if known is None else max(modified, known.modified + 1.0)


def surroundings(ctx: Context) -> Surroundings:
    """What the pages of this installation are made with."""
    settings = ctx.settings
    city = _city(settings.city_dir)
    house = house_of(city, settings.public_url)
    return Surroundings(_templates(city, settings.public_url), house, build_id(settings), ctx.now())


def house_of(city: City, base_url: str) -> House:
    """Who speaks, as the renderers want it."""
    return House(city.desk, "清源", base_url, city.zone, city.full_name, city.code)


@cache
def _city(folder: Path) -> City:
    return cities.read(folder)


@cache
def _templates(city: City, base_url: str) -> Templates:
    return Templates(city, base_url)


def build_id(settings: Settings) -> str:
    """Changes when templates, texts, styles, renderers, the city or the public address change: all pages are then made anew."""
    return _build(settings.city_dir, settings.public_url)


@cache
def _build(city_dir: Path, base_url: str) -> str:
    package = Path(__file__).resolve().parents[2]
    files = [
        *sorted(FOLDER.rglob("*.html")),
        *sorted(i18n.FOLDER.rglob("*.po")),
        *sorted((package / "content" / "render").glob("*.py")),
        *sorted((package / "service" / "site").glob("*.py")),
        *sorted((package / "service" / "pages").glob("*.py")),
        city_dir / "city.toml",
    ]
    digest = hashlib.sha256(f"{base_url} {shipped().fingerprint()}".encode())
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
