"""Types of the web layer, and the one answer that sends a browser on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def see_other(path: str) -> web.Response:
    """On to another page of ours, by GET. An answer, not an exception: middlewares see it."""
    return web.Response(status=303, headers={"Location": path})
