"""Signing in over the API: a cookie, a token for changes, and nothing without both."""

from __future__ import annotations

from typing import Any

from aiohttp.test_utils import TestClient

from tests.web.api.conftest import API, SignIn


async def test_a_session_tells_who_it_is_and_ends_on_the_server(program: SignIn) -> None:
    editor = await program("editor")
    told = await editor.get("/session")
    assert (told["id"], told["roles"], told["csrf"]) == (str(editor.user_id), ["editor"], editor.csrf)
    cookies = {c.key: c.value for c in editor.client.session.cookie_jar}
    assert (await editor.send("DELETE", "/session")).status == 204
    again = await editor.client.get(f"{API}/session", cookies=cookies)
    assert again.status == 401


async def test_a_wrong_password_is_a_problem_and_sets_no_session(anybody: TestClient[Any, Any]) -> None:
    answer = await anybody.post(f"{API}/session", json={"name": "nobody", "password": "完全不对的密码呀呀"})
    assert answer.status == 401
    assert (await answer.json())["type"] == "login_refused"
    assert "qy_session" not in answer.cookies


async def test_signing_in_again_with_an_ended_cookie_works_at_once(program: SignIn) -> None:
    editor = await program("editor")
    stale = {c.key: c.value for c in editor.client.session.cookie_jar}
    await editor.send("DELETE", "/session")
    editor.client.session.cookie_jar.update_cookies(stale)
    body = {"name": "editor-0", "password": "秀江水面有小白鹭四只"}
    answer = await editor.client.post(f"{API}/session", json=body, headers={"X-CSRF-Token": "x"})
    assert answer.status == 200
    assert answer.cookies["qy_session"].value


async def test_a_change_without_the_token_is_refused(program: SignIn) -> None:
    editor = await program("editor")
    answer = await editor.client.post(f"{API}/cases", json={"title": "没有令牌的事项"})
    assert answer.status == 403
    assert (await answer.json())["type"] == "csrf"
    assert (await editor.get("/cases?view=all"))["items"] == []


async def test_another_site_cannot_use_the_session_even_with_the_token(program: SignIn) -> None:
    editor = await program("editor")
    answer = await editor.send("POST", "/cases", {"title": "外站发来的事项"}, Origin="https://evil.example")
    assert answer.status == 403


async def test_without_a_session_staff_addresses_answer_401(anybody: TestClient[Any, Any]) -> None:
    answer = await anybody.get(f"{API}/cases")
    assert answer.status == 401
    assert answer.content_type == "application/problem+json"
    assert (await answer.json())["type"] == "not_signed_in"


async def test_a_role_without_the_act_is_told_so(program: SignIn) -> None:
    auditor = await program("auditor")
    assert (await auditor.get("/cases", 403))["type"] == "forbidden"
    assert (await auditor.get("/audit/verify"))["good"] is True
