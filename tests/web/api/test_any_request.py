"""Whatever is sent, the API answers what its own document says, and never with a 500."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode

from aiohttp.test_utils import TestClient, TestServer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from service.web.public import looking, tips
from tests.web.api.conftest import SignIn
from tests.web.api.generate import TEXTS, values
from tests.web.api.test_document import DOCUMENT, OPERATIONS

KNOWN_IDS = ["5b1e615a-0000-4000-8000-000000000000", "nothing"]
PUBLIC = sorted(key for key, operation in OPERATIONS.items() if operation["security"] == [{}])
STAFF = sorted(
    key for key in OPERATIONS if key not in PUBLIC and not key[1].endswith(("/session", "/test", "/import"))
)
LOOSE = settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@st.composite
def requests(draw: st.DrawFn, operations: list[tuple[str, str]]) -> tuple[str, str, str, Any]:
    """Method, template, address and body of some request."""
    method, template = draw(st.sampled_from(operations))
    operation = OPERATIONS[method, template]
    address, query = template, {}
    for parameter in operation["parameters"]:
        name, schema = parameter["name"], parameter["schema"]
        if parameter["in"] == "path":
            value = draw(st.one_of(st.sampled_from(KNOWN_IDS), TEXTS.filter(lambda t: t.strip("."))))
            address = address.replace(f"{{{name}}}", quote(value, safe=""))
        elif parameter["in"] == "query" and (parameter["required"] or draw(st.booleans())):
            query[name] = draw(values(schema, DOCUMENT))
    body = operation.get("requestBody")
    schema = body["content"]["application/json"]["schema"] if body else {"type": "null"}
    return (
        method,
        template,
        f"{address}?{urlencode(query)}" if query else address,
        draw(values(schema, DOCUMENT)),
    )


async def check(client: TestClient[Any, Any], request: tuple[str, str, str, Any], **headers: str) -> None:
    """Send it and hold the answer against the document."""
    method, template, address, body = request
    sent: dict[str, Any] = {"headers": headers}
    if method != "GET":
        sent = {"data": json.dumps(body), "headers": {"Content-Type": "application/json", **headers}}
    answer = await client.request(method, address, **sent)
    text = await answer.text()
    assert answer.status < 500, f"{method} {address} {body!r}: {text}"
    if answer.status in (404, 405):
        assert answer.content_type == "application/problem+json"
        return
    told = OPERATIONS[method, template]["responses"]
    assert str(answer.status) in told, f"{method} {template} does not tell of {answer.status}: {text}"
    for kind, media in told[str(answer.status)].get("content", {}).items():
        assert answer.content_type == kind
        schema = {**media["schema"], "components": DOCUMENT["components"]}
        Draft202012Validator(schema).validate(json.loads(text))


@LOOSE
@given(request=requests([key for key in PUBLIC if key != ("POST", "/api/v1/session")]))
async def test_the_public_may_send_anything(
    request: tuple[str, str, str, Any], server: TestServer, anybody: TestClient[Any, Any]
) -> None:
    for rate in (looking.ASKING, tips.SENDING):
        server.app[rate].limit = 10**6
    await check(anybody, request)


@settings(LOOSE, max_examples=250)
@given(chosen=st.lists(requests(STAFF), min_size=1, max_size=6))
async def test_the_desk_may_send_anything(
    chosen: list[tuple[str, str, str, Any]], program: SignIn, shared: dict[str, Any]
) -> None:
    person = shared.get("person") or await program("editor", "issuer")
    shared["person"] = person
    for request in chosen:
        await check(person.client, request, **{"X-CSRF-Token": person.csrf})
