"""What the public can reach: rendered pages, and the few that need the database (search, check, tip)."""

from __future__ import annotations

from aiohttp import web

from service.web.public import pages


def routes() -> list[web.RouteDef]:
    """Every public route. Add them after all others: `page` matches any address."""
    return [
        web.get("/static/{name}", pages.show, name="static"),
        web.get("/{path:.*}", pages.show, name="page"),
    ]
