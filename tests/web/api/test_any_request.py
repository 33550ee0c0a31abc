"""Whatever is sent, the API answers what its own document says, and never with a 500."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from content.permissions import ACTS
from service.web.api.table import ENDPOINTS
from service.web.public import looking, tips
from tests.web.api.conftest import Program, SignIn
from tests.web.api.generate import TEXTS, values
from tests.web.api.test_document import DOCUMENT, OPERATIONS


def roles_of(act: str) -> set[str]:
    """Who may do it."""
    return {role.value for one in act.split("|") for role in ACTS.get(one, ())}


# Words that stand for ids of things there are; `check` puts the ids in their place.
THINGS = {
    "cases": "a-case",
    "pieces": "a-piece",
    "experts": "an-expert",
    "sources": "a-source",
    "incidents": "an-incident",
}
NO_THING = "5b1e615a-0000-4000-8000-000000000000"
CURSORS = st.one_of(st.just(""), TEXTS)
PUBLIC = sorted(key for key, operation in OPERATIONS.items() if operation["security"] == [{}])
STAFF = sorted(
    (endpoint.method, endpoint.address)
    for endpoint in ENDPOINTS
    if {"editor", "issuer"} & roles_of(endpoint.act) and not endpoint.upload
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
            thing = st.just(THINGS.get(template.split("/")[3], NO_THING))
            value = draw(st.one_of(thing, thing, st.just(NO_THING), TEXTS.filter(lambda t: t.strip("."))))
            address = address.replace(f"{{{name}}}", quote(value, safe=""))
        elif parameter["in"] == "query" and (parameter["required"] or draw(st.booleans())):
            query[name] = draw(CURSORS if name == "cursor" else values(schema, DOCUMENT))
    body = operation.get("requestBody")
    schema = body["content"]["application/json"]["schema"] if body else {"type": "null"}
    return (
        method,
        template,
        f"{address}?{urlencode(query)}" if query else address,
        draw(values(schema, DOCUMENT)),
    )


async def check(
    client: TestClient[Any, Any], request: tuple[str, str, str, Any], things: dict[str, str], **headers: str
) -> None:
    """Send it and hold the answer against the document."""
    method, template, address, body = request
    for word, thing in things.items():
        address = address.replace(word, thing)
    sent: dict[str, Any] = {"headers": headers}
    if method != "GET":
        sent = {"data": json.dumps(body), "headers": {"Content-Type": "application/json", **headers}}
    answer = await client.request(method, address, **sent)
    text = await answer.text()
    assert answer.status != 500, f"{method} {address} {body!r}: {text}"
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
    await check(anybody, request, {})


@pytest.fixture
async def things(program: SignIn) -> tuple[Program, dict[str, str]]:
    """Somebody of the desk, and one thing of each kind."""
    person = await program("editor", "issuer")
    made = {
        "a-case": (await person.post("/cases", {"title": "群传自来水有毒"}, 201))["id"],
        "a-piece": (await person.post("/pieces", {"kind": "explainer"}, 201))["piece"]["id"],
        "an-expert": (await person.post("/experts", {"name": "陈水清", "unit": "市水务局"}, 201))["id"],
        "a-source": (await person.post("/sources", {"url": "https://example.org/feed"}, 201))["id"],
    }
    flood = {"name": "洪水", "hazard": "flood", "regions": ["360902"], "reason": "水位上涨"}
    made["an-incident"] = (await person.post("/incidents", flood, 201))["id"]
    return person, made


@settings(LOOSE, max_examples=300)
@example(chosen=[("PATCH", "/api/v1/experts/{id}", "/api/v1/experts/an-expert", {"fields": {"": None}})])
@given(chosen=st.lists(requests(STAFF), min_size=1, max_size=6))
async def test_the_desk_may_send_anything(
    chosen: list[tuple[str, str, str, Any]], things: tuple[Program, dict[str, str]]
) -> None:
    person, made = things
    for request in chosen:
        await check(person.client, request, made, **{"X-CSRF-Token": person.csrf, "If-Match": '"1-x"'})
