"""What the public can reach: rendered pages, and the few that need the database (search, check, tip)."""

from __future__ import annotations

from aiohttp import web

from service.web.clients import Rate
from service.web.public import looking, pages, tips
from service.web.public.known import Known


def equip(app: web.Application) -> None:
    """Give the application what these pages keep: the index of known claims, and how often one visitor may ask."""
    app[looking.KNOWN] = Known()
    app[looking.ASKING] = Rate(limit=60, seconds=60)
    app[tips.SENDING] = Rate(limit=6, seconds=600)


def routes() -> list[web.RouteDef]:
    """Every public route. Add them after all others: `page` matches any address."""
    both = [route for prefix, tail in (("", ""), ("/en", ".en")) for route in _dynamic(prefix, tail)]
    return [
        *both,
        web.get("/static/{name}", pages.show, name="static"),
        web.get("/{path:.*}", pages.show, name="page"),
    ]


def _dynamic(prefix: str, tail: str) -> list[web.RouteDef]:
    return [
        web.get(f"{prefix}/search", looking.search_page, name=f"search{tail}"),
        web.get(f"{prefix}/check", looking.check_page, name=f"check{tail}"),
        web.post(f"{prefix}/check", looking.check_page, name=f"check.ask{tail}"),
        web.get(f"{prefix}/tip", tips.show, name=f"tip{tail}"),
        web.post(f"{prefix}/tip", tips.send, name=f"tip.send{tail}"),
        web.get(f"{prefix}/tip/{{token}}", tips.follow, name=f"tip.status{tail}"),
    ]
