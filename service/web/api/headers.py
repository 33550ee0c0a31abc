"""Headers and the problem document, as OpenAPI describes them."""

from __future__ import annotations

from typing import Any

PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "RFC 9457. `type` is stable; more members say more, such as `fields`.",
    "type": "object",
    "properties": {
        "type": {"type": "string", "examples": ["self_approval", "stale_revision", "not_found"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "fields": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "problem": {"type": "string"}},
            },
        },
    },
    "required": ["type", "title", "status", "detail"],
}
HEADERS: dict[str, Any] = {
    "ETag": {
        "description": 'The version answered; of a piece `"<revision>-<first 16 hex digits of its sha256>"`.',
        "schema": {"type": "string"},
    },
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}},
    "Idempotency-Replayed": {
        "description": "`true` when this is the answer of the first time and nothing was done again.",
        "schema": {"type": "string", "const": "true"},
    },
}
IDEMPOTENCY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key with the same request gets the same answer for a day and acts once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
}
IF_MATCH: dict[str, Any] = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The ETag of the text that was read; another revision in between is refused with 412.",
    "schema": {"type": "string"},
}
IF_NONE_MATCH: dict[str, Any] = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of what you have; 304 when nothing is newer.",
    "schema": {"type": "string"},
}
