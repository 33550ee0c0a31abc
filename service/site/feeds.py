"""Which feeds the site has: everything, corrections, warnings, and one for each county, audience and topic, in three formats."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from content.pieces import PieceKind
from content.render import atom, cap, jsonfeed, rss
from content.render.feed import FeedInfo, newest_change
from content.render.told import House, Told
from service.pages.city import City
from service.site.current import Public
from service.site.groups import Group, members
from service.site.pages import EMPTY_SINCE

NEWEST = 50
Renderer = Callable[[Sequence[Told], FeedInfo, House], bytes]
FORMATS: tuple[tuple[str, str, Renderer], ...] = (
    ("feed.xml", "application/rss+xml; charset=utf-8", rss.render),
    ("atom.xml", "application/atom+xml; charset=utf-8", atom.render),
    ("feed.json", "application/feed+json; charset=utf-8", jsonfeed.render),
)


@dataclass(frozen=True)
class Feed:
    """One feed in one format."""

    info: FeedInfo
    type: str
    entries: tuple[Told, ...]
    renderer: Renderer

    def render(self, house: House) -> bytes:
        """Its bytes."""
        return self.renderer(self.entries, self.info, house)


def every(public: Public, house: House, city: City, groups: Sequence[Group]) -> Iterator[Feed]:
    """All feeds of the site. Withdrawn entries stay in them, so that readers who have the text learn of it."""
    name, about = f"{house.site}·{city.full_name}", f"{house.desk}的辟谣与科普"
    changes = public.by_change
    # Only these three: they are what a hub is told of (`service.channels.websub`).
    yield from _formats(changes, name, about, "/", "", public.hubs)
    corrected = tuple(one for one in changes if one.corrections)
    yield from _formats(
        corrected, f"{name}：更正与撤回", f"{house.desk}的全部更正与撤回", "/corrections", "/corrections"
    )
    for group in groups:
        yield from _formats(
            members(group, changes), f"{name}：{group.zh}", f"{about}（{group.zh}）", group.path, group.path
        )
    warnings = tuple(one for one in changes if one.kind == PieceKind.WARNING)[:NEWEST]
    info = _info(warnings, f"{name}：转发的官方预警", "逐字转发，发布单位见各条预警", "/", "/cap.xml")
    yield Feed(info, "application/atom+xml; charset=utf-8", warnings, cap.feed)


def _formats(
    entries: Sequence[Told], title: str, about: str, page: str, prefix: str, hubs: tuple[str, ...] = ()
) -> Iterator[Feed]:
    newest = tuple(entries[:NEWEST])
    for file, kind, renderer in FORMATS:
        info = replace(_info(newest, title, about, page, f"{prefix}/{file}"), hubs=hubs)
        yield Feed(info, kind, newest, renderer)


def _info(entries: Sequence[Told], title: str, about: str, page: str, path: str) -> FeedInfo:
    return FeedInfo(title, about, page, path, newest_change(entries, EMPTY_SINCE))
