"""A client's mistake is told as what it is: no such address, no such method, no such type of body."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from tests.web.api.conftest import API, SignIn


async def test_an_unknown_address_is_not_found_by_any_method(anybody: TestClient[Any, Any]) -> None:
    for method in ("GET", "POST", "DELETE"):
        answer = await anybody.request(method, f"{API}/nothing")
        assert answer.status == 404
        assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/publications", "GET"),
        ("GET", "/cases/5b1e615a-0000-4000-8000-000000000000/claim", "POST"),
        ("PATCH", "/pieces/5b1e615a-0000-4000-8000-000000000000", "GET,PUT"),
    ],
)
async def test_a_wrong_method_is_told_the_right_ones(
    anybody: TestClient[Any, Any], method: str, path: str, allowed: str
) -> None:
    answer = await anybody.request(method, API + path)
    assert answer.status == 405
    assert answer.headers["Allow"] == allowed
    assert (await answer.json())["type"] == "method_not_allowed"


async def test_a_body_that_is_no_json_is_refused_by_its_type(anybody: TestClient[Any, Any]) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = await anybody.post(f"{API}/tips", data=b"text=1", headers={"Content-Type": kind})
        assert answer.status == 415
        assert (await answer.json())["type"] == "unsupported_media_type"


@pytest.mark.parametrize(
    "raw",
    [b"{", b"[]", b'"x"', b"\xff", b'{"text": "\\ud800 abcd"}', b'{"text": "\\u0000abcd"}', b"[" * 50_000],
)
async def test_a_body_that_is_no_object_of_texts_is_invalid(
    anybody: TestClient[Any, Any], raw: bytes
) -> None:
    answer = await anybody.post(f"{API}/tips", data=raw, headers={"Content-Type": "application/json"})
    assert answer.status == 422
    assert (await answer.json())["type"] == "invalid"


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=x", "cursor=@@", "cursor=W10", "nope=1", "limit=1&limit=2"]
)
async def test_a_bad_query_is_invalid(anybody: TestClient[Any, Any], query: str) -> None:
    answer = await anybody.get(f"{API}/publications?{query}")
    assert answer.status == 422


async def test_a_cursor_of_another_list_is_refused_everywhere(program: SignIn) -> None:
    editor = await program("editor")
    for path in (
        "/sources",
        "/items",
        "/cases",
        "/experts",
        "/assignments",
        "/pieces",
        "/channels",
        "/deliveries",
    ):
        answer = await editor.client.get(f"{API}{path}?cursor=WzEsMiwzLDRd")
        assert answer.status == 422, path
