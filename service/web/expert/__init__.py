"""The expert's own face: what they are asked, the evidence, and a place to answer."""

from aiohttp import web

from service.web.expert import assignments


def routes() -> list[web.RouteDef]:
    """All routes below /expert."""
    return assignments.routes()
