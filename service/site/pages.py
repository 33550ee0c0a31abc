"""Parts of pages that are decided, not designed: archive shelves, related pages, markup, and the small text files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from markupsafe import Markup

from content.render import claimreview, sitemap
from content.render.told import House, Told
from service.pages import i18n
from service.pages.city import City
from service.pages.templates import localised
from service.site.current import Public
from service.site.groups import Group

RELATED = 4
EMPTY_SINCE = datetime(
    2026, 1, 1, tzinfo=UTC
)  # lists without entries have a date that does not move by itself
SECURITY_MONTHS = 6


def archive(pages: Sequence[Told], size: int) -> list[tuple[Told, ...]]:
    """Shelves of `size`, the oldest pages on the first: a new publication changes the last shelf only."""
    oldest_first = list(reversed(pages))
    shelves = [oldest_first[start : start + size] for start in range(0, len(oldest_first), size)]
    return [tuple(reversed(shelf)) for shelf in shelves]


def related(one: Told, pages: Sequence[Told]) -> tuple[Told, ...]:
    """Up to four other pages that share the most with this one; the newest of equals first."""
    scored = [(_shared(one, other), other) for other in pages if other.public_id != one.public_id]
    ranked = sorted((pair for pair in scored if pair[0] > 0), key=lambda pair: -pair[0])
    return tuple(other for _, other in ranked[:RELATED])


def _shared(one: Told, other: Told) -> int:
    same_hazard = one.body.hazard is not None and one.body.hazard == other.body.hazard
    topics = len(set(one.body.topics) & set(other.body.topics))
    return 3 * same_hazard + 2 * topics + bool(set(one.body.regions) & set(other.body.regions))


def markup(one: Told, house: House) -> Markup | None:
    """ClaimReview as the content of a script element. A data block is never run, so the CSP need not allow it."""
    data = claimreview.render(one, house)
    return Markup(claimreview.as_script(data)) if data else None  # noqa: S704  # as_script leaves no < > &


def expiry(now: datetime) -> datetime:
    """When security.txt ends: the first of a month, six months on, so that it changes monthly and not hourly."""
    ahead = (now.astimezone(UTC) + timedelta(days=31 * SECURITY_MONTHS)).replace(day=1)
    return ahead.replace(hour=0, minute=0, second=0, microsecond=0)


def plain_files(
    public: Public, house: House, city: City, groups: Sequence[Group], expires: datetime
) -> Iterator[tuple[str, str, bytes]]:
    """(path, type, bytes) of robots.txt, security.txt and the site map."""
    text = "text/plain; charset=utf-8"
    private = "".join(
        f"Disallow: {path}\n" for path in ("/desk", "/expert", "/admin", "/login", "/api/", "/tip/")
    )
    yield "/robots.txt", text, f"User-agent: *\n{private}Sitemap: {house.base_url}/sitemap.xml\n".encode()
    contact = f"mailto:{city.security_contact}" if city.security_contact else f"{house.base_url}/tip"
    lines = (
        f"Contact: {contact}",
        f"Expires: {expires.isoformat().replace('+00:00', 'Z')}",
        "Preferred-Languages: zh, en",
        f"Canonical: {house.base_url}/.well-known/security.txt",
    )
    yield "/.well-known/security.txt", text, ("\n".join(lines) + "\n").encode()
    yield "/sitemap.xml", "application/xml; charset=utf-8", sitemap.render(_addresses(public, house, groups))


def _addresses(public: Public, house: House, groups: Sequence[Group]) -> Iterator[tuple[str, datetime]]:
    newest = max((one.issued_at for one in public.pages), default=EMPTY_SINCE)
    for locale in i18n.LOCALES:
        yield from ((f"{house.base_url}{localised(path, locale)}", newest) for path in ("/", "/corrections"))
        for one in public.standing:
            yield f"{house.base_url}{localised(one.path, locale)}", one.issued_at
