"""What the three administrators see: sources, channels, users, audit."""

from aiohttp import web

from service.web.admin import audit, channels, clocks, home, sources, terms, users


def routes() -> list[web.RouteDef]:
    """All routes below /admin."""
    return [
        route for part in (home, sources, channels, clocks, terms, users, audit) for route in part.routes()
    ]
