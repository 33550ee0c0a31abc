"""The editors' desk: cases, writing, review, what is out and how it travels."""

from aiohttp import web

from service.web.desk import cases, deliveries, pieces, publications, queue, review


def routes() -> list[web.RouteDef]:
    """All routes below /desk."""
    parts = (queue, cases, pieces, review, publications, deliveries)
    return [route for part in parts for route in part.routes()]
