"""Write the OpenAPI 3.1 document of a table of endpoints. Pure: the same table, the same document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from pydantic import TypeAdapter

from content.permissions import ACTS
from service.web.api.endpoint import PREFIX, Endpoint
from service.web.api.ground import JSON
from service.web.api.headers import HEADERS, IDEMPOTENCY, IF_MATCH, IF_NONE_MATCH, PROBLEM
from service.web.openness import PUBLIC, SIGNED_IN

REF = "#/components/schemas/{model}"
PARAMETER = re.compile(r"{(\w+)}")
NOT_NAME = re.compile(r"\W+")
PATH_SCHEMAS: dict[str, dict[str, Any]] = {
    "id": {"type": "string", "format": "uuid"},
    "public_id": {"type": "string", "pattern": "^[0-9a-z]{1,32}$"},
    "token": {"type": "string", "minLength": 16, "maxLength": 100},
}


def document(endpoints: Sequence[Endpoint], server: str) -> dict[str, Any]:
    """The whole document."""
    schemas: dict[str, Any] = {"Problem": PROBLEM}
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        paths.setdefault(PREFIX + endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "清源 Qingyuan",
            "version": "1",
            "description": "Emergency science communication and rumor rebuttal for a city. Errors are RFC 9457 problems.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": server}],
        "tags": [{"name": name} for name in sorted({_tag(one) for one in endpoints})],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "headers": HEADERS,
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": "qy_session"},
                "csrf": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "X-CSRF-Token",
                    "description": "The `csrf` of the session, on everything but GET.",
                },
            },
        },
    }


def _operation(endpoint: Endpoint, schemas: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": endpoint.name.replace(".", "_"),
        "summary": endpoint.summary,
        "tags": [_tag(endpoint)],
        "parameters": _parameters(endpoint, schemas),
        "responses": _responses(endpoint, schemas),
        "security": _security(endpoint),
    }
    if endpoint.act not in (PUBLIC, SIGNED_IN):
        acts = endpoint.act.split("|")
        roles = sorted({role.value for act in acts for role in ACTS[act]})
        found["description"] = f"Needs one of the roles {', '.join(roles)}."
    if body := _body(endpoint, schemas):
        found["requestBody"] = body
    return found


def _tag(endpoint: Endpoint) -> str:
    return endpoint.path.split("/")[1]


def _security(endpoint: Endpoint) -> list[dict[str, list[str]]]:
    if endpoint.act == PUBLIC:
        return [{}]
    return [{"session": [], "csrf": []}] if endpoint.writes else [{"session": []}]


def _parameters(endpoint: Endpoint, schemas: dict[str, Any]) -> list[dict[str, Any]]:
    found = [
        {"name": name, "in": "path", "required": True, "schema": PATH_SCHEMAS[name]}
        for name in PARAMETER.findall(endpoint.path)
    ]
    if endpoint.query is not None:
        schema = _lifted(endpoint.query, schemas, "validation", inline=True)
        for name, value in schema["properties"].items():
            shown = {"name": name, "in": "query", "required": name in schema.get("required", ())}
            if text := value.pop("description", ""):
                shown["description"] = text
            found.append(shown | {"schema": value})
    if endpoint.repeatable:
        found.append(IDEMPOTENCY)
    if endpoint.if_match:
        found.append(IF_MATCH)
    elif endpoint.etag and not endpoint.writes:
        found.append(IF_NONE_MATCH)
    return found


def _body(endpoint: Endpoint, schemas: dict[str, Any]) -> dict[str, Any] | None:
    if endpoint.upload:
        content = {kind: {"schema": {"type": "string"}} for kind in endpoint.upload}
        return {"required": True, "content": content}
    if endpoint.body is None:
        return None
    required = any(field.is_required() for field in endpoint.body.model_fields.values())
    return {
        "required": required,
        "content": {JSON: {"schema": _lifted(endpoint.body, schemas, "validation")}},
    }


def _responses(endpoint: Endpoint, schemas: dict[str, Any]) -> dict[str, Any]:
    good: dict[str, Any] = {"description": HTTPStatus(endpoint.status).phrase}
    if endpoint.status != 204 and endpoint.answer is not None:
        good["content"] = {JSON: {"schema": _lifted(endpoint.answer, schemas, "serialization")}}
    names = [*(["ETag"] if endpoint.etag else []), *(["Idempotency-Replayed"] if endpoint.repeatable else [])]
    if names:
        good["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    found = {str(endpoint.status): good}
    if endpoint.etag and not endpoint.writes:
        found["304"] = {
            "description": "Not Modified",
            "headers": {"ETag": {"$ref": "#/components/headers/ETag"}},
        }
    for status in sorted(_failures(endpoint)):
        found[str(status)] = _problem(status)
    return found


def _failures(endpoint: Endpoint) -> set[int]:
    """Every status that a refusal of this endpoint can have."""
    found = {*endpoint.errors, 503}
    if endpoint.query is not None or endpoint.writes:
        found |= {422}
    if endpoint.writes:
        found |= {403, 408, 413, 415}
    if endpoint.act != PUBLIC:
        found |= {401, 403}
    if endpoint.act == SIGNED_IN and not endpoint.writes:
        found -= {403}
    return found


def _problem(status: int) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "description": HTTPStatus(status).phrase,
        "content": {"application/problem+json": {"schema": {"$ref": REF.format(model="Problem")}}},
    }
    if status in (429, 503):
        shown["headers"] = {"Retry-After": {"$ref": "#/components/headers/Retry-After"}}
    return shown


def _lifted(of: Any, schemas: dict[str, Any], mode: Any, inline: bool = False) -> dict[str, Any]:
    """A model's schema with its definitions moved to the components; a reference unless `inline`."""
    schema = TypeAdapter(of).json_schema(ref_template=REF, mode=mode)
    for name, value in schema.pop("$defs", {}).items():
        _add(schemas, name, value)
    if inline or "title" not in schema:
        return schema
    name = NOT_NAME.sub("_", schema["title"]).strip("_")
    return {"$ref": REF.format(model=_add(schemas, name, schema))}


def _add(schemas: dict[str, Any], name: str, schema: dict[str, Any]) -> str:
    """Two models with one name would describe each other's answers; so that is an error."""
    if schemas.setdefault(name, schema) != schema:
        raise ValueError(f"two different schemas are called {name}")
    return name
