"""What the three administrators see: sources, channels, users, audit."""

from aiohttp import web

from service.web.admin import audit, sources, users


def routes() -> list[web.RouteDef]:
    """All routes below /admin."""
    return [*sources.routes(), *users.routes(), *audit.routes()]
