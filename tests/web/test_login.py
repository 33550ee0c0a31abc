"""Signing in: the right password lets in, everything else looks the same; tokens guard every form."""

from __future__ import annotations

from typing import Any

from aiohttp.test_utils import TestClient

from content.permissions import SERVICE
from service.house import House
from service.usecases import accounts
from tests.web.conftest import PASSWORD, Login, token_in


async def sign_in(client: TestClient[Any, Any], name: str, password: str, **more: str) -> Any:
    html = await (await client.get("/login")).text()
    form = {"csrf": token_in(html), "name": name, "password": password, **more}
    return await client.post("/login", data=form, allow_redirects=False)


async def test_each_role_lands_on_its_own_page(login: Login) -> None:
    person = await login("auditor")
    answer = await person.get("/staff", allow_redirects=False)
    assert answer.headers["Location"] == "/admin/audit"


async def test_a_wrong_password_and_an_unknown_name_look_alike(
    login: Login, anybody: TestClient[Any, Any]
) -> None:
    await login("editor", name="lihua")
    wrong = await sign_in(anybody, "lihua", "完全不对的密码呀呀")
    unknown = await sign_in(anybody, "nobody-here", "完全不对的密码呀呀")
    assert wrong.status == unknown.status == 401

    def told(html: str) -> str:
        return html.split('class="flash')[1].split("</div>")[0]

    assert told(await wrong.text()) == told(await unknown.text())


async def test_after_five_wrong_tries_even_the_right_password_waits(
    login: Login, anybody: TestClient[Any, Any]
) -> None:
    await login("editor", name="wangfang")
    for _ in range(5):
        await sign_in(anybody, "wangfang", "错误的密码再来一次")
    locked = await sign_in(anybody, "wangfang", PASSWORD)
    assert locked.status == 429
    assert int(locked.headers["Retry-After"]) > 600


async def test_login_does_not_send_anybody_to_another_site(
    login: Login, anybody: TestClient[Any, Any]
) -> None:
    await login("editor", name="zhang")
    for target in ("https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)"):
        answer = await sign_in(anybody, "zhang", PASSWORD, next=target)
        assert answer.headers["Location"] == "/desk"
        anybody.session.cookie_jar.clear()


async def test_a_form_without_its_token_is_refused(login: Login) -> None:
    person = await login("secadmin")
    answer = await person.client.post("/admin/users", data={"name": "mallory", "role": "editor"})
    assert answer.status == 403
    assert "mallory" not in await person.page("/admin/users")


async def test_a_form_from_another_site_is_refused_even_with_the_token(login: Login) -> None:
    person = await login("secadmin")
    form = {"csrf": token_in(await person.page("/admin/users")), "name": "mallory", "role": "editor"}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        assert (await person.client.post("/admin/users", data=form, headers=headers)).status == 403


async def test_signing_out_ends_the_session_on_the_server(login: Login) -> None:
    person = await login("editor")
    cookies = {c.key: c.value for c in person.client.session.cookie_jar}
    assert (await person.post("/logout")).status == 303
    again = await person.client.get("/account", cookies=cookies, allow_redirects=False)
    assert again.status == 303


async def test_a_disabled_account_is_out_at_once(login: Login, house: House) -> None:
    person = await login("editor")
    async with house.db.write() as session:
        await accounts.disable(house.ctx, session, person.user_id, SERVICE)
    assert (await person.get("/account", allow_redirects=False)).status == 303


async def test_a_set_up_link_works_once(login: Login, anybody: TestClient[Any, Any]) -> None:
    chief = await login("secadmin")
    made = await chief.post("/admin/users", {"name": "xiaoli", "role": "editor"}, on="/admin/users")
    link = (await made.text()).split("/setup/")[1].split("<")[0].strip()
    html = await (await anybody.get(f"/setup/{link}")).text()
    form = {"csrf": token_in(html), "password": PASSWORD, "repeat": PASSWORD}
    assert (await anybody.post(f"/setup/{link}", data=form, allow_redirects=False)).status == 303
    assert (await anybody.post(f"/setup/{link}", data=form, allow_redirects=False)).status == 404
    assert (await sign_in(anybody, "xiaoli", PASSWORD)).status == 303
