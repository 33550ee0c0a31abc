"""Who gets in where: one table, every route in it, and nothing by accident."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from content.permissions import ACTS, Role
from service.house import House
from service.web.app import make_app
from service.web.routes import ACCESS, PUBLIC, SIGNED_IN
from tests.web.conftest import Login


def named_routes(house: House) -> dict[str, web.AbstractRoute]:
    return {route.name or "": route for route in make_app(house).router.routes()}


async def test_every_route_is_in_the_table_and_every_act_is_somebodys(house: House) -> None:
    assert set(named_routes(house)) - set(ACCESS) == set()
    acts = {
        act for needed in ACCESS.values() if needed not in (PUBLIC, SIGNED_IN) for act in needed.split("|")
    }
    assert acts - set(ACTS) == set()


async def test_a_route_that_is_missing_from_the_table_is_refused(house: House, aiohttp_client: Any) -> None:
    async def secret(request: web.Request) -> web.Response:
        return web.Response(text="leak")

    app = make_app(house)
    app.router.add_get("/forgotten", secret, name="forgotten")
    answer = await (await aiohttp_client(app)).get("/forgotten")
    assert answer.status == 404
    assert "leak" not in await answer.text()


async def test_who_is_not_signed_in_is_sent_to_the_login(anybody: TestClient[Any, Any]) -> None:
    answer = await anybody.get("/admin/sources", allow_redirects=False)
    assert answer.status == 303
    assert answer.headers["Location"] == "/login?next=/admin/sources"


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        (Role.EDITOR, "/admin/sources", 200),
        (Role.EDITOR, "/admin/users", 403),
        (Role.EDITOR, "/admin/audit", 403),
        (Role.SYSADMIN, "/admin/users", 200),
        (Role.SECADMIN, "/admin/users", 200),
        (Role.SECADMIN, "/admin/sources", 403),
        (Role.AUDITOR, "/admin/audit", 200),
        (Role.AUDITOR, "/admin/users", 403),
        (Role.EXPERT, "/admin/sources", 403),
    ],
)
async def test_a_role_sees_its_own_part_of_the_house(
    login: Login, role: Role, path: str, status: int
) -> None:
    person = await login(role)
    assert (await person.get(path)).status == status


async def test_security_headers_stand_on_every_answer(anybody: TestClient[Any, Any]) -> None:
    for path in ("/login", "/healthz", "/nothing/here", "/static/base.css", "/api/v1/nothing"):
        headers = (await anybody.get(path)).headers
        assert "unsafe-inline" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["Server"] == "qingyuan"
    assert (await anybody.get("/login")).headers["Cache-Control"] == "no-store"


async def test_an_api_error_is_a_problem_document(anybody: TestClient[Any, Any]) -> None:
    answer = await anybody.get("/api/v1/nothing")
    assert answer.content_type == "application/problem+json"
    assert (await answer.json())["type"] == "not_found"
