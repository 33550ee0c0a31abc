"""What an API request must be before anybody asks who sends it: an address there is, a method it has, a body it takes.

Runs before access and CSRF, so that a client's mistake is told as what it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web
from aiohttp.typedefs import Middleware

from service.errors import NotFound
from service.web.api.endpoint import PREFIX, Endpoint
from service.web.api.faults import UnsupportedMediaType
from service.web.wire import Handler

OTHER = "api.other"
JSON = "application/json"


def methods_at(endpoints: Sequence[Endpoint], path: str) -> list[str]:
    """The methods that some endpoint answers at this path."""
    parts = path.removeprefix(PREFIX).split("/")
    return sorted({one.method for one in endpoints if _fits(one.path.split("/"), parts)})


def _fits(pattern: Sequence[str], parts: Sequence[str]) -> bool:
    return len(pattern) == len(parts) and all(
        part == wanted or (wanted.startswith("{") and part != "")
        for wanted, part in zip(pattern, parts, strict=True)
    )


def ground(endpoints: Sequence[Endpoint]) -> Middleware:
    """The middleware for these endpoints."""
    by_route = {one.route: one for one in endpoints}

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        name = request.match_info.route.name
        if name == OTHER:
            if not (allowed := methods_at(endpoints, request.path)):
                raise NotFound()
            raise web.HTTPMethodNotAllowed(request.method, allowed)
        endpoint = by_route.get(name or "")
        if endpoint is not None and endpoint.writes:
            check_type(request, endpoint)
        return await handler(request)

    return guard


def check_type(request: web.Request, endpoint: Endpoint) -> None:
    """Raise unless the body is of a type that the endpoint takes. No body needs no type."""
    wanted = endpoint.upload or (JSON,)
    if request.content_type in wanted and "Content-Type" in request.headers:
        return
    if (
        request.body_exists
        or "Content-Type" in request.headers
        or endpoint.upload
        or not _may_be_empty(endpoint)
    ):
        raise UnsupportedMediaType(f"send {' or '.join(wanted)}")


def _may_be_empty(endpoint: Endpoint) -> bool:
    return endpoint.body is None or not any(f.is_required() for f in endpoint.body.model_fields.values())


async def never(request: web.Request) -> web.StreamResponse:
    """The route that catches what no endpoint answers; `guard` has refused it before."""
    raise NotFound()
