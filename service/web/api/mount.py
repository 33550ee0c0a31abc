"""The API's routes and its middleware, made from the table."""

from __future__ import annotations

from aiohttp import web

from service.web.api.ground import OTHER, ground, never
from service.web.api.serve import handler
from service.web.api.table import ENDPOINTS

guard = ground(ENDPOINTS)


def routes() -> list[web.RouteDef]:
    """Every endpoint, and one route for whatever else is asked under /api."""
    found = [
        web.route(one.method, one.address, handler(one), name=one.route)
        if one.method != "GET"
        else web.get(one.address, handler(one), name=one.route)
        for one in ENDPOINTS
    ]
    return [*found, web.route("*", "/api/{path:.*}", never, name=OTHER)]
