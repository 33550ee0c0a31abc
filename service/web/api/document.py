"""`/api/v1/openapi.json`: the table, told as OpenAPI 3.1."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from service.web.api.endpoint import Answer, Call, Endpoint
from service.web.api.openapi import document
from service.web.openness import PUBLIC

PATH = "/openapi.json"


def endpoint(others: Sequence[Endpoint]) -> Endpoint:
    """The endpoint that describes the others and itself."""
    table: list[Endpoint] = list(others)

    @cache
    def written(server: str) -> dict[str, Any]:
        return document(table, server)

    async def show(call: Call) -> Answer:
        """The document."""
        headers = {"Cache-Control": "public, max-age=300"}
        return Answer(written(call.ctx.settings.public_url), headers=headers)

    own = Endpoint("GET", PATH, "openapi", "This document", PUBLIC, show, answer=dict[str, Any], own=True)
    table.append(own)
    return own
