"""Values in addresses, as types. What is not one is not found."""

from __future__ import annotations

from uuid import UUID

from aiohttp import web

from service.errors import NotFound


def uuid_in(request: web.Request, name: str = "id") -> UUID:
    """The UUID in the path, or NotFound."""
    return as_uuid(request.match_info[name])


def as_uuid(text: str) -> UUID:
    """`text` as a UUID, or NotFound."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound() from None
