"""The expert's own face: what they are asked, the evidence, and a place to answer."""

from aiohttp import web

from service.web.expert import assignments, link


def routes() -> list[web.RouteDef]:
    """All routes below /expert, and those of links that open one assignment."""
    return [*assignments.routes(), *link.routes()]
