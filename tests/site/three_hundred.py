"""A site of three hundred publications of every kind, with corrections, retractions and hostile text, for the checks of formats.

The last of them came out just before `FIRST`: a feed from the future is a fault of its own to a validator.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from content.body import PieceBody
from content.render.told import Told, told
from service.feeds.opml import OpmlSource, write_opml
from service.pages import city
from service.pages.templates import Templates
from service.settings import ROOT
from service.site import plan
from service.site.current import Public
from service.site.plan import Draft
from tests.render.situations import FIRST, HOSTILE, HOUSE, LIGHTNING, STORM, WATER, publication

COUNT = 300
HUB = "https://hub.example.org/ping?city=yichun&v=1"
KINDS = ((WATER, "rebuttal"), (LIGHTNING, "explainer"), (STORM, "warning"), (HOSTILE, "rebuttal"))
FORMATS = (".xml", ".json", ".opml")


@cache
def everything() -> tuple[Draft, ...]:
    """Every address of the site; not made yet."""
    where = city.read(ROOT / "deploy" / "cities" / "yichun")
    around = plan.Surroundings(Templates(where, HOUSE.base_url), HOUSE, "test", FIRST)
    return tuple(plan.every(Public(tuple(reversed(pieces())), COUNT + 1, hubs=(HUB,)), around))


@cache
def pieces() -> tuple[Told, ...]:
    """What was published, oldest first."""
    return tuple(_told(number) for number in range(COUNT))


@cache
def drafts() -> tuple[Draft, ...]:
    """Every feed, list of feeds and machine-readable file, except those of single pages; not made yet."""
    return tuple(d for d in everything() if d.path.endswith(FORMATS) and not d.path.startswith("/p/"))


@cache
def site() -> dict[str, bytes]:
    """Address → bytes of all of them."""
    return {draft.path: draft.make() for draft in drafts()}


def exported_sources() -> bytes:
    """The list of sources as an editor saves it, names as hostile as a foreign feed may give them."""
    names = ("市气象局 <b>预警</b> & 提示", 'a"b]]>', "水务局")
    sources = [
        OpmlSource(f"https://feed{n}.example.org/rss?a=1&b=2", name, "本市/部门" if n else "")
        for n, name in enumerate(names)
    ]
    return write_opml(sources, "清源")


def _told(number: int) -> Told:
    body, kind = _kind(number)
    at = FIRST + timedelta(hours=number - COUNT - 3)
    more: dict[str, Any] = {"published": at, "issued_at": at}
    if number % 5 == 0:
        more |= _changed(number, at)
    return told(publication(body, kind, f"piece{number:07}", number + 1, **more))


def _kind(number: int) -> tuple[PieceBody, str]:
    return KINDS[number % len(KINDS)]


def _changed(number: int, at: datetime) -> dict[str, Any]:
    """Every tenth is withdrawn, every fifth corrected; at a minute at which nothing else comes out."""
    later = at + timedelta(hours=2, minutes=17)
    type_, reason = ("retract", "引用有误 <b>&") if number % 10 == 0 else ("correct", "数字写错 ]]> \x0b")
    change = {"at": later.isoformat(), "type": type_, "version": 2, "reason": reason, "fields": ["fact"]}
    return {"type": type_, "version": 2, "reason": reason, "issued_at": later, "changes": [change]}
