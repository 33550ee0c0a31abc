"""Keeping the house over the API: sources, channels, accounts, the log; and lists that end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from aiohttp.test_utils import TestClient

from service.house import House
from service.store.tables import Channel
from tests.web.api.conftest import API, SignIn

OPML = """<opml version="2.0"><body>
<outline text="本地新闻" xmlUrl="https://example.org/news.xml"/><outline text="没有地址"/>
</body></opml>"""


async def test_a_source_is_registered_once_changed_and_paused(program: SignIn) -> None:
    editor = await program("editor")
    made = await editor.post("/sources", {"url": "https://example.org/feed.xml", "title": "本地"}, 201)
    again = await editor.post("/sources", {"url": "https://example.org/feed.xml"}, 409)
    assert again["type"] == "duplicate_source"
    changes = {"title": "宜春本地", "authority": True, "version": made["version"]}
    changed = await editor.send("PATCH", f"/sources/{made['id']}", changes)
    assert (await changed.json())["authority"] is True
    late = await editor.send("PATCH", f"/sources/{made['id']}", changes)
    assert (late.status, (await late.json())["type"]) == (409, "stale_version")
    assert (await editor.post(f"/sources/{made['id']}/pause"))["enabled"] is False
    assert (await editor.get(f"/sources/{made['id']}"))["title"] == "宜春本地"


async def test_a_list_of_feeds_is_told_line_by_line(program: SignIn) -> None:
    editor = await program("editor")
    headers = {"X-CSRF-Token": editor.csrf, "Content-Type": "text/x-opml"}
    answer = await editor.client.post(f"{API}/sources/import", data=OPML.encode(), headers=headers)
    assert answer.status == 200
    told = await answer.json()
    assert (told["added"], [line["outcome"] for line in told["lines"]]) == (1, ["added"])
    refused = await editor.send("POST", "/sources/import", {"opml": "x"})
    assert refused.status == 415


async def test_a_channels_secret_is_told_once_and_its_address_masked(program: SignIn, house: House) -> None:
    admin = await program("sysadmin")
    new = {"name": "县融媒", "kind": "webhook", "url": "https://example.org/hook/abcdefghijklmnopqrstu"}
    made = await admin.post("/channels", new, 201)
    assert made["secret"]
    listed = await admin.get("/channels")
    assert made["secret"] not in str(listed)
    assert "abcdefghijklmnopqrstu" not in str(listed)
    path = f"/channels/{made['channel']['id']}"
    assert (await admin.post(f"{path}/disable", {"reason": "维护"}))["enabled"] is False
    assert (await admin.post(f"{path}/enable"))["enabled"] is True
    async with house.db.read() as session:
        kept = await session.get(Channel, UUID(made["channel"]["id"]))
    assert kept is not None
    assert made["secret"].encode() not in (kept.secret or b"")


async def test_an_account_is_made_disabled_and_out_at_once(
    program: SignIn, anybody: TestClient[Any, Any]
) -> None:
    chief, editor = await program("secadmin"), await program("editor")
    made = await chief.post("/users", {"name": "xiaowang", "roles": ["issuer"]}, 201)
    assert "/setup/" in made["setup_url"]
    bad = await chief.post("/users", {"name": "mallory", "roles": ["auditor", "editor"]}, 422)
    assert bad["code"] == "bad_roles"
    assert (await editor.get("/session"))["roles"] == ["editor"]
    await chief.post(f"/users/{editor.user_id}/disable", {"reason": "离职"})
    assert (await editor.get("/session", 401))["type"] == "not_signed_in"
    listed = await chief.get("/users")
    assert {one["name"] for one in listed["items"]} >= {"xiaowang", "editor-1"}
    assert "password_hash" not in str(listed)
