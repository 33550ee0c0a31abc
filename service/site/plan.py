"""Every address of the site and how each is made. Pure: it lists drafts; nothing is rendered until `make` is called.

A draft's `source` names everything that its bytes depend on, so an unchanged page is recognised without making it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from content.render import cap, listening, opml, script
from content.render.told import House, Told
from service.pages import i18n
from service.pages.templates import Templates, localised
from service.site import feeds, pages
from service.site.current import Public
from service.site.feeds import Feed
from service.site.groups import Group, all_groups, members
from service.site.poster import POSTER, poster

HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
XML = "application/xml; charset=utf-8"
PER_PAGE = 30
IN_GROUP = 30
IN_LOG = 30
GONE = 410


@dataclass(frozen=True)
class Draft:
    """One address that is to stand on the site."""

    path: str
    type: str
    source: str
    make: Callable[[], bytes]
    status: int = 200
    scripted: bool = False


@dataclass(frozen=True)
class Surroundings:
    """What drafts are made with: templates, the house, the moment (for the expiry in security.txt only)."""

    templates: Templates
    house: House
    build: str
    now: datetime


def every(public: Public, around: Surroundings) -> Iterator[Draft]:
    """The whole site."""
    groups = all_groups(around.templates.city)
    for locale in i18n.LOCALES:
        yield from _front_pages(public, around, locale, groups)
        yield from _group_pages(public, around, locale, groups)
        for one in public.pages:
            yield _article(one, public, around, locale)
            yield _for_the_ear(one, public, around, locale)
        for name in ("methodology", "privacy", "404"):
            yield _page(
                around,
                f"/{name}",
                locale,
                (public.banner,),
                name,
                {"banner": public.banner},
                404 if name == "404" else 200,
            )
        yield from _log_pages(public, around, locale)
    for one in public.pages:
        yield from _side_files(one, around)
    yield from _feeds(public, around, groups)
    yield from _plain_files(public, around, groups)


def key(*parts: object) -> str:
    """A short name for what a page is made of."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:24]


def _keys(told: Iterable[Told]) -> tuple[tuple[str, int, bool], ...]:
    return tuple((one.public_id, one.version, one.lapsed) for one in told)


def _page(
    around: Surroundings,
    path: str,
    locale: str,
    parts: Sequence[object],
    template: str,
    data: dict[str, Any],
    status: int = 200,
) -> Draft:
    def make() -> bytes:
        return around.templates.render(f"public/{template}.html", locale, path=path, **data).encode()

    return Draft(localised(path, locale), HTML, key(around.build, locale, path, *parts), make, status)


def _front_pages(
    public: Public, around: Surroundings, locale: str, groups: Sequence[Group]
) -> Iterator[Draft]:
    standing = public.standing
    shelves = pages.archive(standing, PER_PAGE)
    data = {"banner": public.banner, "groups": groups}
    newest = standing[:PER_PAGE]
    older = f"/archive/{_behind(len(standing), PER_PAGE)}" if len(standing) > PER_PAGE else None
    yield _page(
        around,
        "/",
        locale,
        (public.banner, older, *_keys(newest)),
        "index",
        {**data, "pages": newest, "older": older},
    )
    for number, shelf in enumerate(shelves, 1):
        links = {
            "newer": f"/archive/{number + 1}" if number < len(shelves) else "/",
            "older": f"/archive/{number - 1}" if number > 1 else None,
        }
        parts = (public.banner, tuple(links.values()), *_keys(shelf))
        yield _page(
            around,
            f"/archive/{number}",
            locale,
            parts,
            "archive",
            {**data, "pages": shelf, "number": number, **links},
        )


def _log_pages(public: Public, around: Surroundings, locale: str) -> Iterator[Draft]:
    """Every correction and withdrawal: the newest on /corrections, older ones on shelves that no longer change."""
    corrected = _corrected(public)
    shelves = pages.archive(corrected, IN_LOG)
    shelf_at = "/corrections/archive/{}".format
    older = shelf_at(_behind(len(corrected), IN_LOG)) if len(corrected) > IN_LOG else None
    shown: list[tuple[str, tuple[Told, ...], str | None, str | None]] = []
    shown.append(("/corrections", corrected[:IN_LOG], None, older))
    if older:
        for number, shelf in enumerate(shelves, 1):
            newer = shelf_at(number + 1) if number < len(shelves) else "/corrections"
            shown.append((shelf_at(number), shelf, newer, shelf_at(number - 1) if number > 1 else None))
    for path, some, up, down in shown:
        data = {"banner": public.banner, "pages": some, "newer": up, "older": down}
        yield _page(around, path, locale, (public.banner, up, down, *_keys(some)), "corrections", data)


def _behind(count: int, size: int) -> int:
    """The shelf with the first page that does not stand among the newest `size`; there are more than `size`."""
    return (count - 1 - size) // size + 1


def _group_pages(
    public: Public, around: Surroundings, locale: str, groups: Sequence[Group]
) -> Iterator[Draft]:
    for group in groups:
        every = members(group, public.standing)
        found, more = every[:IN_GROUP], len(every) > IN_GROUP
        data = {"banner": public.banner, "pages": found, "group": group, "groups": groups, "more": more}
        yield _page(around, group.path, locale, (public.banner, more, *_keys(found)), "group", data)


def _article(one: Told, public: Public, around: Surroundings, locale: str) -> Draft:
    if one.retracted:
        data: dict[str, Any] = {"banner": public.banner, "one": one}
        return _page(around, one.path, locale, (public.banner, *_keys([one])), "tombstone", data, GONE)
    related = pages.related(one, public.standing)
    earlier = tuple(other for other in public.standing if other.public_id in one.body.earlier)
    data = {
        "banner": public.banner,
        "one": one,
        "related": related,
        "earlier": earlier,
        "markup": pages.markup(one, around.house),
    }
    return _page(
        around, one.path, locale, (public.banner, *_keys([one, *related, *earlier])), "article", data
    )


def _for_the_ear(one: Told, public: Public, around: Surroundings, locale: str) -> Draft:
    """The page that reads the text out: the only kind with a script."""
    path, parts = f"{one.path}/listen", (public.banner, *_keys([one]))
    data: dict[str, Any] = {"banner": public.banner, "one": one}
    if one.retracted:
        return _page(around, path, locale, parts, "tombstone", data, GONE)
    data["passages"] = listening.passages(one, around.house)
    return replace(_page(around, path, locale, parts, "listen", data), scripted=True)


def _side_files(one: Told, around: Surroundings) -> Iterator[Draft]:
    parts = key(around.build, *_keys([one]))
    if one.retracted:
        gone = f"{'这条预警已经结束' if one.ended else '本条内容已撤回'}。\n".encode()
        for name in ("poster.png", "script.txt"):
            yield Draft(f"{one.path}/{name}", TEXT, parts, lambda: gone, GONE)
    else:
        yield Draft(
            f"{one.path}/poster.png",
            "image/png",
            key(POSTER, one.public_id, one.version, *(("lapsed",) if one.lapsed else ())),
            lambda: poster(one, around.house),
        )
        yield Draft(f"{one.path}/script.txt", TEXT, parts, lambda: script.render(one, around.house).encode())
    if (alert := cap.alert(one, around.house)) is not None:
        yield Draft(f"{one.path}/cap.xml", "application/cap+xml; charset=utf-8", parts, lambda: alert)


def _feeds(public: Public, around: Surroundings, groups: Sequence[Group]) -> Iterator[Draft]:
    every = list(feeds.every(public, around.house, around.templates.city, groups))
    yield _list_of_feeds(every, around)
    for feed in every:
        parts = (around.build, feed.info.path, feed.info.updated, *feed.info.hubs, *_keys(feed.entries))
        yield Draft(feed.info.path, feed.type, key(*parts), lambda feed=feed: feed.render(around.house))  # type: ignore[misc]


def _list_of_feeds(every: Sequence[Feed], around: Surroundings) -> Draft:
    infos = [feed.info for feed in every if feed.info.path.endswith("/feed.xml")]
    title = f"{around.house.site}·{around.templates.city.full_name}：全部订阅源"
    parts = key(around.build, title, *((info.path, info.title) for info in infos))
    return Draft(
        "/feeds.opml",
        "text/x-opml; charset=utf-8",
        parts,
        lambda: opml.render(infos, title, pages.EMPTY_SINCE, around.house),
    )


def _plain_files(public: Public, around: Surroundings, groups: Sequence[Group]) -> Iterator[Draft]:
    expires = pages.expiry(around.now)
    texts = pages.plain_files(public, around.house, around.templates.city, groups, expires)
    for path, kind, body in texts:
        yield Draft(path, kind, key(around.build, body), lambda body=body: body)  # type: ignore[misc]


def _corrected(public: Public) -> tuple[Told, ...]:
    """Pages with corrections or withdrawals, the newest of these first."""
    found = (one for one in public.pages if one.corrections)
    return tuple(sorted(found, key=lambda one: one.corrections[-1].at, reverse=True))
