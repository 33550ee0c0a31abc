"""A page whose work this process cannot do says so calmly; it does not break."""

from __future__ import annotations

from content.permissions import Actor
from service.house import House
from service.usecases import channels
from tests.web.conftest import Login


async def test_a_feed_is_not_looked_for_where_nothing_is_fetched(login: Login) -> None:
    admin = await login("sysadmin")
    answer = await admin.post("/admin/sources", {"url": "https://feeds.example.org/"})
    assert answer.status == 503
    assert answer.headers["Retry-After"]


async def test_a_channel_is_not_tried_where_nothing_is_sent(
    house: House, login: Login, sysadmin: Actor
) -> None:
    async with house.db.write() as session:
        channel, _ = await channels.add(
            house.ctx, session, "对接", "webhook", "https://hook.example.org/", sysadmin
        )
    admin = await login("sysadmin")
    answer = await admin.post(f"/admin/channels/{channel.id}/test")
    assert answer.status == 503


async def test_the_exported_list_of_sources_says_in_which_charset_it_is(login: Login) -> None:
    admin = await login("sysadmin")
    answer = await admin.get("/admin/sources/export.opml")
    assert answer.headers["Content-Type"] == "text/x-opml; charset=utf-8"
    assert (await answer.read()).startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
