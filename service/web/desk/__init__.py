"""The editors' desk: cases, writing, review, what is out and how it travels."""

from aiohttp import web

from service.web.desk import deliveries, pieces, publications, review


def routes() -> list[web.RouteDef]:
    """All routes below /desk."""
    return [*pieces.routes(), *review.routes(), *publications.routes(), *deliveries.routes()]
