"""The OpenAPI document: valid 3.1, complete, and true to the routes."""

from __future__ import annotations

from typing import Any

from aiohttp.test_utils import TestClient
from jsonschema import Draft202012Validator

from content.permissions import ACTS
from service.house import House
from service.web.api.endpoint import PREFIX
from service.web.api.openapi import document
from service.web.api.table import ENDPOINTS
from service.web.app import make_app
from tests.web.api.conftest import API

METHODS = {"get", "post", "put", "patch", "delete"}
DOCUMENT = document(ENDPOINTS, "https://example.org")
OPERATIONS = {
    (method.upper(), path): operation
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
}


def references(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*map(references, value.values()))
    return set().union(*map(references, value)) if isinstance(value, list) else set()


def resolve(reference: str) -> Any:
    found: Any = DOCUMENT
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


async def test_the_service_gives_the_document(anybody: TestClient[Any, Any]) -> None:
    answer = await anybody.get(f"{API}/openapi.json")
    assert answer.status == 200
    told = await answer.json()
    assert told["openapi"] == "3.1.0"
    assert told["paths"].keys() == DOCUMENT["paths"].keys()


def test_every_route_stands_in_the_document_and_every_line_has_a_route(house: House) -> None:
    routed = {
        (route.method, route.resource.canonical)
        for route in make_app(house).router.routes()
        if route.resource is not None and route.resource.canonical.startswith(f"{PREFIX}/")
    }
    assert {(method, path) for method, path in routed if method != "HEAD"} == set(OPERATIONS)


def test_every_reference_leads_somewhere_and_every_schema_is_one() -> None:
    for reference in references(DOCUMENT):
        assert resolve(reference), reference
    for name, schema in DOCUMENT["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema)
        assert f"#/components/schemas/{name}" in references(DOCUMENT), f"nothing uses {name}"


def test_operations_are_complete() -> None:
    ids = [operation["operationId"] for operation in OPERATIONS.values()]
    assert len(ids) == len(set(ids))
    for (method, path), operation in OPERATIONS.items():
        assert method.lower() in METHODS
        in_path = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
        assert in_path == {part[1:-1] for part in path.split("/") if part.startswith("{")}
        for parameter in operation["parameters"]:
            assert {"name", "in", "required", "schema"} <= parameter.keys()
            Draft202012Validator.check_schema(parameter["schema"])
        good = [status for status in operation["responses"] if status.startswith("2")]
        assert len(good) == 1
        assert all(response["description"] for response in operation["responses"].values())


def test_the_document_says_what_a_client_must_send() -> None:
    for (method, path), operation in OPERATIONS.items():
        headers = {p["name"] for p in operation["parameters"] if p["in"] == "header"}
        own = path.endswith(("/session", "/test", "/look"))
        assert ("Idempotency-Key" in headers) == (method == "POST" and not own), path
        assert ("If-Match" in headers) == (method == "PUT")
        if "If-Match" in headers:
            assert {"412", "428"} <= operation["responses"].keys()
        if "429" in operation["responses"]:
            assert "Retry-After" in operation["responses"]["429"]["headers"]
        assert "Retry-After" in operation["responses"]["503"]["headers"]


def test_every_act_is_somebodys_and_changes_need_the_token() -> None:
    for endpoint in ENDPOINTS:
        if endpoint.act not in ("public", "signed_in"):
            assert set(endpoint.act.split("|")) <= set(ACTS)
            needed = OPERATIONS[endpoint.method, endpoint.address]["security"][0]
            assert ("csrf" in needed) == endpoint.writes
